import type { CrawlFacts } from '../../src/crawl.ts';
import { worstOutcome } from '../../src/outcomes.ts';
import { messageOf } from '../../src/report/message.ts';
import type { CrawlResult, RunResult } from '../../src/result.ts';
import type { EvaluatedRule } from '../../src/rules/metrics.ts';

/** The datasource of `crawlReport`. */
export const DATASOURCE = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
/** Another one. */
export const OTHER_DATASOURCE = '7b1f7d2e-9a55-4b0e-9d0c-1f6a2c3d4e5f';

/** A crawl of 800 pages that has finished. */
export function facts(overrides: Partial<CrawlFacts> = {}): CrawlFacts {
  return {
    status: 'completed',
    total_pages: 800,
    completed_pages: 800,
    new_pages: 6,
    updated_pages: 12,
    removed_pages: 4,
    unchanged_pages: 778,
    error_message: null,
    created_at: '2026-11-23T10:00:00.000Z',
    started_at: '2026-11-23T10:00:05.000Z',
    completed_at: '2026-11-23T10:03:05.000Z',
    updated_at: '2026-11-23T10:03:05.000Z',
    ...overrides,
  };
}

/** A crawl that succeeded. */
export function crawlReport(overrides: Partial<CrawlResult> = {}): CrawlResult {
  return {
    datasourceId: DATASOURCE,
    jobId: '5d2f0c1a-7f7b-4a51-8f6c-0a4b1c2d3e4f',
    found: false,
    verdict: {
      outcome: 'succeeded',
      reason: 'The crawl succeeded in 3m: 800 pages, 22 changed',
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

/** A rule that does not hold. */
export function brokenRule(text: string, actual: string): EvaluatedRule {
  return {
    rule: {
      text,
      level: 'require',
      metric: 'removed_pages',
      operator: '<=',
      value: { kind: 'count', count: 0 },
    },
    met: false,
    actual,
  };
}
