import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../../src/duration.ts';
import { evaluateRule } from '../../../src/rules/evaluate.ts';
import { facts, ruleOf } from '../../support/crawl-builders.ts';
import { isMet, judge } from '../../support/judge.ts';

describe('a rule whose value is unknown is not met, and says why', () => {
  const operators = ['>=', '<=', '>', '<', '==', '!='];
  it.each([
    ['total_pages', '5', { total_pages: null }, 'total_pages'],
    ['completed_pages', '5', { completed_pages: null }, 'completed_pages'],
    ['completed_pages', '5%', { completed_pages: null }, 'completed_pages'],
    ['completed_pages', '5%', { total_pages: null }, 'total_pages'],
    ['new_pages', '0%', { total_pages: null, new_pages: 0 }, 'total_pages'],
    ['changed_pages', '5', { new_pages: null }, 'changed_pages'],
    ['changed_pages', '5', { updated_pages: null }, 'changed_pages'],
    ['changed_pages', '5', { removed_pages: null }, 'changed_pages'],
    ['removed_pages', '5%', { unchanged_pages: null }, 'knew before'],
    ['removed_pages', '5%', { updated_pages: null }, 'knew before'],
    ['updated_pages', '5%', { removed_pages: null }, 'knew before'],
    ['age', '5m', { completed_at: null }, 'age'],
    ['duration', '5m', { completed_at: null }, 'duration'],
    ['duration', '5m', { started_at: null }, 'duration'],
    ['queue_time', '5m', { started_at: null }, 'queue_time'],
    ['queue_time', '5m', { created_at: null }, 'queue_time'],
    // Times the wrong way round do not belong to one crawl.
    ['duration', '5m', { completed_at: '2026-11-23T09:59:59Z' }, 'finished before it started'],
    ['queue_time', '5m', { created_at: '2026-11-23T10:00:01Z' }, 'started before it was created'],
    ['created_at', '2026-11-23T10:00:00Z', { created_at: null }, 'created_at'],
    ['started_at', '2026-11-23T10:00:00Z', { started_at: null }, 'started_at'],
    ['completed_at', '2026-11-23T10:00:00Z', { completed_at: null }, 'completed_at'],
  ] as const)('%s against %s of %j', (metric, value, crawl, named) => {
    for (const operator of operators) {
      const { met, actual, unknown } = judge(`${metric} ${operator} ${value}`, crawl);
      expect(met).toBe(false);
      expect(unknown).toMatch(/^(not-reported|no-base|impossible)$/);
      expect(actual).toContain(named);
    }
  });

  it.each(['synced_pages', 'pending_pages', 'error_pages', 'excluded_pages', 'indexed_pages'])(
    '%s without page_stats',
    (metric) => {
      const values = metric === 'indexed_pages' ? ['0'] : ['0', '0%'];
      for (const line of values.flatMap((value) =>
        operators.map((op) => `${metric} ${op} ${value}`),
      )) {
        const evaluated = evaluateRule(ruleOf(line), {
          crawl: facts(),
          pageStats: undefined,
          now: 0,
        });
        expect(evaluated).toMatchObject({
          met: false,
          unknown: 'not-read',
          actual: 'the datasource could not be read',
        });
      }
    },
  );

  it('what only the datasource tells of is the times alone', () => {
    expect(judge('total_pages > 5', { status: undefined, total_pages: null })).toMatchObject({
      unknown: 'only-times',
      actual: 'OpenCX reports only times, not pages, for the last finished crawl',
    });
    expect(judge('total_pages > 5', { total_pages: null }).actual).toBe(
      'OpenCX reports no total_pages for this crawl',
    );
  });

  it.each(['duration', 'started_at', 'created_at', 'queue_time'])(
    'of the last finished crawl OpenCX might not report %s',
    (metric) => {
      const times = { started_at: null, created_at: null };
      const value = metric.endsWith('_at') ? '2026-11-23T10:00:00Z' : '5m';
      expect(judge(`${metric} > ${value}`, { status: undefined, ...times })).toMatchObject({
        unknown: 'only-times',
        actual: `OpenCX reports no ${metric} for the last finished crawl`,
      });
    },
  );

  it('a part that the rule does not use may be unknown', () => {
    expect(isMet('removed_pages <= 5%', { total_pages: null, new_pages: null })).toBe(true);
    expect(isMet('changed_pages > 1', { total_pages: null, unchanged_pages: null })).toBe(true);
    expect(isMet('age < 3h', { started_at: null, created_at: null })).toBe(true);
  });
});

describe('times', () => {
  it.each([
    ['age == 2h', '2h'],
    ['age <= 2h', '2h'],
    ['duration == 20m', '20m'],
    ['queue_time == 1m', '1m'],
    ['created_at == 2026-11-23T09:59:00Z', '2026-11-23T09:59:00.000Z'],
    ['started_at == 2026-11-23T12:00:00+02:00', '2026-11-23T10:00:00.000Z'],
    ['completed_at == 2026-11-23T10:20:00Z', '2026-11-23T10:20:00.000Z'],
  ])('%s: found %s', (line, actual) => {
    expect(judge(line)).toMatchObject({ met: true, actual });
  });

  it('compare as moments, whatever zone the API writes', () => {
    const crawl = { started_at: '2026-11-23T11:00:00+01:00' };
    expect(isMet('started_at == 2026-11-23T10:00:00Z', crawl)).toBe(true);
    expect(isMet('started_at > 2026-11-23T10:30:00Z', crawl)).toBe(false);
  });

  it('a crawl that ended just now, or after a clock that is slow, is fresh', () => {
    expect(isMet('age < 1s', {}, { now: Date.parse('2026-11-23T10:20:00.500Z') })).toBe(true);
    expect(isMet('age < 1s', {}, { now: Date.parse('2026-11-23T10:19:00.000Z') })).toBe(true);
  });

  it.each([
    ['age <= 2h', 7_200_400, false],
    ['age < 2h', 7_199_999, true],
    ['age >= 1d', 86_399_999, false],
    ['age <= 10s', 10_400, false],
    ['age != 2h', 7_200_001, true],
  ])('what is found does not read as the opposite of the verdict on %s', (line, age, verdict) => {
    const ended = Date.parse('2026-11-23T10:20:00.000Z');
    const { met: held, actual } = judge(line, {}, { now: ended + age });
    expect(held).toBe(verdict);
    const asPrinted = judge(line, {}, { now: ended + (parseDuration(actual) ?? 0) });
    expect(`${actual}: ${asPrinted.met}`).toBe(`${actual}: ${verdict}`);
  });
});
