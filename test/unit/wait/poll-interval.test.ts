import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOf, isForeseeable, POLICIES, replay } from '../../../bench/pace-replay.ts';
import { makeTraces } from '../../../bench/traces.ts';
import {
  keepLook,
  type Look,
  MAX_INTERVAL_MS,
  MIN_INTERVAL_MS,
  nextDelay,
} from '../../../src/wait/poll-interval.ts';

/** Looks at a crawl of 1,000 pages that goes evenly for so many seconds, at these seconds. */
function evenly(length: number, ...seconds: number[]): Look[] {
  return seconds.map((second) => ({
    at: second * 1_000,
    status: 'scraping',
    completed: Math.min(1_000, Math.floor((1_000 * second) / length)),
    total: 1_000,
  }));
}

const anyLook = fc.record({
  at: fc.double({ min: 0, max: 1e12, noNaN: true }),
  status: fc.constantFrom('pending', 'scraping', 'indexing', ''),
  completed: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  total: fc.option(fc.nat({ max: Number.MAX_SAFE_INTEGER }), { nil: null }),
});

describe('the pace', () => {
  it('is finite and from 2 s to 30 s, whatever was seen', () => {
    fc.assert(
      fc.property(fc.array(anyLook, { maxLength: 60 }), fc.boolean(), (looks, inOrder) => {
        const seen = inOrder ? looks.toSorted((one, other) => one.at - other.at) : looks;
        const wait = nextDelay(seen.reduce<Look[]>(keepLook, []));
        expect(wait).toBeGreaterThanOrEqual(MIN_INTERVAL_MS);
        expect(wait).toBeLessThanOrEqual(MAX_INTERVAL_MS);
      }),
      { numRuns: 1_000 },
    );
  });

  it('begins with the shortest wait', () => {
    expect(nextDelay(evenly(600, 0))).toBe(MIN_INTERVAL_MS);
    expect(nextDelay([])).toBe(MIN_INTERVAL_MS);
  });

  it('looks seldom in the long middle', () => {
    expect(nextDelay(evenly(1_200, 0, 30, 60, 90, 120))).toBe(MAX_INTERVAL_MS);
  });

  it('looks when the crawl should be over once that is near', () => {
    expect(nextDelay(evenly(600, 0, 300, 570, 597))).toBeCloseTo(3_200, -3);
    expect(nextDelay(evenly(600, 0, 300, 570, 599.5))).toBe(MIN_INTERVAL_MS);
  });

  it('comes nearer to the end step by step', () => {
    const waits = [300, 500, 540, 570, 585, 593].map((last) =>
      nextDelay(evenly(600, 0, 100, 200, last)),
    );
    expect(waits).toEqual(waits.toSorted((one, other) => other - one));
    expect(waits.at(-1)).toBeLessThan(5_000);
  });

  it('looks less and less often at a queue, and at content that is indexed', () => {
    const queue = [0, 10, 30].map((at) => ({
      at: at * 1_000,
      status: 'pending',
      completed: 0,
      total: null,
    }));
    expect(nextDelay(queue)).toBeGreaterThan(nextDelay(queue.slice(0, 2)));
    const indexed = evenly(100, 0, 50, 100, 160, 300);
    expect(nextDelay(indexed)).toBeGreaterThan(nextDelay(indexed.slice(0, 4)));
    expect(nextDelay(indexed)).toBeLessThan(MAX_INTERVAL_MS);
  });

  it('takes a crawl that slows down for one that needs longer', () => {
    const even = evenly(600, 0, 200, 300, 400);
    const slowing = even.map((look, index) => (index === 3 ? { ...look, completed: 550 } : look));
    expect(nextDelay(slowing)).toBeGreaterThanOrEqual(nextDelay(even));
  });

  it('remembers a bounded number of looks, the first one always', () => {
    const looks = evenly(5_000, ...Array.from({ length: 1_000 }, (_, second) => second));
    const kept = looks.reduce<Look[]>(keepLook, []);
    expect(kept.length).toBeLessThan(50);
    expect(kept[0]).toEqual(looks[0]);
    expect(kept.at(-1)).toEqual(looks.at(-1));
  });
});

describe('what the pace costs', () => {
  const traces = makeTraces(2026, 40);
  const cost = (policy: string, foreseeable: boolean) =>
    costOf(
      traces
        .filter((trace) => isForeseeable(trace) === foreseeable)
        .map((trace) => replay(trace, policy, POLICIES[policy] ?? (() => Number.NaN))),
    );

  it('is replayed on at least a hundred crawls from 5 s to 60 min', () => {
    expect(traces.length).toBeGreaterThanOrEqual(100);
    const ends = traces.map(({ end }) => end);
    expect(Math.min(...ends)).toBeLessThan(7);
    expect(Math.max(...ends)).toBeGreaterThan(3_000);
  });

  it('is 0.30 of the requests of fixed-5 at 0.8 of its lag, where the end can be foreseen', () => {
    const [auto, five] = [cost('auto', true), cost('fixed-5', true)];
    expect(auto.requests / five.requests).toBeLessThanOrEqual(0.3);
    expect(auto.mean_lag_s / five.mean_lag_s).toBeLessThanOrEqual(0.8);
    expect(auto.within).toBeGreaterThanOrEqual(0.95);
  });

  it('is at most the requests of fixed-10 elsewhere, and never a lag above 30 s', () => {
    const [auto, ten] = [cost('auto', false), cost('fixed-10', false)];
    expect(auto.requests).toBeLessThanOrEqual(ten.requests);
    expect(auto.max_lag_s).toBeLessThanOrEqual(30);
  });
});
