import { describe, expect, it } from 'vitest';
import { replaySet, type Summary } from '../../../bench/pace-summary.ts';
import { HELD_OUT_SET, makeTraces, TUNED_SET } from '../../../bench/traces.ts';

/** Requests and lag as shares of those of a fixed interval of 5 s, for each group. */
const LIMITS: Readonly<Record<string, { requests: number; lag: number }>> = {
  'end when their counters say so': { requests: 0.3, lag: 0.8 },
  'end with a part of the total left over': { requests: 0.3, lag: 1 },
  'were under way before the first check': { requests: 0.3, lag: 0.8 },
  'end earlier or later than their speed predicts': { requests: 0.3, lag: 1.2 },
};

/** What nothing was tuned with has longer tails and steeper curves, so it may cost a tenth more. */
const SETS = [
  { name: 'was tuned with', set: TUNED_SET, tolerance: 1 },
  { name: 'was never tuned with', set: HELD_OUT_SET, tolerance: 1.1 },
];

describe.each(SETS)('polling of the crawls that it $name', ({ set, tolerance }) => {
  const { traces, groups, others } = replaySet(makeTraces(set));

  it('is replayed on hundreds of crawls, from seconds to most of an hour', () => {
    expect(traces.length).toBeGreaterThanOrEqual(400);
    const ends = traces.map(({ end }) => end);
    expect(Math.min(...ends)).toBeLessThan(7);
    expect(Math.max(...ends)).toBeGreaterThan(2_400);
  });

  it.each(Object.entries(LIMITS))('keeps its limits for those that %s', (name, limits) => {
    const { auto, 'fixed-5': five } = (groups.find((one) => one.name === name) as Summary).policies;
    expect(auto.requests / five.requests).toBeLessThanOrEqual(limits.requests * tolerance);
    expect(auto.mean_lag_s / five.mean_lag_s).toBeLessThanOrEqual(limits.lag * tolerance);
    expect(auto.within).toBeGreaterThanOrEqual(0.95);
  });

  it('sends no more requests than a fixed 10 s where nothing can be foreseen', () => {
    const { auto, 'fixed-10': ten } = others.policies;
    expect(auto.requests).toBeLessThanOrEqual(ten.requests);
    expect(auto.max_lag_s).toBeLessThanOrEqual(30);
  });
});
