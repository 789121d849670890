import * as z from 'zod/mini';
import { outcomes } from '../outcomes.ts';

// The shape of the output `result` (contract, section Outputs). `npm run result-schema` writes it to
// docs/result.schema.json; the bundle has only its types.

const outcome = z.enum(outcomes as [string, ...string[]]);
const pages = z.int().check(z.minimum(0));

const rule = z.object({
  rule: z.string(),
  level: z.enum(['require', 'warn']),
  holds: z.boolean(),
  /** What was found, or `unknown: …` with the reason. */
  actual: z.string(),
});

const timelinePoint = z.object({
  /** ISO 8601, by the API's clock. */
  at: z.string(),
  status: z.string(),
  completed_pages: pages,
  total_pages: z.nullable(pages),
});

/** Where `result` would be larger than 64 KiB, everything but the ids and the outcome can be missing. */
const crawl = z.object({
  datasource_id: z.string(),
  job_id: z.nullable(z.string()),
  outcome,
  message: z.optional(z.string()),
  /** Every field of the API's last response about the job, by its own name. */
  job: z.optional(z.nullable(z.record(z.string(), z.unknown()))),
  rules: z.optional(z.array(rule)),
  timeline: z.optional(z.array(timelinePoint)),
});

/** The output `result`, once its JSON is parsed. */
export const resultSchema = z.object({
  outcome,
  message: z.string(),
  requests: pages,
  waited_seconds: z.number().check(z.minimum(0)),
  crawls: z.array(crawl),
});

/** The output `result`. */
export type Result = z.infer<typeof resultSchema>;
/** One crawl of it. */
export type ResultCrawl = z.infer<typeof crawl>;
/** A sample as the output names its fields. */
export type TimelinePoint = z.infer<typeof timelinePoint>;
