import { describe, expect, it } from 'vitest';
import type { Sample } from '../../../src/result.ts';
import { forecastOf, movesOf, timeLeft } from '../../../src/wait/forecast.ts';
import { DATE, type Seen, samplesOf } from '../../support/samples.ts';

/** Seconds left; `undefined` when nobody can tell. */
function secondsLeft(samples: readonly Sample[]): number | undefined {
  const left = timeLeft(samples);
  return left === undefined ? undefined : left / 1_000;
}

/** A first sample: 400 of 800 pages, with what the job says of itself in seconds before the sample. */
function firstSample(said: { started: number | null; updated: number | null }): Sample[] {
  const instant = (before: number | null) => (before === null ? null : DATE - before * 1_000);
  const [sample] = samplesOf(800, [0, 400]);
  return [
    { ...sample, startedAt: instant(said.started), updatedAt: instant(said.updated) },
  ] as Sample[];
}

describe('the time that is left', () => {
  it('is known from the first sample on when the job says when it started', () => {
    expect(secondsLeft(firstSample({ started: 100, updated: 0 }))).toBeCloseTo(100);
  });

  it('counts from when the pages moved, not from when a check saw it', () => {
    // 400 pages in 90 s, and 10 s have passed since.
    expect(secondsLeft(firstSample({ started: 100, updated: 10 }))).toBeCloseTo(80);
  });

  it.each([
    ['the job does not say when it started', { started: null, updated: 0 }],
    ['it starts at the moment of the check', { started: 0, updated: 0 }],
    ['it starts after the check', { started: -60, updated: 0 }],
    ['its times are not dates', { started: Number.NaN, updated: Number.NaN }],
  ])('is unknown at the first sample when %s', (_, said) => {
    expect(timeLeft(firstSample(said))).toBeUndefined();
  });

  it.each([
    ['missing', null],
    ['the start', 100],
    ['before the start', 500],
    ['ahead of the clock of the API', -3_600],
    ['not a date', Number.NaN],
  ])('does without an update that is %s', (_, updated) => {
    expect(secondsLeft(firstSample({ started: 100, updated }))).toBeCloseTo(100);
  });

  it('does without updates that stand still or go back while pages move', () => {
    const moving = samplesOf(1_000, [0, 0], [50, 250], [100, 500]);
    for (const updates of [
      [0, 0, 0],
      [0, -10, -20],
      [0, 3_600, 7_200],
    ]) {
      const said = moving.map((sample, index) => ({
        ...sample,
        updatedAt: DATE + (updates[index] ?? 0) * 1_000,
      }));
      expect(secondsLeft(said)).toBeCloseTo(100);
    }
  });

  it('bears dates in whole seconds', () => {
    const exact = samplesOf(1_000, [3, 30, 'scraping', 2.9], [60.7, 600, 'scraping', 60.2]);
    const whole = exact.map((sample) => ({
      ...sample,
      date: Math.floor(sample.date / 1_000) * 1_000,
      updatedAt: Math.floor((sample.updatedAt ?? 0) / 1_000) * 1_000,
    }));
    const left = secondsLeft(whole) ?? 0;
    expect(Math.abs(left - (secondsLeft(exact) ?? 0))).toBeLessThan(2);
  });

  it('follows the latest speed, not that of long ago', () => {
    // First 100 pages a second, then 10.
    const slower: Seen[] = [
      [0, 0],
      [40, 4_000],
      [80, 4_400],
      [120, 4_800],
    ];
    expect(secondsLeft(samplesOf(5_100, ...slower))).toBeCloseTo(30);
  });

  it('does not count the time in the queue', () => {
    const queued: Seen[] = [
      [0, 0, 'pending'],
      [100, 0, 'pending'],
      [110, 0],
      [150, 400],
    ];
    expect(secondsLeft(samplesOf(600, ...queued))).toBeCloseTo(20);
  });

  it('takes a move for the middle of two checks when updates come without moves', () => {
    const heartbeat: Seen[] = [
      [0, 0, 'scraping', 0],
      [40, 0, 'scraping', 39],
      [60, 400, 'scraping', 60],
    ];
    // 400 pages in 50 s, 10 s ago.
    expect(secondsLeft(samplesOf(800, ...heartbeat))).toBeCloseTo(40);
  });

  it.each([
    ['in the queue', samplesOf(800, [0, 0, 'pending'])],
    ['without a total', samplesOf(null, [0, 0], [50, 100])],
    ['that has not moved', samplesOf(800, [0, 0], [50, 0])],
    ['that goes back', samplesOf(800, [0, 100], [50, 50])],
    ['that has visited all pages', samplesOf(800, [0, 0], [50, 800])],
    ['that has outlasted its forecast', samplesOf(800, [0, 0], [50, 700], [200, 700])],
    ['that was never checked', []],
  ])('is unknown for a crawl %s', (_, samples) => {
    expect(timeLeft(samples)).toBeUndefined();
  });
});

