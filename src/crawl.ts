import { sumCounts } from './page-count.ts';

/** A UUID as the API's path parameters want it (API reference, one crawl job). */
export const uuid =
  /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff)$/i;

/** Whether the text is a UUID as the API's path parameters want it. */
export function isUuid(text: string): boolean {
  return uuid.test(text);
}

/** UUIDs are compared without regard to case (contract, section Inputs). */
export function sameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** What is known of a crawl; a crawl known only through its datasource lacks most of it. */
export interface CrawlFacts {
  /** In lower case; `undefined` when only the datasource told of the crawl. */
  status: string | undefined;
  total_pages: number | null;
  completed_pages: number | null;
  new_pages: number | null;
  updated_pages: number | null;
  removed_pages: number | null;
  unchanged_pages: number | null;
  error_message: string | null;
  created_at: string | null;
  started_at: string | null;
  completed_at: string | null;
  updated_at: string | null;
}

/** The statuses that the API documents (API reference, one crawl job), and whether they are final. */
const STATUSES: ReadonlyMap<string, { final: boolean }> = new Map([
  ['pending', { final: false }],
  ['scraping', { final: false }],
  ['completed', { final: true }],
  ['failed', { final: true }],
  ['cancelled', { final: true }],
]);

/** The statuses of a crawl that the API documents. */
export const documentedStatuses: readonly string[] = [...STATUSES.keys()];

/** Whether the status is one of these. */
export function isDocumentedStatus(status: string): boolean {
  return STATUSES.has(status);
}

/** Whether the status alone says that the crawl has finished, whatever its case. */
export function isFinishedStatus(status: string): boolean {
  return STATUSES.get(status.toLowerCase())?.final ?? false;
}

/** Contract, section When a crawl has finished. */
export function hasFinished({ status = '', completed_at }: CrawlFacts): boolean {
  return STATUSES.get(status)?.final ?? completed_at !== null;
}

/** Pages that the crawl added, updated or removed; `null` while unknown. */
export function changedPages(crawl: CrawlFacts): number | null {
  return sumCounts([crawl.new_pages, crawl.updated_pages, crawl.removed_pages]);
}

/**
 * Pages that are known to be gone; `null` while unknown. A crawl that was cut short has not compared
 * every page, so its 0 says nothing.
 */
export function removedForSure({ status, removed_pages: removed }: CrawlFacts): number | null {
  return removed === 0 && status !== 'completed' ? null : removed;
}

/** Pages that were known before the crawl; `null` while unknown. */
export function knownBefore(crawl: CrawlFacts): number | null {
  return sumCounts([crawl.unchanged_pages, crawl.updated_pages, crawl.removed_pages]);
}

/**
 * Milliseconds from one time of the API to another; `null` when one is unknown, or when they are
 * the wrong way round and so belong to no one crawl.
 */
export function between(from: string | null, to: string | null): number | null {
  if (from === null || to === null) return null;
  const length = Date.parse(to) - Date.parse(from);
  return length < 0 ? null : length;
}

/** Milliseconds since 1970 of a time of the API; `null` when it is unknown. */
export function timeOf(instant: string | null): number | null {
  return instant === null ? null : Date.parse(instant);
}
