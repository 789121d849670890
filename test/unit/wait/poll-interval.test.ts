import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sample } from '../../../src/result.ts';
import { addSample } from '../../../src/wait/history.ts';
import {
  MAX_INTERVAL_MS,
  MIN_INTERVAL_MS,
  nextDelay,
  probabilityOfEnd,
} from '../../../src/wait/poll-interval.ts';
import { DATE, type Seen, samplesOf } from '../../support/samples.ts';

const SECOND = 1_000;

/** 10 pages a second, checked at these seconds; each page moves `updated_at`. */
function evenly(total: number, ...seconds: number[]): Sample[] {
  return samplesOf(
    total,
    ...seconds.map((second): Seen => [second, second * 10, 'scraping', second]),
  );
}

/** The first sample of a crawl that has run for so many seconds at an even speed. */
function underWay(completed: number, total: number, seconds: number): Sample[] {
  return samplesOf(total, [0, completed, 'scraping', 0]).map((sample) => ({
    ...sample,
    startedAt: DATE - seconds * SECOND,
  }));
}

const instant = fc.option(fc.oneof(fc.double(), fc.integer({ min: DATE - 1e9, max: DATE + 1e9 })), {
  nil: null,
});
const anySample: fc.Arbitrary<Sample> = fc.record({
  at: fc.double({ min: 0, max: 1e12, noNaN: true }),
  date: fc.integer({ min: 0, max: 2 * DATE }),
  status: fc.constantFrom('pending', 'scraping', 'indexing', ''),
  completed: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  total: fc.option(fc.nat({ max: Number.MAX_SAFE_INTEGER }), { nil: null }),
  added: fc.nat(),
  updated: fc.nat(),
  removed: fc.nat(),
  unchanged: fc.nat(),
  lostMs: fc.nat(),
  startedAt: instant,
  updatedAt: instant,
});
const anyHistory = fc
  .tuple(fc.array(anySample, { maxLength: 60 }), fc.boolean())
  .map(([samples, inOrder]) =>
    (inOrder ? samples.toSorted((one, other) => one.at - other.at) : samples).reduce<Sample[]>(
      addSample,
      [],
    ),
  );

describe('the time until the next check', () => {
  it('is from 2 s to 30 s, whatever the job said', () => {
    fc.assert(
      fc.property(anyHistory, (samples) => {
        const delay = nextDelay(samples);
        expect(delay).toBeGreaterThanOrEqual(MIN_INTERVAL_MS);
        expect(delay).toBeLessThanOrEqual(MAX_INTERVAL_MS);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is the shortest one after the first check of a crawl that says nothing yet', () => {
    expect(nextDelay([])).toBe(MIN_INTERVAL_MS);
    expect(nextDelay(samplesOf(null, [0, 0, 'pending']))).toBeLessThan(5 * SECOND);
    expect(nextDelay(samplesOf(800, [0, 0]))).toBeLessThan(5 * SECOND);
  });

  it('is the longest one in the middle of a long crawl', () => {
    expect(nextDelay(evenly(20_000, 0, 300, 600, 900))).toBe(MAX_INTERVAL_MS);
  });

  it('is known from the first sample on for a crawl that is under way', () => {
    expect(nextDelay(underWay(400, 800, 300))).toBe(MAX_INTERVAL_MS);
    expect(nextDelay(underWay(770, 800, 192))).toBeLessThan(7.5 * SECOND);
    expect(nextDelay(underWay(10, 800, 2.5))).toBeGreaterThan(10 * SECOND);
  });

  it('shrinks as the crawl comes near its end', () => {
    const delays = [300, 500, 540, 570, 585, 595].map((last) =>
      nextDelay(evenly(6_000, 0, 100, 200, last)),
    );
    expect(delays).toEqual(delays.toSorted((one, other) => other - one));
    expect(delays[0]).toBe(MAX_INTERVAL_MS);
    expect(delays.at(-1)).toBeLessThan(8 * SECOND);
  });

  it('leads to a check soon after the last page', () => {
    for (const left of [3, 4, 5]) {
      const delay = nextDelay(evenly(6_000, 0, 300, 500, 600 - left));
      expect(delay).toBeLessThan((left + 2) * SECOND);
    }
  });

  it('is short in the last tenth, where a crawl can finish with pages left over', () => {
    const before = nextDelay(evenly(3_000, 0, 100, 200));
    const within = nextDelay(evenly(3_000, 0, 100, 200, 280));
    expect(before).toBeGreaterThan(20 * SECOND);
    expect(within).toBeLessThan(10 * SECOND);
  });

  it('is longer when the crawl slows down', () => {
    const even = samplesOf(1_000, [0, 0], [80, 400], [160, 800]);
    const slower = samplesOf(1_000, [0, 0], [100, 720], [160, 800]);
    expect(nextDelay(slower)).toBeGreaterThan(nextDelay(even));
  });

  it('is longer while a first forecast has not been confirmed, never past the forecast', () => {
    for (const left of [20, 25, 30]) {
      const first = nextDelay(underWay(1_000 - 10 * left, 1_000, 100 - left));
      expect(first).toBeLessThan(left * SECOND);
    }
  });

  it.each([
    [
      'in the queue',
      (passed: number) => samplesOf(null, [0, 0, 'pending'], [passed, 0, 'pending']),
    ],
    ['without a total', (passed: number) => samplesOf(null, [0, 0], [passed, 300])],
    ['that does not move', (passed: number) => samplesOf(800, [0, 0], [passed, 0])],
    ['that is indexed', (passed: number) => samplesOf(800, [0, 0], [60, 800], [60 + passed, 800])],
  ])('grows with the time that has passed for a crawl %s', (_, samples) => {
    const delays = [1, 4, 16, 64].map((passed) => nextDelay(samples(passed)));
    expect(delays).toEqual(delays.toSorted((one, other) => one - other));
    expect(delays[3]).toBeGreaterThan(2 * (delays[0] ?? 0));
  });

  it('does not stay short for a crawl that stands just before its end', () => {
    const standing = (seconds: number) =>
      nextDelay(samplesOf(1_000, [0, 0], [100, 500], [199, 995], [199 + seconds, 995]));
    expect(standing(2)).toBeLessThan(5 * SECOND);
    expect(standing(300)).toBeGreaterThan(10 * SECOND);
  });
});

describe('the probability that a crawl has finished', () => {
  it('starts at 0 and grows, whatever the job said', () => {
    fc.assert(
      fc.property(
        anyHistory,
        fc.nat({ max: 60_000 }),
        fc.nat({ max: 60_000 }),
        (samples, one, two) => {
          fc.pre(samples.length > 0);
          const [earlier, later] = [one, two].toSorted((some, other) => some - other);
          const early = probabilityOfEnd(samples, earlier ?? 0);
          const late = probabilityOfEnd(samples, later ?? 0);
          expect(probabilityOfEnd(samples, 0)).toBeCloseTo(0);
          expect(early).toBeGreaterThanOrEqual(-1e-9);
          expect(late).toBeGreaterThanOrEqual(early - 1e-9);
          expect(late).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is small before the last tenth, and certain soon after the forecast', () => {
    expect(probabilityOfEnd(evenly(10_000, 0, 300, 600), 30 * SECOND)).toBeLessThan(0.05);
    expect(probabilityOfEnd(evenly(6_000, 0, 300, 590), 20 * SECOND)).toBeGreaterThan(0.9);
  });
});
