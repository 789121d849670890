import type { CrawlFacts, Datasource } from '../crawl/job.ts';
import type { TimelinePoint } from '../crawl/timeline.ts';
import { type Outcome, outcomeRemedy } from '../outcome.ts';
import type { JudgedRule } from '../rules/rule.ts';

/** How one crawl ended, and why. */
export interface Verdict {
  outcome: Outcome;
  /** The reason in the gate's own words, without a full stop: safe in any place. */
  reason: string;
  /** What the API said, cleaned but still foreign; it may have several lines. */
  quote?: string;
  /** What to do now, where the outcome's own remedy does not fit the case. */
  remedy?: string;
}

/** All that is known of one crawl when its wait is over. */
export interface CrawlReport {
  datasourceId: string;
  /** `undefined` when the job was never found. */
  jobId: string | undefined;
  /** The job was found through the datasource (`job-id: active`). */
  found: boolean;
  verdict: Verdict;
  /** The last usable answer, or what the datasource tells of its last finished crawl. */
  facts: CrawlFacts | undefined;
  /** Every field of the last answer about the job, cleaned; `undefined` when there was none. */
  job: Record<string, unknown> | undefined;
  /** The datasource, when it was read. */
  datasource: Datasource | undefined;
  rules: readonly JudgedRule[];
  timeline: readonly TimelinePoint[];
}

/** The whole run, as every report tells it. */
export interface RunReport {
  outcome: Outcome;
  /** The outcome in one sentence, on one line; parts of it may be foreign. */
  message: string;
  /** What is wrong with the inputs, each problem with its remedy; parts of it may be foreign. */
  problems: readonly string[];
  /** The input `tolerate`. */
  tolerated: ReadonlySet<Outcome>;
  /** In the order of the input; none when the inputs were refused. */
  crawls: readonly CrawlReport[];
  requests: number;
  /** Milliseconds from the first request to the last answer. */
  waitedMs: number;
}

/** Whether the step ends green: the crawl succeeded, or its outcome is tolerated. */
export function isGreen({ outcome, tolerated }: Pick<RunReport, 'outcome' | 'tolerated'>): boolean {
  return outcome === 'succeeded' || tolerated.has(outcome);
}

/** The verdict as one sentence on one line. */
export function sentence({ reason, quote }: Verdict): string {
  const said = quote === undefined ? '' : quote.replace(/\s+/g, ' ').trim();
  return said === '' ? `${reason}.` : `${reason}: ${said}${/[.!?…]$/.test(said) ? '' : '.'}`;
}

/** The first crawl that has the run's outcome; `undefined` when there was none to watch. */
export function decidingCrawl({
  crawls,
  outcome,
}: Pick<RunReport, 'crawls' | 'outcome'>): CrawlReport | undefined {
  return crawls.find(({ verdict }) => verdict.outcome === outcome);
}

/** What to do now: fitted to the case, else what helps with the outcome; empty for `succeeded`. */
export function remedyOf(report: Pick<RunReport, 'crawls' | 'outcome'>): string {
  return decidingCrawl(report)?.verdict.remedy ?? outcomeRemedy(report.outcome);
}

/** A counter summed over all crawls; `null` when there are none or a part is unknown. */
export function totalOf(
  crawls: readonly CrawlReport[],
  counter: (crawl: CrawlFacts) => number | null,
): number | null {
  const counts = crawls.map(({ facts }) => (facts === undefined ? null : counter(facts)));
  if (counts.length === 0) return null;
  return counts.reduce((sum, count) => (sum === null || count === null ? null : sum + count), 0);
}
