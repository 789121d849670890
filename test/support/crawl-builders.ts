import { type CrawlJob, type Datasource, factsOfJob } from '../../src/api/schemas.ts';
import type { CrawlFacts } from '../../src/crawl.ts';
import type { EvaluatedRule, Rule, UnknownReason } from '../../src/rules/metrics.ts';
import { parseRules } from '../../src/rules/parse.ts';

export const DATASOURCE_ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
export const JOB_ID = '7d1f6c2e-5b7a-4a53-9a5e-0c6f4f9d2b11';
export const OTHER_ID = '11111111-2222-4333-8444-555555555555';

/** A finished crawl of 800 pages as the API tells it; 22 of them changed. */
export function jobResponse(overrides: Partial<CrawlJob> = {}): CrawlJob {
  return {
    id: JOB_ID,
    datasource_id: DATASOURCE_ID,
    status: 'completed',
    started_at: '2026-11-23T10:00:00.000Z',
    completed_at: '2026-11-23T10:20:00.000Z',
    total_pages: 800,
    completed_pages: 800,
    new_pages: 6,
    updated_pages: 12,
    removed_pages: 4,
    unchanged_pages: 778,
    error_message: null,
    created_at: '2026-11-23T09:59:00.000Z',
    updated_at: '2026-11-23T10:20:01.000Z',
    ...overrides,
  };
}

/** What is known of such a crawl. */
export function facts(overrides: Partial<CrawlFacts> = {}): CrawlFacts {
  return { ...factsOfJob(jobResponse()), ...overrides };
}

/** A datasource without an active crawl, every documented field given. */
export function datasourceResponse(
  overrides: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    id: DATASOURCE_ID,
    url: 'https://help.example.com',
    display_name: 'Help center',
    status: 'ready',
    page_limit: 1000,
    exclude_paths: ['/legal'],
    include_paths: [],
    crawl_interval_hours: 168,
    last_crawl_started_at: '2026-11-22T10:00:00.000Z',
    last_crawl_completed_at: '2026-11-22T10:20:00.000Z',
    error_message: null,
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-11-22T10:20:01.000Z',
    page_stats: { total: 200, synced: 150, pending: 30, error: 16, excluded: 4 },
    active_crawl_job: null,
    ...overrides,
  };
}

/** The active crawl as a datasource tells of it. */
export function activeJob(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: JOB_ID,
    status: 'scraping',
    total_pages: 800,
    completed_pages: 300,
    new_pages: 1,
    updated_pages: 2,
    removed_pages: 3,
    unchanged_pages: 294,
    started_at: '2026-11-23T10:00:00.000Z',
    ...overrides,
  };
}

/** The rule that one line of `require` or `warn` stands for. */
export function ruleOf(line: string, level: Rule['level'] = 'require'): Rule {
  const { rules, problems } = parseRules(line, level);
  const [rule] = rules;
  if (rule === undefined || rules.length !== 1) {
    throw new Error(`not one rule: ${line} ${JSON.stringify(problems)}`);
  }
  return rule;
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
