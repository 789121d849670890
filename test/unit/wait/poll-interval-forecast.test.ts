import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  keepLook,
  type Look,
  MAX_INTERVAL_MS,
  MIN_INTERVAL_MS,
  nextDelay,
} from '../../../src/wait/poll-interval.ts';

const SECOND = 1_000;
type Seen = readonly [second: number, completed: number, status?: string];

/** Seconds until the next look at a crawl of so many pages, after these looks. */
function nextAfter(total: number | null, ...seen: readonly Seen[]): number {
  return nextDelay(seen.map((one) => lookOf(total, one))) / SECOND;
}

function lookOf(total: number | null, [second, completed, status = 'scraping']: Seen): Look {
  return { at: second * SECOND, status, completed, total };
}

/** After the first forecast, when so many seconds are left. */
const atFirst = (left: number) => nextAfter(1_000 + 10 * left, [0, 0], [100, 1_000]);
/** After forecasts that have stood still. */
const whenSteady = (left: number) => nextAfter(1_000 + 10 * left, [0, 0], [80, 800], [100, 1_000]);

describe('a crawl whose end can be foreseen', () => {
  it('is looked at seldom when the end is far, and often when it is near', () => {
    for (const wait of [atFirst, whenSteady]) {
      const waits = [12, 20, 30, 60, 90].map(wait);
      expect(waits).toEqual(waits.toSorted((one, other) => one - other));
      expect(waits[0]).toBeLessThan(8);
      expect(waits.at(-1)).toBeGreaterThan(15);
    }
  });

  it('is looked at well before a first forecast: the end may come sooner', () => {
    for (const left of [10, 20, 30, 60]) expect(atFirst(left)).toBeLessThan(left / 2);
    // The further away, the less is known of it.
    expect(atFirst(60) / 60).toBeLessThan(atFirst(20) / 20);
  });

  it('is looked at shortly before the end when its forecast is steady', () => {
    for (const left of [15, 20, 30]) {
      expect(whenSteady(left)).toBeGreaterThan(left - 6);
      expect(whenSteady(left)).toBeLessThan(left - 3);
    }
  });

  it('is looked at just after its end when that is near', () => {
    for (const left of [2, 2.5, 3]) {
      expect(whenSteady(left)).toBeGreaterThan(left);
      expect(whenSteady(left)).toBeLessThan(left + 0.5);
      expect(atFirst(left)).toBe(whenSteady(left));
    }
  });

  it('that goes evenly is seen to have ended in a moment, with few looks', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 40, max: 2_000 }),
        fc.integer({ min: 2, max: 40 }),
        (length, pagesPerSecond) => {
          const total = length * pagesPerSecond;
          let looks: Look[] = [];
          let second = 0;
          let count = 0;
          for (; second < length; second += nextDelay(looks) / SECOND) {
            looks = keepLook(looks, lookOf(total, [second, Math.floor(second * pagesPerSecond)]));
            count += 1;
          }
          expect(second - length).toBeLessThan(2.5);
          expect(count).toBeLessThan(12 + length / 25);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('goes at its latest speed, not at that of long ago', () => {
    // First 100 pages a second, then 10: 30 s are left, not 5.
    const slower: Seen[] = [
      [0, 0],
      [40, 4_000],
      [60, 4_200],
      [80, 4_400],
    ];
    expect(nextAfter(4_700, ...slower)).toBeCloseTo(whenSteady(30));
  });

  it('needs the longer to show its speed the older it is', () => {
    // 6 a second in the last fifth of 400 s; 10 in the last 20 s, which are too short to tell.
    expect(nextAfter(3_700, [0, 0], [300, 3_000], [380, 3_400], [400, 3_600])).toBeCloseTo(
      atFirst(100 / 6),
    );
  });

  it('needs longer when the forecast recedes, but is looked at before that', () => {
    // Half the speed: 40 s are left, if it stays so.
    const receding = nextAfter(700, [0, 0], [40, 400], [60, 500]);
    expect(receding).toBeGreaterThan(atFirst(40));
    expect(receding).toBeLessThan(Math.min(MAX_INTERVAL_MS / SECOND, 40 - 5));
    // As far from its end: the more it recedes, the less it is trusted.
    const waits = [200, 180, 160].map((more) =>
      nextAfter(400 + 2 * more, [0, 0], [40, 400], [60, 400 + more]),
    );
    expect(waits[0]).toBeCloseTo(whenSteady(20));
    expect(waits).toEqual(waits.toSorted((one, other) => other - one));
    expect(new Set(waits).size).toBe(3);
  });

  it('counts as receding by no more than half of each second: more is noise', () => {
    // Stops nearly: its forecast recedes by more than the time that passed.
    expect(nextAfter(506, [0, 0], [40, 400], [60, 420])).toBeCloseTo(atFirst(86 * 2));
    expect(nextAfter(440, [0, 0], [40, 400], [60, 420])).toBeCloseTo(atFirst(20 * 2));
  });

  it('whose forecast jumped nearer is trusted no more than at first', () => {
    // 15 pages a second instead of 10: 20 s are left.
    expect(nextAfter(1_000, [0, 0], [40, 400], [60, 700])).toBeCloseTo(atFirst(20));
  });

  it('has no earlier forecast while the total was unknown', () => {
    const looks = [0, 40, 60].map((second) =>
      lookOf(second === 60 ? 1_000 : null, [second, second * 10]),
    );
    expect(nextDelay(looks) / SECOND).toBeCloseTo(atFirst(40));
  });

  it('is looked at soon while it is young', () => {
    const young = nextAfter(1_000, [0, 0], [1, 1]);
    expect(young).toBeLessThan(10);
    expect(nextAfter(1_000, [0, 0], [5, 5])).toBeCloseTo(young + 4);
    expect(nextAfter(1_000, [0, 0, 'pending'], [100, 0], [101, 1])).toBeCloseTo(young);
  });

  it('has no speed from the time in the queue', () => {
    expect(nextAfter(250, [100, 0, 'pending'], [110, 0], [120, 100])).toBeCloseTo(
      nextAfter(250, [110, 0], [120, 100]),
    );
  });

  it('has the speed of its moves, not of the pauses between them', () => {
    const moves: Seen[] = [
      [0, 0],
      [30, 300],
      [60, 600],
    ];
    // A burst every 30 s, 10 pages a second: 30 s are left from 60 s on, and 25 s from 65 s on,
    // as far as is known of a burst that came between two looks.
    const pausing = nextAfter(1_050, ...moves, [65, 600]);
    expect(pausing).toBeGreaterThan(atFirst(15));
    expect(pausing).toBeLessThan(25);
    // From the first look that saw 400 pages: 200 in 35 s, not in the last 20 s of them. The end
    // recedes by more than half of each second.
    expect(nextAfter(800, [0, 0], [40, 400], [55, 400], [75, 600])).toBeCloseTo(atFirst(2 * 35));
  });

  it('that outlasts its forecast is looked at in proportion to the delay', () => {
    // A burst came at 45 s, as far as is known: the end was foreseen for 55 s.
    const after = (delay: number) =>
      nextAfter(600, [0, 0], [40, 400], [50, 500], [55 + delay, 500]);
    expect(after(110)).toBeCloseTo(2 * after(55));
    expect(after(220)).toBeCloseTo(4 * after(55));
    expect(after(110)).toBeLessThan(11);
    expect(after(1)).toBe(MIN_INTERVAL_MS / SECOND);
  });
});

