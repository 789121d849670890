import { between, type CrawlFacts, changedPages } from '../crawl.ts';
import { roughDuration } from '../duration.ts';
import type { Verdict } from '../outcomes.ts';
import { printCount } from '../page-count.ts';
import { type EvaluatedRule, requiresFreshCrawl, sayFound } from '../rules/metrics.ts';

/** The verdict on a crawl that has ended, before any rule (contract, section Outcomes). */
export function verdictOf(crawl: CrawlFacts): Verdict {
  const message = crawl.error_message;
  const quote = message === null || message === '' ? {} : { quote: message };
  if (crawl.status === 'cancelled') {
    return { outcome: 'cancelled', reason: 'The crawl was cancelled in OpenCX', ...quote };
  }
  if (crawl.status === 'failed') {
    const reason = message ? 'The crawl failed' : 'The crawl failed, and OpenCX does not say why';
    return { outcome: 'failed', reason, ...quote };
  }
  if (message !== null) {
    const reason =
      message === ''
        ? 'The crawl ended with an error whose message is empty'
        : 'The crawl ended with an error';
    return { outcome: 'failed', reason, ...quote };
  }
  const seen = [crawl.completed_pages, crawl.new_pages, crawl.updated_pages, crawl.unchanged_pages];
  if (seen.every((pages) => pages === 0)) {
    return { outcome: 'empty', reason: 'The crawl ended without having seen a single page' };
  }
  return { outcome: 'succeeded', reason: describeSuccess(crawl) };
}

/** The verdict on a crawl that finished well, when its rules have been judged. */
export function applyRules(well: Verdict, rules: readonly EvaluatedRule[]): Verdict {
  const required = rules.filter(({ rule }) => rule.level === 'require');
  const broken = required.filter(({ met }) => !met);
  const [first] = broken;
  if (first === undefined) return well;
  const others = broken.length - 1;
  const more =
    others === 0
      ? ''
      : `; ${others} more ${others === 1 ? 'rule does' : 'rules do'} not hold either`;
  const fix = fixFor(first);
  return {
    outcome: 'rejected',
    reason: `The crawl finished, but "${first.rule.text}" does not hold${sayFound(first)}${more}`,
    ...(fix === undefined ? {} : { fix }),
  };
}

/** What helps where the website needs no change. */
function fixFor({ rule, actual }: EvaluatedRule): string | undefined {
  if (actual.startsWith('unknown: ')) {
    return actual.includes('last finished crawl')
      ? 'A rule on something unknown does not hold: change the rule, or start the crawl before this step, so that everything about it is known.'
      : 'A rule on something unknown does not hold: change the rule to one about something that is known.';
  }
  return requiresFreshCrawl(rule)
    ? 'Start a new crawl before this step, or allow an older one in the rule.'
    : undefined;
}

/** The verdict on a crawl whose turn did not come before the deadline. */
export function neverChecked({ timeout }: { timeout: number }): Verdict {
  return {
    outcome: 'timed-out',
    reason: `The crawl was not looked at within the timeout of ${roughDuration(timeout)}, because many crawls share the requests of this step`,
    fix: 'Raise `timeout`, or wait for fewer crawls in one step.',
  };
}

function describeSuccess(crawl: CrawlFacts): string {
  const changed = changedPages(crawl);
  const length = between(crawl.started_at, crawl.completed_at);
  const took = length === null ? '' : ` in ${roughDuration(length)}`;
  if (crawl.completed_pages === null || changed === null) {
    return `The last crawl ended well${took}, at ${crawl.completed_at}`;
  }
  const seen = `${printCount(crawl.completed_pages)} ${crawl.completed_pages === 1 ? 'page' : 'pages'}`;
  return `The crawl succeeded${took}: ${seen}, ${changed === 0 ? 'none' : printCount(changed)} changed`;
}
