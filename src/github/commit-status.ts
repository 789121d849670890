import type { CrawlFacts } from '../crawl.ts';
import { commitState } from '../outcomes.ts';
import { sumCounts } from '../page-count.ts';
import type { CommitStatus } from '../ports/github.ts';
import { isGreen, type RunResult } from '../result.ts';
import { oneLine, sanitize } from '../untrusted-text.ts';
import { describePages, describeState } from '../wording.ts';

/** Characters of a description that GitHub takes. */
const MAX_DESCRIPTION_LENGTH = 140;

/** How far one crawl of the step has come. */
export interface CrawlProgress {
  /** The last check; `undefined` before the first. */
  facts: CrawlFacts | undefined;
  finished: boolean;
}

/** While the step waits: `scraping, 312 of 800 pages`, or one line for several crawls. */
export function statusWhileWaiting(crawls: readonly CrawlProgress[]): CommitStatus {
  return { state: 'pending', description: describe(describeProgress(crawls)) };
}

/** When the outcome is decided (contract, section What people see). */
export function statusAtEnd(report: RunResult): CommitStatus {
  const { outcome, tolerated, message } = report;
  const prefix = outcome !== 'succeeded' && isGreen(report) ? 'Tolerated: ' : '';
  return { state: commitState(outcome, tolerated), description: describe(`${prefix}${message}`) };
}

function describeProgress(crawls: readonly CrawlProgress[]): string {
  const seen = crawls.map(({ facts }) => facts).filter((facts) => facts !== undefined);
  const [first] = seen;
  if (crawls.length === 1) {
    return first === undefined ? 'Waiting for the crawl' : describeState(first);
  }
  const finished = `${crawls.filter((crawl) => crawl.finished).length} of ${crawls.length} crawls finished`;
  if (first === undefined) return finished;
  const all = {
    ...first,
    // Together they are still running, even if the first has finished.
    status: 'scraping',
    completed_pages: sumCounts(seen.map((facts) => facts.completed_pages ?? 0)),
    // A total that lacks a part would show more progress than there is.
    total_pages:
      seen.length < crawls.length ? null : sumCounts(seen.map(({ total_pages }) => total_pages)),
  };
  return `${finished}, ${describePages(all)}`;
}

function describe(text: string): string {
  // GitHub refuses a description that has a character of four bytes.
  const plain = text.replace(/[\u{10000}-\u{10FFFF}]/gu, '?');
  return sanitize(oneLine(plain), [], MAX_DESCRIPTION_LENGTH);
}
