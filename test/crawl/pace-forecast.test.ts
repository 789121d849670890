import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Look, nextLook } from '../../src/crawl/pace.ts';

const SECOND = 1_000;
type Seen = readonly [second: number, completed: number, status?: string];

/** Seconds until the next look at a crawl of so many pages, after these looks. */
function nextAfter(total: number | null, ...seen: readonly Seen[]): number {
  const looks = seen.map(
    ([second, completed, status = 'scraping']): Look => ({
      at: second * SECOND,
      status,
      completed,
      total,
    }),
  );
  return nextLook(looks) / SECOND;
}

describe('a crawl whose end can be foreseen', () => {
  it('is looked at after 42 % of the time that is left', () => {
    // 10 pages a second, 200 are left.
    expect(nextAfter(1_000, [0, 0], [40, 400], [80, 800])).toBeCloseTo(8.4);
  });

  it('is looked at just after its end when that is near', () => {
    // 20 are left.
    expect(nextAfter(1_000, [0, 0], [40, 400], [98, 980])).toBeCloseTo(2.2);
  });

  it('goes at its latest speed, not at that of long ago', () => {
    // First 100 pages a second, then 10; the window is a quarter of 80 s.
    expect(nextAfter(4_900, [0, 0], [40, 4_000], [60, 4_200], [80, 4_400])).toBeCloseTo(21);
    // 6 a second in the last quarter of 400 s; the last 20 s are too short to tell. The forecast
    // was 413.5 s, and is 416.7 s now.
    expect(nextAfter(3_700, [0, 0], [300, 3_000], [380, 3_400], [400, 3_600])).toBeCloseTo(
      (100 / 6 / (1 - 3.137 / 20)) * 0.42,
    );
  });

  it('needs longer when the forecast recedes', () => {
    // 9 pages a second instead of 10: the end recedes by 2.8 s in 20 s.
    expect(nextAfter(650, [0, 0], [40, 400], [60, 580])).toBeCloseTo(
      (70 / 9 / (1 - 0.1389)) * 0.42,
    );
    // Half the speed: it recedes by more than a third of each second, which is as much as counts.
    expect(nextAfter(700, [0, 0], [40, 400], [60, 500])).toBeCloseTo((40 / 0.65) * 0.42);
  });

  it('needs no longer when the forecast comes nearer', () => {
    expect(nextAfter(650, [0, 0], [40, 400], [60, 620])).toBeCloseTo(30 / 11 + 0.2);
  });

  it('has no earlier forecast to recede from while the total was unknown', () => {
    const looks = [0, 40, 60].map((second) => ({
      at: second * SECOND,
      status: 'scraping',
      completed: second * 10,
      total: second === 60 ? 1_000 : null,
    }));
    expect(nextLook(looks)).toBeCloseTo(40 * 0.42 * SECOND);
  });

  it('is looked at soon while it is young', () => {
    expect(nextAfter(1_000, [0, 0], [1, 1])).toBeCloseTo(7);
    expect(nextAfter(1_000, [0, 0, 'pending'], [100, 0], [101, 1])).toBeCloseTo(7);
  });

  it('has no speed from the time in the queue', () => {
    // 10 pages a second since it started.
    expect(nextAfter(250, [100, 0, 'pending'], [110, 0], [120, 100])).toBeCloseTo(15 * 0.42);
  });

  it('that outlasts its forecast is looked at after 6 % of the delay', () => {
    // A burst came between 40 s and 50 s: the end was foreseen for 55 s.
    expect(nextAfter(600, [0, 0], [40, 400], [50, 500], [110, 500])).toBeCloseTo(3.3);
  });

  it('is looked at less often at its end after a long wait: 400 s cost one second', () => {
    expect(nextAfter(4_000, [0, 0], [2_000, 2_000], [4_000, 3_999])).toBeCloseTo(10);
  });
});

describe('a crawl whose end cannot be foreseen', () => {
  it.each([
    [
      'waits in the queue: 80 % of the time so far',
      null,
      [0, 0, 'pending'],
      [20, 0, 'pending'],
      16,
    ],
    ['does not know its pages: 5 % of its age', null, [0, 0], [200, 300], 10],
    ['has not moved: 25 % of its age', 800, [0, 0], [40, 0], 10],
    ['has not moved since it left the queue', 800, [0, 0, 'pending'], [40, 0], 2],
    ['has seen all its pages: 6 % of the time since', 300, [100, 300], [200, 300], 6],
  ] as const)('%s', (_, total, first, last, wait) => {
    expect(nextAfter(total, first, last)).toBeCloseTo(wait);
  });

  it('has a total of 0: it has seen all there is', () => {
    expect(nextAfter(0, [0, 0], [100, 0])).toBeCloseTo(6);
  });
});

describe('the pace', () => {
  const looks = fc
    .array(
      fc.record({
        after: fc.integer({ min: 1, max: 60 }),
        more: fc.nat({ max: 50 }),
        status: fc.constantFrom('scraping', 'scraping', 'indexing'),
      }),
      { minLength: 1, maxLength: 20 },
    )
    .chain((some) => fc.tuple(fc.constant(some), fc.nat({ max: 3 }), fc.nat({ max: 2_000 })));

  it('does not depend on when the step began', () => {
    fc.assert(
      fc.property(looks, ([some, queued, total]) => {
        let [second, completed] = [0, 0];
        const seen = some.map(({ after, more, status }, index): Seen => {
          second += after;
          if (index >= queued) completed += more;
          return [second, completed, index < queued ? 'pending' : status];
        });
        const later = seen.map(([at, ...rest]): Seen => [at + 10_000, ...rest]);
        expect(nextAfter(total, ...later)).toBeCloseTo(nextAfter(total, ...seen), 6);
      }),
      { numRuns: 300 },
    );
  });
});
