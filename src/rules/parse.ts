import { parseDuration } from '../duration.ts';
import { parseInstant } from '../instant.ts';
import {
  METRICS,
  type Metric,
  metricRow,
  OPERATORS,
  type Operator,
  type Rule,
  type RuleValue,
} from './metrics.ts';

/** A line that is not a rule, and what would be right. */
export interface RuleProblem {
  line: number;
  text: string;
  problem: string;
}

const RULE = new RegExp(`^([^\\s<>=!]+)\\s*(${OPERATORS.join('|')})\\s*(.*)$`);
const STARTS_OF_RULES = new RegExp(`([a-z_]+)\\s*(?:${OPERATORS.join('|')})`, 'g');
/** A percentage with so many digits is compared exactly; nobody needs more. */
const PERCENT = /^(\d{1,15}(?:\.\d{1,30})?) ?%$/;
/** No rule is longer, and what is longer is not read any further. */
const MAX_RULE_LENGTH = 200;

/**
 * Reads the lines of `require` or `warn` (contract, section Rules). Blank lines and `#` comments
 * are skipped; every line that is not a rule is reported.
 */
export function parseRules(
  input: string,
  level: Rule['level'],
): { rules: Rule[]; problems: RuleProblem[] } {
  const rules: Rule[] = [];
  const problems: RuleProblem[] = [];
  input.split(/\r\n|\r|\n/).forEach((raw, index) => {
    const text = raw
      .replace(/(^|\s)#.*$/, '')
      .trim()
      .replace(/\s+/g, ' ');
    if (text === '') return;
    const parsed = parseRule(text, level);
    if (typeof parsed === 'string') problems.push({ line: index + 1, text, problem: parsed });
    else rules.push(parsed);
  });
  return { rules, problems };
}

function parseRule(text: string, level: Rule['level']): Rule | string {
  if (text.length > MAX_RULE_LENGTH) {
    return `a rule can have up to ${MAX_RULE_LENGTH} characters: write one rule per line`;
  }
  const starts = [...text.matchAll(STARTS_OF_RULES)].filter(([, name = '']) => isMetric(name));
  if (starts.length > 1) return 'this line has several rules: write one rule per line';
  const [, metric = '', operator = '', written = ''] = RULE.exec(text) ?? [];
  if (metric === '') {
    const first = text.split(/[\s<>=!]/, 1)[0] ?? '';
    return isMetric(first)
      ? `write an operator (${OPERATORS.join(', ')}) and a value after the metric, for example "${first} ${example(first)}"`
      : 'write a rule as "metric operator value", for example "removed_pages <= 5%"';
  }
  if (!isMetric(metric))
    return `unknown metric (valid metrics: ${Object.keys(METRICS).join(', ')})`;
  const value = parseValue(metric, written);
  if (value === undefined) return problemOf(metric, written);
  return { text, level, metric, operator: operator as Operator, value };
}

function problemOf(metric: Metric, written: string): string {
  const wanted = VALUES[metricRow(metric).kind];
  if (written === '') {
    return `the value is missing (if you use an expression, check that it has a value); ${wanted}`;
  }
  return /^\d+,\d+/.test(written) ? `${wanted}, without a comma` : wanted;
}

const VALUES = {
  count: 'the value must be a whole number, for example "100"',
  share: 'the value must be a whole number or a percentage, for example "100" or "5%"',
  duration: 'the value must be a duration with a unit, for example "45m" or "2h"',
  time: 'the value must be a date and time with a time zone, for example "2026-11-23T10:00:00Z"',
};

const EXAMPLES = {
  count: '>= 100',
  share: '<= 5%',
  duration: '< 2h',
  time: '>= 2026-11-23T10:00:00Z',
};

function example(metric: Metric): string {
  return EXAMPLES[metricRow(metric).kind];
}

function isMetric(name: string): name is Metric {
  return Object.hasOwn(METRICS, name);
}

function parseValue(metric: Metric, written: string): RuleValue | undefined {
  const row = metricRow(metric);
  switch (row.kind) {
    case 'duration': {
      const ms = parseDuration(written);
      return ms === undefined ? undefined : { kind: 'duration', ms };
    }
    case 'time': {
      const at = parseInstant(written);
      return at === undefined ? undefined : { kind: 'time', at };
    }
    case 'share': {
      const percent = PERCENT.exec(written)?.[1];
      return percent === undefined
        ? parseCount(written)
        : { kind: 'percent', percent, of: row.base };
    }
    case 'count':
      return parseCount(written);
  }
}

function parseCount(written: string): RuleValue | undefined {
  const count = /^\d+$/.test(written) ? Number(written) : Number.NaN;
  return Number.isSafeInteger(count) ? { kind: 'count', count } : undefined;
}
