import { describe, expect, it } from 'vitest';
import {
  baseOf,
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

describe('an age', () => {
  const now = Date.parse('2026-11-23T12:00:00.000Z');
  const age = (completed: string | null) =>
    METRICS.age.read({ crawl: facts({ completed_at: completed }), pageStats: undefined, now });

  it.each([
    ['2026-11-23T11:00:00.000Z', 3_600_000],
    ['2026-11-23T12:00:00.000Z', 0],
    ['2026-11-23T12:01:00.000Z', 0],
    ['2026-11-23T12:01:00.001Z', null],
    [null, null],
  ])('of a crawl that finished at %s is %s ms', (completed, ms) => {
    expect(age(completed)).toBe(ms);
  });
});

describe('what a percentage is of', () => {
  const unknown = { total_pages: null, unchanged_pages: null };
  const evidence = { crawl: facts(unknown), pageStats: undefined, now: 0 };

  it.each([
    ['total_pages', 800, 'OpenCX reports no total_pages for this crawl'],
    ['known pages', 794, 'OpenCX does not report how many pages it knew before this crawl'],
    ['indexed_pages', 200, 'OpenCX reports no indexed_pages'],
  ] as const)('%s: %d pages, or why they are unknown', (base, pages, missing) => {
    const pageStats = { total: 200, synced: 150, pending: 30, error: 16, excluded: 4 };
    expect(baseOf(base, { crawl: facts(), pageStats, now: 0 }).pages).toBe(pages);
    expect(baseOf(base, evidence)).toEqual({ pages: null, missing });
  });
});
