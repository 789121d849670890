import type { Fatal, Retryable } from '../api/client.ts';
import { describeProblem, describeStatus } from '../api/problem.ts';
import { between, type CrawlFacts, changedPages, isDocumentedStatus } from '../crawl.ts';
import { roughDuration } from '../duration.ts';
import type { Verdict } from '../outcomes.ts';
import { printCount } from '../page-count.ts';
import {
  describeActual,
  type EvaluatedRule,
  requiresFreshCrawl,
  requiresLaterStart,
} from '../rules/metrics.ts';
import { describePages, describeState } from '../wording.ts';

// Every verdict of a wait, with the fix where that of the outcome does not fit the case.

/** The verdict on a crawl that has finished, before any rule (contract, section Outcomes). */
export function finishVerdict(crawl: CrawlFacts): Verdict {
  const { status, error_message: message } = crawl;
  const quote = message === null || message === '' ? {} : { quote: message };
  if (status === 'cancelled') {
    return {
      outcome: 'cancelled',
      reason: 'The crawl was canceled in OpenCX',
      standsAlone: true,
      ...quote,
    };
  }
  if (status === 'failed' || message !== null) {
    return { outcome: 'failed', reason: failureReason(crawl), standsAlone: true, ...quote };
  }
  if (status !== undefined && !isDocumentedStatus(status)) {
    return {
      outcome: 'unrecognized',
      reason: 'The crawl finished with a status that OpenCX does not document',
      standsAlone: true,
      quote: status === '' ? '(empty)' : status,
    };
  }
  const seen = [crawl.completed_pages, crawl.new_pages, crawl.updated_pages, crawl.unchanged_pages];
  if (seen.every((pages) => pages === 0)) return noPages;
  return { outcome: 'succeeded', reason: successReason(crawl), standsAlone: true };
}

function failureReason({ status, error_message: message }: CrawlFacts): string {
  if (status === 'failed') {
    return message ? 'The crawl failed' : 'The crawl failed, and OpenCX gave no reason';
  }
  const although =
    status === 'completed'
      ? 'The crawl failed, although its status is completed'
      : 'The crawl failed';
  return message === '' ? `${although}: the error message is empty` : although;
}

/** A crawl that finished without a page, and an index without one. */
export const noPages: Verdict = {
  outcome: 'empty',
  reason: 'The crawl found no pages',
  standsAlone: true,
};

function successReason(crawl: CrawlFacts): string {
  const changed = changedPages(crawl);
  const length = between(crawl.started_at, crawl.completed_at);
  const took = length === null ? '' : ` in ${roughDuration(length)}`;
  if (crawl.completed_pages === null || changed === null) {
    return `The crawl succeeded${took} and finished at ${crawl.completed_at}`;
  }
  const pages = `${printCount(crawl.completed_pages)} ${crawl.completed_pages === 1 ? 'page' : 'pages'}`;
  return `The crawl succeeded${took}: ${pages}, ${changed === 0 ? 'no changes' : `${printCount(changed)} changed`}`;
}

/** The verdict on a crawl that finished well, when its rules have been evaluated. */
export function applyRules(finished: Verdict, rules: readonly EvaluatedRule[]): Verdict {
  return rejection(rules, '') ?? finished;
}

/** A rule that can no longer be met is not waited for (contract, section As soon as it is certain). */
export function rejectedEarly(rules: readonly EvaluatedRule[]): Verdict | undefined {
  return rejection(rules, '. The crawl continues in OpenCX, but this value cannot change');
}

function rejection(rules: readonly EvaluatedRule[], addition: string): Verdict | undefined {
  const notMet = rules.filter(({ rule, met }) => rule.level === 'require' && !met);
  const [first] = notMet;
  if (first === undefined) return undefined;
  const others = notMet.length - 1;
  const more =
    others === 0 ? '' : `; ${others} other ${others === 1 ? 'rule was' : 'rules were'} not met`;
  const fix = fixForRule(first);
  return {
    outcome: 'rejected',
    reason: `The rule "${first.rule.text}" was not met: ${describeActual(first)}${more}${addition}`,
    ...(fix === undefined ? {} : { fix }),
  };
}

/** What helps where the website needs no change. */
function fixForRule({ rule, unknown }: EvaluatedRule): string | undefined {
  if (unknown === 'only-times') {
    return 'A rule whose value is unknown is never met. Pass the `job-id` of the crawl, start the crawl before this step, or move the rule to `warn`.';
  }
  if (unknown === 'impossible') {
    return 'A rule whose value is unknown is never met. Check the times of the crawl in the OpenCX dashboard.';
  }
  if (unknown !== undefined) {
    return 'A rule whose value is unknown is never met. Use a metric that OpenCX reports for this crawl, or a page count instead of a percentage.';
  }
  if (requiresLaterStart(rule)) {
    return 'Start a new crawl, or change the rule to allow an older crawl. With `job-id: active`, the step waits up to `timeout` for a crawl to start.';
  }
  return requiresFreshCrawl(rule)
    ? 'Start a new crawl before this step, or change the rule to allow an older crawl.'
    : undefined;
}

/** The crawl did not change for so long. */
export function stalled(crawl: CrawlFacts, stallTimeout: number): Verdict {
  return {
    outcome: 'stalled',
    reason: `The crawl stalled: no progress for ${roughDuration(stallTimeout)} at ${describePages(crawl)}`,
    standsAlone: true,
  };
}

