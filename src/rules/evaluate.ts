import { formatDuration, parseDuration, roughDuration } from '../duration.ts';
import { printCount } from '../page-count.ts';
import {
  baseOf,
  type EvaluatedRule,
  type Evidence,
  metricRow,
  type Operator,
  type Rule,
  type RuleValue,
  requiresLaterStart,
  type UnknownReason,
} from './metrics.ts';

/** Evaluates one rule. A rule whose value is unknown is not met (contract, section Rules). */
export function evaluateRule(rule: Rule, evidence: Evidence): EvaluatedRule {
  const { metric, operator, value } = rule;
  const found = metricRow(metric).read(evidence);
  if (found === null) return withoutValue(rule, evidence);
  switch (value.kind) {
    case 'count':
      return {
        rule,
        met: isMet(compare(found, value.count), operator),
        actual: printCount(found),
      };
    case 'percent':
      return evaluatePercent(rule, evidence, found, value);
    case 'duration':
      return {
        rule,
        met: isMet(compare(found, value.ms), operator),
        actual: printDuration(found, rule, value.ms),
      };
    case 'time':
      return {
        rule,
        met: isMet(compare(found, value.at), operator),
        actual: new Date(found).toISOString(),
      };
  }
}

function evaluatePercent(
  rule: Rule,
  evidence: Evidence,
  found: number,
  { percent, of: base }: Extract<RuleValue, { kind: 'percent' }>,
): EvaluatedRule {
  const { pages, missing } = baseOf(base, evidence);
  if (pages === null) return unknown(rule, 'no-base', missing);
  if (pages === 0 && found > 0) {
    const why = `there were no known pages to compare ${printCount(found)} with`;
    return unknown(rule, 'of-no-pages', why);
  }
  // 0 of 0 is 0%, so that a first crawl is not refused.
  const order = pages === 0 ? comparePercent(0, 1, percent) : comparePercent(found, pages, percent);
  const share = pages === 0 ? 0 : (found * 100) / pages;
  const met = isMet(order, rule.operator);
  const agrees = (printed: number) =>
    isMet(compare(printed, Number(percent)), rule.operator) === met;
  const printed = printPercent(share, agrees);
  return { rule, met, actual: `${printed} (${printCount(found)} of ${printCount(pages)})` };
}

/**
 * Compares `found` of `pages` with a percentage as it was written. In whole numbers, because in
 * floating point 33.33333333% of 3,000,000,000 is not what the rule says.
 */
function comparePercent(found: number, pages: number, percent: string): number {
  const [whole = '0', decimals = ''] = percent.split('.');
  const required = BigInt(`${whole}${decimals}`) * BigInt(pages);
  const actual = BigInt(found) * 100n * 10n ** BigInt(decimals.length);
  return compare(actual, required);
}

/** With one decimal place, unless "5%" would contradict "removed_pages <= 5%" that is not met. */
function printPercent(percent: number, agrees: (printed: number) => boolean): string {
  const rounded =
    [1, 2, 3, 4, 5, 6]
      .map((places) => Number(percent.toFixed(places)))
      .find((candidate) => agrees(candidate)) ?? percent;
  // 4 of 8,000 is not 0%.
  return rounded === 0 && percent > 0 ? `${Number(percent.toPrecision(1))}%` : `${rounded}%`;
}

/** Rounded, unless "2h" would contradict "age < 2h" that is met: then to the last millisecond. */
function printDuration(ms: number, { operator }: Rule, required: number): string {
  const rough = roughDuration(ms);
  const read = parseDuration(rough) ?? 0;
  const agrees =
    isMet(compare(ms, required), operator) === isMet(compare(read, required), operator);
  return agrees ? rough : formatDuration(ms);
}

function withoutValue(rule: Rule, { crawl, pageStats }: Evidence): EvaluatedRule {
  const { metric } = rule;
  const { kind, ofPageStats, contradiction } = metricRow(metric);
  if (ofPageStats && pageStats === undefined) {
    return unknown(rule, 'not-read', 'the datasource could not be read');
  }
  const impossible = contradiction?.(crawl);
  if (impossible !== undefined) return unknown(rule, 'impossible', impossible);
  if (crawl.status !== undefined) {
    return unknown(rule, 'not-reported', `OpenCX reports no ${metric} for this crawl`);
  }
  const isTime = kind === 'time' || kind === 'duration';
  const why = isTime
    ? `OpenCX reports no ${metric} for the last finished crawl`
    : 'OpenCX reports only times, not pages, for the last finished crawl';
  return unknown(rule, 'only-times', why);
}

function unknown(rule: Rule, reason: UnknownReason, why: string): EvaluatedRule {
  return { rule, met: false, actual: why, unknown: reason };
}

/** Below 0, 0, or above 0. */
function compare<T extends number | bigint>(one: T, other: T): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function isMet(order: number, operator: Operator): boolean {
  switch (operator) {
    case '>=':
      return order >= 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '<':
      return order < 0;
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
  }
}

/** Whether a crawl that started then meets every rule that asks for a later start. */
export function startsLateEnough(startedAt: string, rules: readonly Rule[]): boolean {
  const at = Date.parse(startedAt);
  return rules
    .filter(requiresLaterStart)
    .every(
      ({ operator, value }) => value.kind !== 'time' || isMet(compare(at, value.at), operator),
    );
}

/** The `require` rules that a crawl can no longer meet (contract, section As soon as it is certain). */
export function certainlyNotMet(rules: readonly Rule[], evidence: Evidence): EvaluatedRule[] {
  return rules
    .filter(({ level, metric }) => level === 'require' && metricRow(metric).isSettled)
    .map((rule) => evaluateRule(rule, evidence))
    .filter(({ met, unknown: reason }) => !met && reason === undefined);
}
