import { type Outcome, worstOutcome } from '../../src/outcomes.ts';
import { messageOf } from '../../src/report/message.ts';
import type { CrawlResult, RunResult } from '../../src/result.ts';
import { DATASOURCE_ID, facts } from './crawl-builders.ts';

/** A crawl that succeeded. */
export function crawlReport(overrides: Partial<CrawlResult> = {}): CrawlResult {
  return {
    datasourceId: DATASOURCE_ID,
    jobId: '5d2f0c1a-7f7b-4a51-8f6c-0a4b1c2d3e4f',
    found: false,
    verdict: {
      outcome: 'succeeded',
      reason: 'The crawl succeeded in 20m: 800 pages, 22 changed',
      standsAlone: true,
    },
    facts: facts(),
    job: undefined,
    datasource: undefined,
    rules: [],
    samples: [],
    ...overrides,
  };
}

/** The run that had these crawls. */
export function runReport(
  crawls: readonly CrawlResult[] = [crawlReport()],
  { tolerated = new Set(), ...overrides }: Partial<RunResult> = {},
): RunResult {
  const outcome = worstOutcome(
    crawls.map(({ verdict }) => verdict.outcome),
    tolerated,
  );
  const report = { outcome, problems: [], tolerated, crawls, requests: 12, waitedMs: 180_000 };
  return { ...report, message: messageOf(report), ...overrides };
}

/** The n-th of many UUIDs. */
export function idOf(n: number): string {
  return `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
}

/** A crawl that ended so, by the number of its datasource and job. */
export function crawlThat(
  outcome: Outcome,
  n = 1,
  overrides: Partial<CrawlResult> = {},
): CrawlResult {
  return crawlReport({
    datasourceId: idOf(n),
    jobId: idOf(1_000 + n),
    verdict: { outcome, reason: `Reason of crawl ${n}` },
    ...overrides,
  });
}
