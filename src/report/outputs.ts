import { between, changedPages, hasFinished } from '../crawl.ts';
import { toSeconds } from '../duration.ts';
import { type CrawlResult, decidingCrawl, type RunResult, totalOf } from '../result.ts';
import { oneLine } from '../untrusted-text.ts';
import { resultJson } from './result-json.ts';

type Counter =
  | 'total_pages'
  | 'completed_pages'
  | 'new_pages'
  | 'updated_pages'
  | 'removed_pages'
  | 'unchanged_pages';

/**
 * Every output of `action.yml` with its value; what is not known is empty (contract, section
 * Outputs). All of them are on one line, so that a step which prints or exports one cannot be
 * made to do more than that.
 */
export function outputsOf(report: RunResult): Record<string, string> {
  const { crawls } = report;
  const facts = decidingCrawl(report)?.facts;
  const sum = (counter: Counter) => text(totalOf(crawls, (crawl) => crawl[counter]));
  const duration = between(facts?.started_at ?? null, facts?.completed_at ?? null);
  return {
    outcome: report.outcome,
    message: report.message,
    status: oneLine(facts?.status ?? ''),
    'datasource-id': crawls.map(({ datasourceId }) => datasourceId).join('\n'),
    'job-id': crawls.map(({ jobId }) => jobId ?? '').join('\n'),
    'total-pages': sum('total_pages'),
    'completed-pages': sum('completed_pages'),
    'new-pages': sum('new_pages'),
    'updated-pages': sum('updated_pages'),
    'removed-pages': sum('removed_pages'),
    'unchanged-pages': sum('unchanged_pages'),
    changed: changed(crawls),
    'error-message': oneLine(facts?.error_message ?? ''),
    'created-at': facts?.created_at ?? '',
    'started-at': facts?.started_at ?? '',
    'completed-at': facts?.completed_at ?? '',
    'updated-at': facts?.updated_at ?? '',
    'duration-seconds': duration === null ? '' : text(toSeconds(duration)),
    'waited-seconds': text(toSeconds(report.waitedMs)),
    requests: text(report.requests),
    result: resultJson(report),
  };
}

/** `true` as soon as a page changed; `false` only when every crawl finished and changed none. */
function changed(crawls: readonly CrawlResult[]): string {
  const counts = crawls.map(({ facts }) => (facts === undefined ? null : changedPages(facts)));
  if (counts.some((pages) => pages !== null && pages > 0)) return 'true';
  const allFinished = crawls.every(({ facts }) => facts !== undefined && hasFinished(facts));
  return counts.length > 0 && allFinished && !counts.includes(null) ? 'false' : '';
}

function text(value: number | null): string {
  return value === null ? '' : String(value);
}
