import type { CrawlFacts } from '../crawl.ts';
import { commitState } from '../outcomes.ts';
import type { CommitStatus } from '../ports/github.ts';
import { isGreen, type RunResult } from '../result.ts';
import { oneLine, sanitize } from '../untrusted-text.ts';
import { describePages, describeState } from '../wording.ts';

/** The most characters of a description that GitHub takes. */
export const LONGEST_DESCRIPTION = 140;

/** How far one crawl of the step has come. */
export interface CrawlProgress {
  /** The last look; `undefined` before the first. */
  facts: CrawlFacts | undefined;
  ended: boolean;
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
  const ended = `${crawls.filter((crawl) => crawl.ended).length} of ${crawls.length} crawls ended`;
  if (first === undefined) return ended;
  const all = {
    ...first,
    // Together they go on, even if the first has ended.
    status: 'scraping',
    completed_pages: total(seen.map((facts) => facts.completed_pages ?? 0)),
    // A total that lacks a part would show more done than is.
    total_pages:
      seen.length < crawls.length ? null : total(seen.map(({ total_pages }) => total_pages)),
  };
  return `${ended}, ${describePages(all)}`;
}

function total(counts: readonly (number | null)[]): number | null {
  return counts.reduce((sum, next) => (sum === null || next === null ? null : sum + next), 0);
}

function describe(text: string): string {
  // GitHub refuses a description that has a character of four bytes.
  const plain = text.replace(/[\u{10000}-\u{10FFFF}]/gu, '?');
  return sanitize(oneLine(plain), [], LONGEST_DESCRIPTION);
}
