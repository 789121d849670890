import { describe, expect, it } from 'vitest';
import { certainlyNotMet, startsLateEnough } from '../../../src/rules/evaluate.ts';
import { facts, ruleOf } from '../../support/crawl-builders.ts';
import { isMet, judge } from '../../support/judge.ts';

describe('operators', () => {
  it.each([
    ['>=', [false, true, true]],
    ['<=', [true, true, false]],
    ['>', [false, false, true]],
    ['<', [true, false, false]],
    ['==', [false, true, false]],
    ['!=', [true, false, true]],
  ] as const)(
    '%s below, at and above the value, for pages, percentages, durations and times',
    (operator, expected) => {
      // 800 pages, 790 of 1,580 known ones removed, 20 minutes, started at 10:00.
      const pages = ['801', '800', '799'].map((value) => `total_pages ${operator} ${value}`);
      const shares = ['50.1%', '50%', '49.9%'].map((value) => `removed_pages ${operator} ${value}`);
      const spans = ['20m1ms', '20m', '19m59s999ms'].map(
        (value) => `duration ${operator} ${value}`,
      );
      const times = ['10:00:00.001', '10:00:00.000', '09:59:59.999'].map(
        (value) => `started_at ${operator} 2026-11-23T${value}Z`,
      );
      for (const lines of [pages, shares, spans, times]) {
        expect(lines.map((line) => isMet(line, { removed_pages: 790 }))).toEqual(expected);
      }
    },
  );
});

describe('what pages are counted and what a percentage is of', () => {
  const crawl = {
    total_pages: 1_000,
    completed_pages: 500,
    new_pages: 250,
    updated_pages: 20,
    removed_pages: 10,
    unchanged_pages: 170,
  };

  it.each([
    ['total_pages == 1000', '1,000'],
    ['completed_pages == 50%', '50% (500 of 1,000)'],
    ['completed_pages == 500', '500'],
    ['new_pages == 25%', '25% (250 of 1,000)'],
    ['updated_pages == 10%', '10% (20 of 200)'],
    ['removed_pages == 5%', '5% (10 of 200)'],
    ['unchanged_pages == 85%', '85% (170 of 200)'],
    ['changed_pages == 280', '280'],
    ['changed_pages == 140%', '140% (280 of 200)'],
    ['synced_pages == 75%', '75% (150 of 200)'],
    ['pending_pages == 15%', '15% (30 of 200)'],
    ['error_pages == 8%', '8% (16 of 200)'],
    ['excluded_pages == 2%', '2% (4 of 200)'],
    ['synced_pages == 150', '150'],
    ['pending_pages == 30', '30'],
    ['error_pages == 16', '16'],
    ['excluded_pages == 4', '4'],
    ['indexed_pages == 200', '200'],
  ])('%s: %s', (line, actual) => {
    expect(judge(line, crawl)).toEqual({ rule: ruleOf(line), met: true, actual });
  });
});

describe('percentages', () => {
  it.each([
    ['removed_pages <= 5%', { removed_pages: 504, total: 10_000 }, '5.04% (504 of 10,000)'],
    ['removed_pages <= 5%', { removed_pages: 500, total: 10_000 }, '5% (500 of 10,000)'],
    ['removed_pages >= 5%', { removed_pages: 4_999_999, total: 100_000_000 }, '4.999999%'],
  ])('"%s" is not contradicted by the actual value', (line, { removed_pages, total }, actual) => {
    const crawl = { removed_pages, updated_pages: 0, unchanged_pages: total - removed_pages };
    expect(judge(line, crawl).actual).toContain(actual);
  });

  it('0 of 0 is 0 %', () => {
    const first = { new_pages: 800, updated_pages: 0, removed_pages: 0, unchanged_pages: 0 };
    expect(judge('removed_pages <= 5%', first)).toMatchObject({
      met: true,
      actual: '0% (0 of 0)',
    });
    expect(judge('removed_pages == 0%', first)).toMatchObject({ met: true });
    expect(judge('removed_pages >= 0%', first)).toMatchObject({ met: true });
    expect(judge('removed_pages > 0%', first)).toMatchObject({ met: false });
    expect(judge('unchanged_pages >= 1%', first)).toMatchObject({ met: false });
  });

  it.each(['>=', '<=', '>', '<', '==', '!='])(
    'more than 0 of 0 is unknown, and not met with %s',
    (operator) => {
      const first = { new_pages: 800, updated_pages: 0, removed_pages: 0, unchanged_pages: 0 };
      for (const percent of [0, 5, 1_000]) {
        expect(judge(`changed_pages ${operator} ${percent}%`, first)).toMatchObject({
          met: false,
          unknown: 'of-no-pages',
        });
        expect(
          judge(`changed_pages ${operator} ${percent}%`, { ...first, new_pages: 1 }),
        ).toMatchObject({
          met: false,
          actual: 'there were no known pages to compare 1 with',
        });
      }
    },
  );

  it.each([
    [1, 20, '5%'],
    [3, 1_000, '0.3%'],
    [7, 100, '7%'],
    [29, 100, '29%'],
    [57, 1_000, '5.7%'],
    [3, 30, '10%'],
    [1, 1_000, '0.1%'],
    [333, 1_000, '33.3%'],
    [4_999, 5_000, '99.98%'],
  ])('%d of %d is %s to the last bit', (found, total, percent) => {
    const crawl = { completed_pages: found, total_pages: total };
    expect(isMet(`completed_pages == ${percent}`, crawl)).toBe(true);
    expect(isMet(`completed_pages != ${percent}`, crawl)).toBe(false);
    expect(isMet(`completed_pages > ${percent}`, crawl)).toBe(false);
    expect(isMet(`completed_pages < ${percent}`, crawl)).toBe(false);
  });

  it('one page more is more', () => {
    expect(isMet('completed_pages <= 5%', { completed_pages: 250, total_pages: 5_000 })).toBe(true);
    expect(isMet('completed_pages <= 5%', { completed_pages: 251, total_pages: 5_000 })).toBe(
      false,
    );
    expect(isMet('completed_pages >= 100%', { completed_pages: 4_999, total_pages: 5_000 })).toBe(
      false,
    );
  });

  it.each([
    [94, 796, '11.8% (94 of 796)'],
    [4, 8_000, '0.1% (4 of 8,000)'],
    [3, 8_000, '0.04% (3 of 8,000)'],
    [0, 8_000, '0% (0 of 8,000)'],
    [8_000, 8_000, '100% (8,000 of 8,000)'],
  ])('%d of %d is printed as %s', (found, total, actual) => {
    const crawl = { completed_pages: found, total_pages: total };
    expect(judge('completed_pages < 50%', crawl).actual).toBe(actual);
  });
});

