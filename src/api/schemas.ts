import * as z from 'zod/mini';
import { type CrawlFacts, uuid } from '../crawl.ts';
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

/** The facts of a crawl whose job was read. */
export function factsOfJob(job: CrawlJob): CrawlFacts {
  return { ...job, status: job.status.toLowerCase() };
}

/**
 * The datasource's last finished crawl, as far as the datasource tells of it
 * (contract, section Finding the crawl); `undefined` when none has finished yet.
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
