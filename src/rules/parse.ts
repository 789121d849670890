import { parseDuration } from '../duration.ts';
import { parseInstant } from '../instant.ts';
import {
  METRICS,
  type Metric,
  OPERATORS,
  type Operator,
  type Rule,
  type RuleValue,
} from './metrics.ts';

/** A line that is no rule, and what would be right. */
export interface RuleProblem {
  line: number;
  text: string;
  problem: string;
}

const RULE = new RegExp(`^([^\\s<>=!]+)\\s*(${OPERATORS.join('|')})\\s*(.*)$`);

/**
 * Reads the lines of `require` or `warn` (contract, section Rules). Blank lines and `#` comments
 * are skipped; every line that is no rule is reported.
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
  const [, metric = '', operator = '', written = ''] = RULE.exec(text) ?? [];
  if (metric === '') {
    const first = text.split(/[\s<>=!]/, 1)[0] ?? '';
    return isMetric(first)
      ? `after the metric stands one of ${OPERATORS.join(' ')} and a value, such as "${first} ${example(first)}"`
      : 'a rule is "metric operator value", such as "removed_pages <= 5%"';
  }
  if (!isMetric(metric)) {
    return `there is no metric of this name; the metrics are ${Object.keys(METRICS).join(', ')}`;
  }
  const value = parseValue(metric, written);
  if (value === undefined) {
    return written === ''
      ? `the value is missing (an expression may have given nothing); ${VALUES[METRICS[metric]]}`
      : VALUES[METRICS[metric]];
  }
  return { text, level, metric, operator: operator as Operator, value };
}

const VALUES = {
  count: 'the value is a whole number, such as "100"',
  share: 'the value is a whole number or a percentage, such as "100" or "5%"',
  duration: 'the value is a duration with units, such as "45m" or "2h"',
  time: 'the value is a date and time with zone, such as "2026-11-23T10:00:00Z"',
};

function example(metric: Metric): string {
  return { count: '>= 100', share: '<= 5%', duration: '< 2h', time: '>= 2026-11-23T10:00:00Z' }[
    METRICS[metric]
  ];
}

function isMetric(name: string): name is Metric {
  return Object.hasOwn(METRICS, name);
}

function parseValue(metric: Metric, written: string): RuleValue | undefined {
  switch (METRICS[metric]) {
    case 'duration': {
      const ms = parseDuration(written);
      return ms === undefined ? undefined : { kind: 'duration', ms };
    }
    case 'time': {
      const at = parseInstant(written);
      return at === undefined ? undefined : { kind: 'time', at };
    }
    case 'share': {
      const percent = /^(\d+(?:\.\d+)?) ?%$/.exec(written)?.[1];
      if (percent !== undefined) return finite({ kind: 'percent', percent: Number(percent) });
      return parseCount(written);
    }
    case 'count':
      return parseCount(written);
  }
}

function parseCount(written: string): RuleValue | undefined {
  const count = /^\d+$/.test(written) ? Number(written) : Number.NaN;
  return Number.isSafeInteger(count) ? { kind: 'count', count } : undefined;
}

function finite(value: { kind: 'percent'; percent: number }): RuleValue | undefined {
  return Number.isFinite(value.percent) ? value : undefined;
}
