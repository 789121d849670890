import * as z from 'zod/mini';
import { type CrawlFacts, documentedStatuses, uuid } from '../crawl.ts';
import { instant, isStandardInstant, parseInstant } from '../instant.ts';

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

const pageStats = z.looseObject({
  total: count,
  synced: count,
  pending: count,
  error: count,
  excluded: count,
});

/** The datasource's index (API reference, GET /crawl/{id}): pages. */
export type PageStats = z.infer<typeof pageStats>;
/** One of its documented counters. */
export type IndexCounter = keyof typeof pageStats.shape;

const activeJob = z.looseObject({
  id: text.check(z.regex(uuid)),
  status: text,
  started_at: z.nullable(instant),
});

const datasourceFields = {
  id: text,
  url: z.nullish(text),
  display_name: z.nullish(text),
  error_message: z.nullable(text),
  last_crawl_started_at: z.nullable(instant),
  last_crawl_completed_at: z.nullable(instant),
  active_crawl_job: z.nullish(activeJob),
};

/** API reference, GET /crawl/{id}: only the fields that are read. */
export const datasourceSchema = z.looseObject({
  ...datasourceFields,
  page_stats: z.nullish(pageStats),
});

/** The same, where a rule needs `page_stats`. */
export const datasourceWithPageStatsSchema = z.looseObject({
  ...datasourceFields,
  page_stats: pageStats,
});

/** The names of all fields that are read, and the statuses of a crawl. */
export const documentedWords: ReadonlySet<string> = new Set([
  ...[crawlJobSchema, datasourceSchema, pageStats, activeJob].flatMap((schema) =>
    Object.keys(schema.shape),
  ),
  ...documentedStatuses,
]);

/** A website datasource as the API tells it. */
export type Datasource = z.infer<typeof datasourceSchema>;
/** A website datasource whose index is known. */
export type DatasourceWithPageStats = z.infer<typeof datasourceWithPageStatsSchema>;

/** The facts of a crawl whose job was read. */
export function factsOfJob(job: CrawlJob): CrawlFacts {
  return {
    ...job,
    status: job.status.toLowerCase(),
    created_at: standard(job.created_at),
    started_at: standard(job.started_at),
    completed_at: standard(job.completed_at),
    updated_at: standard(job.updated_at),
  };
}

/** The crawl that the datasource calls active. */
export function activeJobOf({ active_crawl_job: active }: Datasource) {
  return active ? { ...active, started_at: standard(active.started_at) } : undefined;
}

/**
 * The datasource's last finished crawl, as far as the datasource tells of it
 * (contract, section Finding the crawl); `undefined` when none has finished yet.
 */
export function lastFinishedCrawl(datasource: Datasource): CrawlFacts | undefined {
  const completed = standard(datasource.last_crawl_completed_at);
  if (completed === null) return undefined;
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
    started_at: newerCrawlStarted(datasource) ? null : standard(datasource.last_crawl_started_at),
    completed_at: completed,
    updated_at: null,
  };
}

/**
 * Whether the datasource's last start belongs to another crawl than its last completion: a newer
 * one, which has not finished (contract, section Finding the crawl).
 */
export function newerCrawlStarted({
  last_crawl_started_at: started,
  last_crawl_completed_at: completed,
}: Datasource): boolean {
  if (started === null || completed === null) return false;
  return (parseInstant(started) ?? 0) > (parseInstant(completed) ?? 0);
}

/** A time as the API gave it, or where `Date` might not read that (`+0000`, `t`), in its standard form. */
function standard<T extends string | null>(time: T): T {
  if (time === null || isStandardInstant(time)) return time;
  const at = parseInstant(time);
  return at === undefined ? time : (new Date(at).toISOString() as T);
}
