import type { Datasource } from '../api/schemas.ts';
import { between, type CrawlFacts, changedPages, knownBefore } from '../crawl.ts';
import { formatDuration, parseDuration, roughDuration } from '../duration.ts';
import {
  type EvaluatedRule,
  type Metric,
  needsPageStats,
  type Operator,
  type Rule,
} from './metrics.ts';

/** What the rules are held against. */
export interface Evidence {
  crawl: CrawlFacts;
  /** `undefined` when it could not be read. */
  pageStats: Datasource['page_stats'] | undefined;
  /** Milliseconds since 1970, for `age`. */
  now: number;
}

/** Pages found, and the pages that a percentage of them is of. */
interface Share {
  found: number | null;
  base: number | null;
  baseName: string;
}

/** Holds one rule against a finished crawl. A rule on something unknown does not hold. */
export function evaluateRule(rule: Rule, evidence: Evidence): EvaluatedRule {
  const { value } = rule;
  switch (value.kind) {
    case 'duration': {
      // Rounded, "2h" could stand beside "age < 2h" that holds: then to the last millisecond.
      const print = (ms: number) => {
        const rough = roughDuration(ms);
        const read = parseDuration(rough.replace(/^-/, '')) ?? 0;
        const agrees = (at: number) => compare(at, rule.operator, value.ms);
        return agrees(ms) === agrees(ms < 0 ? -read : read) ? rough : formatDuration(ms);
      };
      return judgeNumber(rule, evidence, timeSpan(rule.metric, evidence), value.ms, print);
    }
    case 'time': {
      const at = timeOf(rule.metric, evidence.crawl);
      return judgeNumber(rule, evidence, at, value.at, (ms) => new Date(ms).toISOString());
    }
    case 'count': {
      const { found } = pagesOf(rule.metric, evidence);
      return judgeNumber(rule, evidence, found, value.count, (pages) => String(pages));
    }
    case 'percent':
      return judgePercent(rule, evidence, value.percent);
  }
}

function judgeNumber(
  rule: Rule,
  evidence: Evidence,
  found: number | null,
  required: number,
  print: (found: number) => string,
): EvaluatedRule {
  if (found === null) return unknown(rule, missing(rule, evidence));
  return { rule, met: compare(found, rule.operator, required), actual: print(found) };
}

function judgePercent(rule: Rule, evidence: Evidence, required: number): EvaluatedRule {
  const { found, base, baseName } = pagesOf(rule.metric, evidence);
  if (found === null) return unknown(rule, missing(rule, evidence));
  if (base === null) return unknown(rule, `OpenCX gives no ${baseName} for this crawl`);
  if (base === 0 && found > 0) return unknown(rule, `${found} of 0 is no percentage`);
  // Compared without a division, so that 5 % of 20 is 1 to the last bit.
  const met =
    base === 0
      ? compare(0, rule.operator, required)
      : compare(found * 100, rule.operator, toPages(required, base));
  const percent = base === 0 ? 0 : (found * 100) / base;
  return { rule, met, actual: `${printPercent(percent)} (${found} of ${base})` };
}

function toPages(percent: number, base: number): number {
  // 0.1 × 30 is 3.0000000000000004; what a rule says has far fewer digits than that.
  return Number((percent * base).toPrecision(14));
}

function printPercent(percent: number): string {
  const rounded = Number(percent.toFixed(1));
  // 4 of 8,000 is not 0 %.
  return rounded === 0 && percent > 0 ? `${Number(percent.toPrecision(1))}%` : `${rounded}%`;
}

/** Why a metric has no value. */
function missing(rule: Rule, { crawl, pageStats }: Evidence): string {
  if (needsPageStats(rule) && pageStats === undefined) return 'the datasource could not be read';
  return crawl.status === undefined
    ? 'OpenCX tells only the times of the last finished crawl'
    : `OpenCX gives no ${rule.metric} for this crawl`;
}

function unknown(rule: Rule, why: string): EvaluatedRule {
  return { rule, met: false, actual: why, unknown: 'not-reported' };
}

function compare(found: number, operator: Operator, required: number): boolean {
  switch (operator) {
    case '>=':
      return found >= required;
    case '<=':
      return found <= required;
    case '>':
      return found > required;
    case '<':
      return found < required;
    case '==':
      return found === required;
    case '!=':
      return found !== required;
  }
}

function timeSpan(metric: Metric, { crawl, now }: Evidence): number | null {
  if (metric === 'duration') return between(crawl.started_at, crawl.completed_at);
  if (metric === 'queue_time') return between(crawl.created_at, crawl.started_at);
  return crawl.completed_at === null ? null : now - Date.parse(crawl.completed_at);
}

function timeOf(metric: Metric, crawl: CrawlFacts): number | null {
  const at =
    metric === 'created_at'
      ? crawl.created_at
      : metric === 'started_at'
        ? crawl.started_at
        : crawl.completed_at;
  return at === null ? null : Date.parse(at);
}

function pagesOf(metric: Metric, { crawl, pageStats }: Evidence): Share {
  const ofTotal = { base: crawl.total_pages, baseName: 'total_pages' };
  const ofKnown = {
    base: knownBefore(crawl),
    baseName: 'number of pages known before',
  };
  const ofIndexed = { base: pageStats?.total ?? null, baseName: 'indexed_pages' };
  switch (metric) {
    case 'completed_pages':
    case 'new_pages':
      return { found: crawl[metric], ...ofTotal };
    case 'updated_pages':
    case 'removed_pages':
    case 'unchanged_pages':
      return { found: crawl[metric], ...ofKnown };
    case 'changed_pages':
      return { found: changedPages(crawl), ...ofKnown };
    case 'synced_pages':
      return { found: pageStats?.synced ?? null, ...ofIndexed };
    case 'pending_pages':
      return { found: pageStats?.pending ?? null, ...ofIndexed };
    case 'error_pages':
      return { found: pageStats?.error ?? null, ...ofIndexed };
    case 'excluded_pages':
      return { found: pageStats?.excluded ?? null, ...ofIndexed };
    case 'indexed_pages':
      return { found: pageStats?.total ?? null, ...ofIndexed };
    default:
      return { found: crawl.total_pages, ...ofTotal };
  }
}

/** Whether a crawl that started then meets all these rules on `started_at`. */
export function startsLateEnough(startedAt: string, rules: readonly Rule[]): boolean {
  const at = Date.parse(startedAt);
  return rules.every(
    ({ operator, value }) => value.kind !== 'time' || compare(at, operator, value.at),
  );
}

const UNCHANGING: readonly Metric[] = ['created_at', 'started_at', 'queue_time'];

/** The `require` rules that a crawl can no longer meet (contract, section As soon as it is certain). */
export function certainlyNotMet(rules: readonly Rule[], evidence: Evidence): EvaluatedRule[] {
  return rules
    .filter(({ level, metric }) => level === 'require' && UNCHANGING.includes(metric))
    .map((rule) => evaluateRule(rule, evidence))
    .filter(({ met, unknown }) => !met && unknown === undefined);
}