describe('a crawl whose end cannot be foreseen', () => {
  it('is looked at in proportion to the time in the queue', () => {
    const queue = (seconds: number) => nextAfter(null, [0, 0, 'pending'], [seconds, 0, 'pending']);
    expect(queue(20)).toBeCloseTo(2 * queue(10));
    expect(queue(20)).toBeLessThanOrEqual(20);
    expect(queue(3_600)).toBe(MAX_INTERVAL_MS / SECOND);
  });

  it('is looked at by the root of its age while its pages are unknown', () => {
    const unknown = (age: number, ...before: Seen[]) =>
      nextAfter(null, ...before, [1_000, 0], [1_000 + age, 300]);
    expect(unknown(400)).toBeCloseTo(2 * unknown(100));
    expect(unknown(900)).toBeCloseTo(3 * unknown(100));
    expect(unknown(100)).toBeGreaterThan(5);
    expect(unknown(100, [0, 0, 'pending'])).toBe(unknown(100));
  });

  it('is looked at in proportion to its age while it has not moved', () => {
    const standing = (age: number) => nextAfter(800, [0, 0], [age, 0]);
    expect(standing(40)).toBeCloseTo(2 * standing(20));
    expect(standing(40)).toBeLessThan(20);
    expect(nextAfter(800, [0, 0, 'pending'], [40, 0])).toBe(MIN_INTERVAL_MS / SECOND);
  });

  it('is looked at by the root of the time for which all pages have been seen', () => {
    const indexing = (time: number, start = 0) =>
      nextAfter(300, [start, 0], [1_000, 300], [1_000 + time, 300]);
    expect(indexing(400)).toBeCloseTo(2 * indexing(100));
    expect(indexing(900)).toBeCloseTo(3 * indexing(100));
    expect(indexing(100)).toBeGreaterThan(5);
    expect(indexing(100, 990)).toBe(indexing(100));
    expect(nextAfter(300, [0, 0], [1_000, 310], [1_100, 310])).toBe(indexing(100));
    // A total of 0: it has seen all there is.
    expect(nextAfter(0, [0, 0], [100, 0])).toBe(indexing(100));
  });
});

describe('the looks that are kept', () => {
  const keep = (...looks: readonly Look[]) => looks.reduce<Look[]>(keepLook, []);
  const same = [10, 20, 30, 40].map((second) => lookOf(800, [second, 5]));

  it('are the first and the last of a standstill', () => {
    const [first, , , last] = same;
    expect(keep(...same)).toEqual([first, last]);
    const moved = [lookOf(800, [5, 0]), ...same, lookOf(800, [50, 6])];
    expect(keep(...moved)).toEqual([moved[0], first, last, moved.at(-1)]);
    const before = [1, 3, 5].map((second) => lookOf(800, [second, second / 2]));
    expect(keep(...before, ...same)).toEqual([...before, first, last]);
  });

  it.each([
    ['pages', { completed: 6 }],
    ['total', { total: 801 }],
    ['status', { status: 'indexing' }],
  ])('are all those between which the %s changed', (_, change) => {
    const looks = same.map((look, index) => (index === 1 ? { ...look, ...change } : look));
    expect(keep(...looks)).toEqual(looks);
  });

  it('are the first one and the latest of many that differ', () => {
    const many = Array.from({ length: 100 }, (_, n) => lookOf(800, [n, n]));
    const kept = keep(...many);
    expect(kept[0]).toBe(many[0]);
    expect(kept.slice(1)).toEqual(many.slice(1 - kept.length));
    expect(kept.length).toBeGreaterThan(20);
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
