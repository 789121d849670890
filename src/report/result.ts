import { crawlJobSchema } from '../crawl/job.ts';
import { toSeconds } from '../duration.ts';
import { type CrawlReport, type RunReport, sentence } from './report.ts';

/** A workflow may pass the output on in a variable: bytes, at most (contract, section Outputs). */
export const LARGEST_RESULT = 64 * 1024;

/** What is shortened to this many characters when the result is too large. */
const SHORT_TEXT = 120;

interface ResultCrawl {
  datasource_id: string;
  job_id: string | null;
  outcome: string;
  message?: string;
  job?: Record<string, unknown> | null;
  rules?: { rule: string; level: string; holds: boolean; actual: string }[];
  timeline?: CrawlReport['timeline'];
}

interface Result {
  outcome: string;
  message: string;
  requests: number;
  waited_seconds: number;
  crawls: ResultCrawl[];
}

/** What is left out when the result is too large, in this order, until it fits. */
const CUTS: ((crawl: ResultCrawl) => ResultCrawl)[] = [
  ({ timeline = [], ...crawl }) => ({ ...crawl, timeline: ends(timeline, 20) }),
  ({ timeline = [], ...crawl }) => ({ ...crawl, timeline: ends(timeline, 2) }),
  (crawl) => shorten(crawl) as ResultCrawl,
  ({ job, ...crawl }) => ({ ...crawl, job: job ? documentedFields(job) : null }),
  ({ rules = [], ...crawl }) => ({ ...crawl, rules: rules.filter(({ holds }) => !holds) }),
  ({ timeline: _, ...crawl }) => crawl,
  ({ job: _, ...crawl }) => crawl,
  ({ rules: _, ...crawl }) => crawl,
  ({ datasource_id, job_id, outcome }) => ({ datasource_id, job_id, outcome }),
];

/** The output `result`: everything that is known, as JSON on one line. */
export function resultJson(report: RunReport): string {
  let result: Result = {
    outcome: report.outcome,
    message: report.message,
    requests: report.requests,
    waited_seconds: toSeconds(report.waitedMs),
    crawls: report.crawls.map(resultOf),
  };
  let json = JSON.stringify(result);
  for (const cut of CUTS) {
    if (Buffer.byteLength(json) <= LARGEST_RESULT) break;
    result = { ...result, crawls: result.crawls.map(cut) };
    json = JSON.stringify(result);
  }
  const tooLong = Buffer.byteLength(json) - LARGEST_RESULT;
  return tooLong <= 0 ? json : JSON.stringify({ ...result, message: cut(result.message, tooLong) });
}

/** The text, shorter by so many bytes of JSON. */
function cut(text: string, bytes: number): string {
  const size = (part: string) => Buffer.byteLength(JSON.stringify(part));
  const room = size(text) - bytes - size('…');
  let kept = '';
  let used = 0;
  for (const character of text) {
    used += size(character) - 2;
    if (used > room) break;
    kept += character;
  }
  return `${kept}…`;
}

function resultOf(crawl: CrawlReport): ResultCrawl {
  return {
    datasource_id: crawl.datasourceId,
    job_id: crawl.jobId ?? null,
    outcome: crawl.verdict.outcome,
    message: sentence(crawl.verdict),
    job: crawl.job ?? null,
    rules: crawl.rules.map(({ rule, holds, actual }) => ({
      rule: rule.text,
      level: rule.level,
      holds,
      actual,
    })),
    timeline: crawl.timeline,
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
