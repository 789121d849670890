import { changedPages } from '../crawl.ts';
import { outcomeTitle, sentence } from '../outcomes.ts';
import { printCount } from '../page-count.ts';
import { decidingCrawl, isGreen, type RunResult, totalOf } from '../result.ts';

/** The run in one sentence: that of its only crawl, or what can be said of all of them. */
export function messageOf(report: Omit<RunResult, 'message'>): string {
  const { crawls } = report;
  const deciding = decidingCrawl(report);
  if (deciding === undefined) return '';
  if (crawls.length === 1) return sentence(deciding.verdict);

  return deciding.verdict.outcome === 'succeeded'
    ? `${howMany(report)}.`
    : `${howMany(report)}. Datasource ${deciding.datasourceId}: ${sentence(deciding.verdict)}`;
}

/** What heads the summary and the comment, in our own words. */
export function headline(report: RunResult): string {
  const { outcome, crawls } = report;
  // How many crawls there are of each kind says itself what is tolerated.
  if (crawls.length > 1) return howMany(report);
  const tolerated = outcome !== 'succeeded' && isGreen(report) ? ' (tolerated)' : '';
  const verdict = crawls[0]?.verdict ?? report.verdict;
  return `${verdict?.standsAlone ? verdict.reason : outcomeTitle(outcome)}${tolerated}`;
}

/** How many of several crawls did not succeed, in our own words, without a full stop. */
function howMany(report: Omit<RunResult, 'message'>): string {
  const { crawls, tolerated } = report;
  const bad = crawls.filter(({ verdict }) => verdict.outcome !== 'succeeded');
  if (bad.length === 0) return `All ${crawls.length} crawls succeeded${allPages(report)}`;
  const notTolerated = bad.filter(({ verdict }) => !tolerated.has(verdict.outcome));
  return isGreen(report)
    ? `${bad.length} of ${crawls.length} crawls did not succeed (tolerated)`
    : `${notTolerated.length} of ${crawls.length} crawls did not pass`;
}

function allPages({ crawls }: Omit<RunResult, 'message'>): string {
  const completed = totalOf(crawls, (crawl) => crawl.completed_pages);
  const changed = totalOf(crawls, changedPages);
  if (completed === null || changed === null) return '';
  return `: ${printCount(completed)} pages, ${printCount(changed)} changed`;
}