describe('a duration that was found is printed', () => {
  const lasting = (ms: number, rule: string) => {
    const started = Date.parse('2026-11-23T10:00:00Z');
    return judge(rule, {
      started_at: new Date(started).toISOString(),
      completed_at: new Date(started + ms).toISOString(),
    });
  };

  it.each([
    [7_510_000, 'duration < 1h', '2h5m'],
    [7_510_000, 'duration <= 2h5m', '2h5m10s'],
    [7_510_000, 'duration == 2h5m10s', '2h5m10s'],
    [0, 'duration < 1h', '0s'],
    [0, 'duration == 0s', '0s'],
  ])('%d ms beside "%s" as %s: roughly, but never against the verdict', (ms, rule, actual) => {
    expect(lasting(ms, rule).actual).toBe(actual);
  });

  it('of a crawl that finished in the future: unknown, beyond what rounding explains', () => {
    const finished = Date.parse('2026-11-23T10:20:00Z');
    const evaluated = judge('age < 1h', {}, { now: finished - 60_001 });
    expect(evaluated).toMatchObject({ met: false, unknown: 'impossible' });
    expect(judge('age < 1h', {}, { now: finished - 60_000 })).toMatchObject({
      met: true,
      actual: '0s',
    });
  });
});

describe('a start', () => {
  const required = ['started_at >= 2026-11-23T10:00:00Z', 'started_at > 2026-11-23T09:00:00Z'];
  const ignored = [
    ruleOf('started_at >= 2026-11-24T00:00:00Z', 'warn'),
    ruleOf('started_at <= 2026-11-22T00:00:00Z'),
    ruleOf('completed_at >= 2026-11-24T00:00:00Z'),
  ];

  it.each([
    ['2026-11-23T10:00:00.000Z', true],
    ['2026-11-23T09:59:59.999Z', false],
    ['2026-11-23T09:00:00.000Z', false],
  ])('at %s is late enough: %s', (startedAt, isLate) => {
    const rules = [...required.map((line) => ruleOf(line)), ...ignored];
    expect(startsLateEnough(startedAt, rules)).toBe(isLate);
  });

  it('is late enough where no rule asks for it', () => {
    expect(startsLateEnough('2026-11-23T10:00:00.000Z', ignored)).toBe(true);
  });
});

describe('what can no longer be met', () => {
  it('is a required rule on a value that cannot change, and that is known', () => {
    const lines = ['queue_time < 1s', 'created_at > 2026-11-24T00:00:00Z', 'queue_time < 1h'];
    const rules = [
      ...lines.map((line) => ruleOf(line)),
      ruleOf('queue_time < 2s', 'warn'),
      ruleOf('new_pages <= 0'),
    ];
    const notMet = (crawl: Parameters<typeof facts>[0]) =>
      certainlyNotMet(rules, { crawl: facts(crawl), pageStats: undefined, now: 0 });
    expect(notMet({}).map(({ rule }) => rule.text)).toEqual(lines.slice(0, 2));
    expect(notMet({ started_at: null }).map(({ rule }) => rule.text)).toEqual([lines[1]]);
  });
});