/** The crawl was still running at the deadline. */
export function timedOut(crawl: CrawlFacts, timeout: number): Verdict {
  return {
    outcome: 'timed-out',
    reason: `The crawl did not finish${within(timeout)}: ${describeState(crawl)}`,
    standsAlone: true,
  };
}

/** An older crawl was active until the deadline, so the one that the rules ask for did not start. */
export function olderCrawlStillRuns(startedAt: string, timeout: number): Verdict {
  return {
    outcome: 'timed-out',
    reason: `No crawl that meets the rules started${within(timeout)}, because a crawl that started at ${startedAt} is still running`,
    fix: 'To wait for the older crawl and the one after it, increase `timeout`. If the older crawl is not needed, cancel it in the OpenCX dashboard.',
    standsAlone: true,
  };
}

function within(timeout: number): string {
  return timeout === 0 ? '' : ` within ${roughDuration(timeout)}`;
}

/** No turn came for the crawl before the deadline. */
export function neverChecked({ timeout }: { timeout: number }): Verdict {
  return {
    outcome: 'timed-out',
    reason: `The crawl was not checked within the ${roughDuration(timeout)} timeout because too many crawls share this step's request limit`,
    fix: 'Increase `timeout`, or wait for fewer crawls in one step.',
    standsAlone: true,
  };
}

/** The API knows no datasource of this ID. */
export const noDatasource: Verdict = {
  outcome: 'not-found',
  reason: 'OpenCX has no datasource with this ID',
  fix: 'Check `datasource-id`. It must be the ID of a website datasource in the organization that the API key belongs to.',
  standsAlone: true,
};

/** The datasource has no such job. */
export const noJob: Verdict = {
  outcome: 'not-found',
  reason: 'The datasource has no crawl job with this ID',
  standsAlone: true,
};

/** The job was there, and no longer exists. */
export const jobGone: Verdict = {
  outcome: 'not-found',
  reason: 'The crawl job no longer exists in OpenCX',
  fix: 'The job existed earlier in this run. Check the OpenCX dashboard, and start the crawl again if you need it.',
  standsAlone: true,
};

/** The job that the datasource calls its active crawl was never there. */
export const activeJobGone: Verdict = {
  outcome: 'not-found',
  reason: 'The datasource has an active crawl, but OpenCX has no crawl job with its ID',
  fix: 'Check the OpenCX dashboard, and start the crawl again if you need it.',
  standsAlone: true,
};

/** No crawl is active, and no rule accepts a finished one. */
export function noCrawl({ hasFinishedOne }: { hasFinishedOne: boolean }): Verdict {
  return hasFinishedOne
    ? {
        outcome: 'not-found',
        reason: 'No crawl is running, and the last one might have finished before your change',
        fix: 'Start a crawl before this step. To accept a recently finished crawl, add a rule such as `age < 2h` to `require`.',
        standsAlone: true,
      }
    : {
        outcome: 'not-found',
        reason: 'No crawl is running, and this datasource has never finished a crawl',
        fix: 'Start a crawl before this step.',
        standsAlone: true,
      };
}

/** The API gave no usable response for as long as a wait goes on without one. */
export function noUsableResponse(
  { outcome, problem }: Retryable,
  limit: { within: number } | { before: number },
): Verdict {
  const ms = 'within' in limit ? limit.within : limit.before;
  const described = describeProblem(problem);
  const howLong =
    'within' in limit ? `for ${roughDuration(ms)}` : `before the ${roughDuration(ms)} timeout`;
  const reason =
    ms === 0
      ? `No usable response from the OpenCX API: ${described}`
      : `No usable response from the OpenCX API ${howLong} (last error: ${described})`;
  const tooMany = problem.kind === 'status' && problem.status === 429;
  return { outcome, reason, standsAlone: true, ...(tooMany ? { fix: TOO_MANY_REQUESTS } : {}) };
}

const TOO_MANY_REQUESTS =
  'OpenCX limits requests per organization. Run fewer jobs with this action at the same time, list several datasources in one step, or increase `poll-interval`.';

/** The API refused the request, and another try would change nothing. */
export function refused({ outcome, status, quote }: Fatal): Verdict {
  const described = describeStatus(status);
  switch (outcome) {
    case 'unauthorized':
      return {
        outcome,
        reason: `OpenCX did not accept the API key (${described})`,
        standsAlone: true,
      };
    case 'invalid-input':
      return {
        outcome,
        reason: `The OpenCX API rejected the request (${described})`,
        ...(quote === undefined ? {} : { quote }),
        fix: 'Check `datasource-id`, `job-id`, and `api-url`. If they are correct, the API might have changed. Look for a newer version of this action.',
        standsAlone: true,
      };
    case 'invalid-response':
      return status >= 300 && status < 400
        ? {
            outcome,
            reason: `The OpenCX API returned a redirect (${described}), and this action sends the API key only to \`api-url\``,
            fix: 'Set `api-url` to the final URL, and check whether a proxy responds in place of OpenCX.',
            standsAlone: true,
          }
        : {
            outcome,
            reason: `The OpenCX API returned an undocumented status: ${described}`,
            standsAlone: true,
          };
  }
}

/** The process got this signal before the outcome was decided. */
export function workflowCancelled(signal: string): Verdict {
  return {
    outcome: 'aborted',
    reason: `The workflow was canceled (${signal}) before the crawl finished`,
    standsAlone: true,
  };
}

/** A wait that was cut short says how far the crawl had come. */
export function withState(verdict: Verdict, crawl: CrawlFacts): Verdict {
  return { ...verdict, reason: `${verdict.reason}: ${describeState(crawl)}` };
}
