import type { PageStats } from '../../src/api/schemas.ts';
import type { CrawlFacts } from '../../src/crawl.ts';
import { evaluateRule } from '../../src/rules/evaluate.ts';
import { facts, ruleOf } from './crawl-builders.ts';

const STATS = { total: 200, synced: 150, pending: 30, error: 16, excluded: 4 };
const NOW = Date.parse('2026-11-23T12:20:00.000Z');

/** What becomes of a rule on a crawl of 800 pages, at 12:20. */
export function judge(
  line: string,
  crawl: Partial<CrawlFacts> = {},
  { pageStats = STATS, now = NOW }: { pageStats?: PageStats | undefined; now?: number } = {},
) {
  return evaluateRule(ruleOf(line), { crawl: facts(crawl), pageStats, now });
}

/** Whether the rule is met. */
export function isMet(...args: Parameters<typeof judge>): boolean {
  return judge(...args).met;
}
