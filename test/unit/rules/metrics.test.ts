import { describe, expect, it } from 'vitest';
import {
  describeActual,
  foundOf,
  METRICS,
  type Metric,
  metricRow,
  requiresFreshCrawl,
  requiresLaterStart,
} from '../../../src/rules/metrics.ts';
import { facts, judged, ruleOf } from '../../support/crawl-builders.ts';
import { judge } from '../../support/judge.ts';

it.each([
  ['started_at >= 2026-11-23T10:00:00Z', { start: true, fresh: true }],
  ['started_at > 2026-11-23T10:00:00Z', { start: true, fresh: true }],
  ['started_at <= 2026-11-23T10:00:00Z', { start: false, fresh: false }],
  ['completed_at >= 2026-11-23T10:00:00Z', { start: false, fresh: true }],
  ['created_at >= 2026-11-23T10:00:00Z', { start: false, fresh: false }],
  ['age < 2h', { start: false, fresh: true }],
  ['age <= 2h', { start: false, fresh: true }],
  ['age > 2h', { start: false, fresh: false }],
  ['removed_pages <= 5%', { start: false, fresh: false }],
])('"%s" asks for a later start, or for a fresh crawl: %j', (line, { start, fresh }) => {
  expect(requiresLaterStart(ruleOf(line))).toBe(start);
  expect(requiresLaterStart(ruleOf(line, 'warn'))).toBe(false);
  expect(requiresFreshCrawl(ruleOf(line))).toBe(fresh);
});

it.each(Object.keys(METRICS) as Metric[])('%s has a meaning for the README', (metric) => {
  expect(metricRow(metric).meaning).toMatch(/^[A-Z].{10}/);
});

describe('the value of a rule', () => {
  const known = judged('removed_pages <= 5%', false);
  const unknown = judged('age < 2h', false, { actual: 'it is odd', unknown: 'impossible' });

  it('is said as the end of a sentence, and for a cell', () => {
    expect(describeActual(known)).toBe('the actual value is 11.8% (94 of 796)');
    expect(foundOf(known)).toBe('11.8% (94 of 796)');
    expect(describeActual(unknown)).toBe('the value is unknown because it is odd');
    expect(foundOf(unknown)).toBe('unknown: it is odd');
  });

  it('is read from its own field', () => {
    const crawl = { total_pages: 9, completed_pages: 8, new_pages: 1, updated_pages: 2 };
    const rest = { removed_pages: 3, unchanged_pages: 5 };
    const actual = (metric: string) => judge(`${metric} >= 0`, facts({ ...crawl, ...rest })).actual;
    expect(
      ['total', 'completed', 'new', 'updated', 'removed', 'unchanged', 'changed'].map((name) =>
        actual(`${name}_pages`),
      ),
    ).toEqual(['9', '8', '1', '2', '3', '5', '6']);
  });
});