describe('slowing', () => {
  /** Pages that come by this power of the time that is left of 400 s, checked every 10 s. */
  function slowingOf(power: number, total: (second: number) => number = () => 10_000): number {
    const seconds = Array.from({ length: 21 }, (_, index) => index * 10);
    const samples = seconds.flatMap((second) => {
      const completed = Math.round(10_000 * (1 - (1 - second / 400) ** power));
      return samplesOf(total(second), [second, completed, 'scraping', second]);
    });
    return forecastOf(movesOf(samples), total(200))?.slowing ?? Number.NaN;
  }

  it('is 0 for a steady crawl, and for one that becomes faster', () => {
    expect(slowingOf(1)).toBeCloseTo(0, 1);
    expect(slowingOf(0.5)).toBe(0);
  });

  it('is the share by which the forecast is short for one that slows down', () => {
    expect(slowingOf(2)).toBeCloseTo(1 / 2, 1);
    expect(slowingOf(4)).toBeCloseTo(3 / 4, 1);
  });

  it('is not caused by a total that grows', () => {
    expect(slowingOf(1, (second) => 6_000 + 20 * second)).toBeCloseTo(0, 1);
  });

  it('is 0 while there is one forecast only', () => {
    const samples = samplesOf(800, [0, 0], [10, 100]);
    expect(forecastOf(movesOf(samples), 800)).toMatchObject({ drift: undefined, slowing: 0 });
  });
});

describe('moves', () => {
  const of = (...seen: Seen[]) => movesOf(samplesOf(800, ...seen));

  it('are the changes of the pages, at the second of their check', () => {
    expect(of([0, 0], [10, 0], [20, 100], [30, 100], [40, 200])).toEqual([
      { at: 0, completed: 0, total: 800 },
      { at: 20, completed: 100, total: 800 },
      { at: 40, completed: 200, total: 800 },
    ]);
  });

  it('start with the start that the job tells, where that is earlier', () => {
    const [sample] = firstSample({ started: 60, updated: null });
    expect(movesOf(sample === undefined ? [] : [sample])).toEqual([
      { at: -60, completed: 0, total: null },
      { at: 0, completed: 400, total: 800 },
    ]);
  });

  it('are none of a crawl that is back in the queue', () => {
    expect(of([0, 0], [10, 100], [20, 100, 'pending'])).toEqual([]);
  });

  it('happen when the job says, as long as every update comes with a move', () => {
    const steady = of([0, 0, 'scraping', 0], [20, 100, 'scraping', 15], [30, 100, 'scraping', 15]);
    expect(steady.map(({ at }) => at)).toEqual([0, 15]);
  });

  it('happen at the check when the update is not newer than the last one', () => {
    const stuck = of([0, 0, 'scraping', -5], [20, 100, 'scraping', -5], [30, 200, 'scraping', 25]);
    expect(stuck.map(({ at }) => at)).toEqual([0, 20, 25]);
  });
});

describe('drift', () => {
  it('is how far the end moves away in each second', () => {
    // At second 60 the end is at 240; at second 120, with half the speed since, it is at 420.
    const moves = movesOf(samplesOf(800, [0, 0], [60, 200], [120, 300]));
    expect(forecastOf(moves, 800)?.end).toBeCloseTo(420);
    expect(forecastOf(moves, 800)?.drift).toBeCloseTo((420 - 240) / 60);
  });

  it('is that of a total that grows, too', () => {
    const moves = [
      { at: 0, completed: 0, total: 400 },
      { at: 60, completed: 200, total: 400 },
      { at: 120, completed: 400, total: 800 },
    ];
    expect(forecastOf(moves, 800)).toMatchObject({ end: 240, drift: 2, slowing: 0 });
  });
});
