import type { Datasource } from '../src/crawl/job.ts';
import type { TimelinePoint } from '../src/crawl/timeline.ts';
import type { Outcome } from '../src/outcome.ts';
import type { CrawlReport } from '../src/report/report.ts';
import type { JudgedRule, Rule } from '../src/rules/rule.ts';
import { ruleOf } from './crawl-builders.ts';
import { crawlReport } from './report/run-reports.ts';

/** The n-th of many UUIDs. */
export function idOf(n: number): string {
  return `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
}

/** A crawl that ended so, by the number of its datasource and job. */
export function crawlThat(
  outcome: Outcome,
  n = 1,
  overrides: Partial<CrawlReport> = {},
): CrawlReport {
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
  holds: boolean,
  {
    actual = '11.8% (94 of 796)',
    level = 'require',
  }: { actual?: string; level?: Rule['level'] } = {},
): JudgedRule {
  return { rule: ruleOf(line, level), holds, actual };
}

/** A timeline of so many looks, ten seconds apart. */
export function timelineOf(length: number): TimelinePoint[] {
  return Array.from({ length }, (_, index) => ({
    at: new Date(Date.parse('2026-11-23T10:00:00.000Z') + index * 10_000).toISOString(),
    status: 'scraping',
    completed_pages: index,
    total_pages: 800,
  }));
}

/** A datasource as the API tells of it. */
export function datasource(overrides: Partial<Datasource> = {}): Datasource {
  return {
    id: 'x',
    url: 'https://help.example.com',
    display_name: 'Help centre',
    error_message: null,
    last_crawl_started_at: null,
    last_crawl_completed_at: null,
    page_stats: { total: 0, synced: 0, pending: 0, error: 0, excluded: 0 },
    ...overrides,
  };
}
