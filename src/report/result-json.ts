import { crawlJobSchema } from '../api/schemas.ts';
import { toSeconds } from '../duration.ts';
import { sentence } from '../outcomes.ts';
import type { CrawlResult, RunResult, Sample } from '../result.ts';
import { foundOf } from '../rules/metrics.ts';
import type { Result, ResultCrawl, TimelinePoint } from './result-schema.ts';

/** A workflow might pass the output on in a variable: the most bytes (contract, section Outputs). */
export const MAX_RESULT_BYTES = 64 * 1024;

/** What is shortened to this many characters when the result is too large. */
const SHORT_TEXT = 120;

/** What is left out when the result is too large, in this order, until it fits. */
const CUTS: ((result: Result) => Result)[] = [
  fromEachCrawl(({ timeline = [], ...crawl }) => ({ ...crawl, timeline: ends(timeline, 20) })),
  fromEachCrawl(({ timeline = [], ...crawl }) => ({ ...crawl, timeline: ends(timeline, 2) })),
  (result) => shorten(result) as Result,
  fromEachCrawl(({ job, ...crawl }) => ({ ...crawl, job: job ? documentedFields(job) : null })),
  fromEachCrawl(({ rules = [], ...crawl }) => ({
    ...crawl,
    rules: rules.filter(({ holds }) => !holds),
  })),
  fromEachCrawl(({ timeline: _, ...crawl }) => crawl),
  fromEachCrawl(({ job: _, ...crawl }) => crawl),
  fromEachCrawl(({ rules: _, ...crawl }) => crawl),
  fromEachCrawl(({ datasource_id, job_id, outcome }) => ({ datasource_id, job_id, outcome })),
];

function fromEachCrawl(cut: (crawl: ResultCrawl) => ResultCrawl): (result: Result) => Result {
  return (result) => ({ ...result, crawls: result.crawls.map(cut) });
}

/** The output `result`: everything that is known, as JSON on one line. */
export function resultJson(report: RunResult): string {
  let result: Result = {
    outcome: report.outcome,
    message: report.message,
    requests: report.requests,
    waited_seconds: toSeconds(report.waitedMs),
    crawls: report.crawls.map(resultOf),
  };
  let json = JSON.stringify(result);
  for (const cut of CUTS) {
    if (Buffer.byteLength(json) <= MAX_RESULT_BYTES) break;
    result = cut(result);
    json = JSON.stringify(result);
  }
  return json;
}

function resultOf(crawl: CrawlResult): ResultCrawl {
  return {
    datasource_id: crawl.datasourceId,
    job_id: crawl.jobId ?? null,
    outcome: crawl.verdict.outcome,
    message: sentence(crawl.verdict),
    job: crawl.job ?? null,
    rules: crawl.rules.map((evaluated) => ({
      rule: evaluated.rule.text,
      level: evaluated.rule.level,
      holds: evaluated.met,
      actual: foundOf(evaluated),
    })),
    timeline: crawl.samples.map(timelinePoint),
  };
}

/** A sample as the output names it. */
export function timelinePoint({ date, status, completed, total }: Sample): TimelinePoint {
  return {
    at: new Date(date).toISOString(),
    status,
    completed_pages: completed,
    total_pages: total,
  };
}

/** The first and the last, and between them as many as `most` allows, evenly chosen. */
function ends<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  const step = (items.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => items[Math.round(index * step)] as T);
}

function shorten(value: unknown): unknown {
  if (typeof value === 'string') {
    const characters = [...value];
    return characters.length <= SHORT_TEXT
      ? value
      : `${characters.slice(0, SHORT_TEXT - 1).join('')}…`;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(shorten);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shorten(item)]));
}

function documentedFields(job: Record<string, unknown>): Record<string, unknown> {
  const documented = Object.keys(crawlJobSchema.shape);
  return Object.fromEntries(Object.entries(job).filter(([field]) => documented.includes(field)));
}
