import type { Datasource } from '../../src/api/schemas.ts';
import type { Outcome } from '../../src/outcomes.ts';
import type { CrawlResult, Sample } from '../../src/result.ts';
import type { EvaluatedRule, Rule, UnknownReason } from '../../src/rules/metrics.ts';
import { ruleOf } from './crawl-builders.ts';
import { crawlReport } from './run-results.ts';

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

/** A rule as it was judged. */
export function judged(
  line: string,
  met: boolean,
  {
    actual = '11.8% (94 of 796)',
    level = 'require',
    unknown,
  }: { actual?: string; level?: Rule['level']; unknown?: UnknownReason } = {},
): EvaluatedRule {
  const why = unknown === undefined ? {} : { unknown };
  return { rule: ruleOf(line, level), met, actual, ...why };
}

/** A sample of a running crawl, taken at the start of the test's time. */
export function sample(overrides: Partial<Sample> = {}): Sample {
  return {
    at: 0,
    lostMs: 0,
    date: Date.parse('2026-11-23T10:00:00.000Z'),
    status: 'scraping',
    total: 800,
    completed: 0,
    added: 0,
    updated: 0,
    removed: 0,
    unchanged: 0,
    startedAt: Date.parse('2026-11-23T10:00:00.000Z'),
    updatedAt: null,
    ...overrides,
  };
}

/** So many samples, ten seconds and one page apart. */
export function samplesOf(length: number): Sample[] {
  return Array.from({ length }, (_, index) =>
    sample({
      at: index * 10_000,
      date: Date.parse('2026-11-23T10:00:00.000Z') + index * 10_000,
      completed: index,
    }),
  );
}

/** A datasource as the API tells of it. */
export function datasource(overrides: Partial<Datasource> = {}): Datasource {
  return {
    id: 'x',
    url: 'https://help.example.com',
    display_name: 'Help center',
    error_message: null,
    last_crawl_started_at: null,
    last_crawl_completed_at: null,
    page_stats: { total: 0, synced: 0, pending: 0, error: 0, excluded: 0 },
    ...overrides,
  };
}
