import type { Datasource } from './api/schemas.ts';
import { type CrawlFacts, sameId } from './crawl.ts';
import { type Outcome, outcomeFix, type Verdict } from './outcomes.ts';
import { sumCounts } from './page-count.ts';
import type { EvaluatedRule } from './rules/metrics.ts';

/** What one response said of a crawl. */
export interface Sample {
  /** `Clock.elapsed()` milliseconds when the response came. */
  at: number;
  /** Milliseconds of `at` that passed without a usable response (contract, input `stall-timeout`). */
  lostMs: number;
  /** The API's clock at that moment: milliseconds since 1970. */
  date: number;
  /** In lower case. */
  status: string;
  /** Pages; `null` while the crawl does not know. */
  total: number | null;
  completed: number;
  added: number;
  updated: number;
  removed: number;
  unchanged: number;
  /** What the job says of itself: milliseconds since 1970, `null` when it does not say. */
  startedAt: number | null;
  updatedAt: number | null;
}

/** All that is known of one crawl when its wait is over. */
export interface CrawlResult {
  datasourceId: string;
  /** `undefined` when the job was never found. */
  jobId: string | undefined;
  /** The job was found through the datasource (`job-id: active`). */
  found: boolean;
  verdict: Verdict;
  /** The last usable response, or what the datasource tells of its last finished crawl. */
  facts: CrawlFacts | undefined;
  /** Every field of the last response about the job, cleaned; `undefined` when there was none. */
  job: Record<string, unknown> | undefined;
  /** The datasource, when it was read. */
  datasource: Datasource | undefined;
  rules: readonly EvaluatedRule[];
  /** The history of the wait, the oldest first, bounded (`wait/history.ts`). */
  samples: readonly Sample[];
}

/** The whole run, as every report tells it. */
export interface RunResult {
  outcome: Outcome;
  /** The outcome in one sentence, on one line; parts of it are untrusted text. */
  message: string;
  /** How a run without crawls ended. */
  verdict?: Verdict;
  /** What is wrong with the inputs, each problem with its remedy; parts of it are untrusted text. */
  problems: readonly string[];
  /** The input `tolerate`. */
  tolerated: ReadonlySet<Outcome>;
  /** In the order of the input; none when the inputs were invalid. */
  crawls: readonly CrawlResult[];
  requests: number;
  /** Milliseconds from the first request to the last response. */
  waitedMs: number;
}

/** Whether the step ends green: the crawl succeeded, or its outcome is tolerated. */
export function isGreen({ outcome, tolerated }: Pick<RunResult, 'outcome' | 'tolerated'>): boolean {
  return outcome === 'succeeded' || tolerated.has(outcome);
}

/** The first crawl that has the run's outcome; `undefined` when there was none to watch. */
export function decidingCrawl({
  crawls,
  outcome,
}: Pick<RunResult, 'crawls' | 'outcome'>): CrawlResult | undefined {
  return crawls.find(({ verdict }) => verdict.outcome === outcome);
}

/** What to do now: fitted to the case, else what helps with the outcome; empty for `succeeded`. */
export function fixOf(result: Pick<RunResult, 'crawls' | 'outcome' | 'verdict'>): string {
  const { fix } = decidingCrawl(result)?.verdict ?? result.verdict ?? {};
  return fix ?? outcomeFix(result.outcome);
}

/**
 * A counter summed over all crawls; `null` when there are none or a part is unknown. A crawl counts
 * once: `active` can find one that another line names by its ID.
 */
export function totalOf(
  crawls: readonly CrawlResult[],
  counter: (crawl: CrawlFacts) => number | null,
): number | null {
  const counts = crawls
    .filter((crawl, index) => crawls.findIndex((other) => isSameCrawl(crawl, other)) === index)
    .map(({ facts }) => (facts === undefined ? null : counter(facts)));
  return counts.length === 0 ? null : sumCounts(counts);
}

function isSameCrawl(one: CrawlResult, other: CrawlResult): boolean {
  if (one === other) return true;
  if (one.jobId === undefined || other.jobId === undefined) return false;
  return sameId(one.jobId, other.jobId) && sameId(one.datasourceId, other.datasourceId);
}
