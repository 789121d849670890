import * as z from 'zod/mini';
import { instant } from '../instant.ts';

const count = z.int().check(z.minimum(0));
const text = z.string();

/** API reference, GET /crawl/{id}/crawls/{jobId}; fields that it does not name are kept. */
export const crawlJobSchema = z.looseObject({
  id: text,
  datasource_id: text,
  status: text,
  started_at: z.nullable(instant),
  completed_at: z.nullable(instant),
  total_pages: z.nullable(count),
  completed_pages: count,
  new_pages: count,
  updated_pages: count,
  removed_pages: count,
  unchanged_pages: count,
  error_message: z.nullable(text),
  created_at: instant,
  updated_at: instant,
});

/** A crawl job as the API tells it. Counters are pages, times ISO 8601. */
export type CrawlJob = z.infer<typeof crawlJobSchema>;

const uuid =
  /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff)$/i;

/** Whether the text is a UUID as the API's path parameters want it. */
export function isUuid(text: string): boolean {
  return uuid.test(text);
}

/** UUIDs are compared without regard to case (contract, section Inputs). */
export function sameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** API reference, GET /crawl/{id}: only the fields that the gate reads. */
export const datasourceSchema = z.looseObject({
  id: text,
  url: text,
  display_name: z.nullish(text),
  error_message: z.nullable(text),
  last_crawl_started_at: z.nullable(instant),
  last_crawl_completed_at: z.nullable(instant),
  page_stats: z.looseObject({
    total: count,
    synced: count,
    pending: count,
    error: count,
    excluded: count,
  }),
  active_crawl_job: z.nullish(
    z.looseObject({
      id: text.check(z.regex(uuid)),
      status: text,
      started_at: z.nullable(instant),
    }),
  ),
});

/** A website datasource as the API tells it. */
export type Datasource = z.infer<typeof datasourceSchema>;

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

/** The facts of a crawl whose job was read. */
export function factsOfJob(job: CrawlJob): CrawlFacts {
  return { ...job, status: job.status.toLowerCase() };
}

/**
 * The datasource's last finished crawl, as far as the datasource tells of it
 * (contract, section Finding the job); `undefined` when none has finished yet.
 */
export function lastFinishedCrawl(datasource: Datasource): CrawlFacts | undefined {
  const completed = datasource.last_crawl_completed_at;
  if (completed === null) return undefined;
  const started = datasource.last_crawl_started_at;
  return {
    status: undefined,
    total_pages: null,
    completed_pages: null,
    new_pages: null,
    updated_pages: null,
    removed_pages: null,
    unchanged_pages: null,
    error_message: datasource.error_message,
    created_at: null,
    // A later start is that of a crawl which has not finished.
    started_at: started !== null && Date.parse(started) <= Date.parse(completed) ? started : null,
    completed_at: completed,
    updated_at: null,
  };
}

const DOCUMENTED = ['pending', 'scraping', 'completed', 'failed', 'cancelled'];

/** Whether the status is one of the five that the API documents. */
export function isDocumentedStatus(status: string): boolean {
  return DOCUMENTED.includes(status);
}

/** Contract, section When a crawl has ended. */
export function hasEnded({ status, completed_at }: CrawlFacts): boolean {
  if (status === 'completed' || status === 'failed' || status === 'cancelled') return true;
  return completed_at !== null && status !== 'pending' && status !== 'scraping';
}

/** Pages that the crawl added, updated or removed; `null` while unknown. */
export function changedPages(crawl: CrawlFacts): number | null {
  return sum(crawl.new_pages, crawl.updated_pages, crawl.removed_pages);
}

/** Pages that were known before the crawl; `null` while unknown. */
export function knownBefore(crawl: CrawlFacts): number | null {
  return sum(crawl.unchanged_pages, crawl.updated_pages, crawl.removed_pages);
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

function sum(...counts: (number | null)[]): number | null {
  return counts.reduce((total, next) => (total === null || next === null ? null : total + next), 0);
}
