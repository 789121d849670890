import { describe, expect, it } from 'vitest';
import type { Acquisition } from '../../src/wait/rate-limit.ts';
import { limiterInVirtualTime } from '../support/limiter.ts';

describe('a turn', () => {
  it('comes when it is due, not before', async () => {
    const { clock, acquire } = limiterInVirtualTime();
    expect(
      await clock.settle(
        Promise.all([acquire({ notBefore: 5_000 }), acquire({ notBefore: 3_000 }), acquire()]),
      ),
    ).toEqual([5_000, 3_000, 0]);
  });

  it('comes at once when it is overdue', async () => {
    const { clock, acquire, wait } = limiterInVirtualTime();
    await wait(7_000);
    expect(await clock.settle(acquire({ notBefore: 1_000 }))).toBe(7_000);
  });

  it('comes at its due time to one that asks while a later one waits', async () => {
    const { clock, acquire, wait } = limiterInVirtualTime();
    const later = acquire({ notBefore: 60_000 });
    await wait(1_000);
    expect(await clock.settle(acquire({ notBefore: 2_000 }))).toBe(2_000);
    expect(await clock.settle(later)).toBe(60_000);
  });

  it.each([
    ['gets its own', { notBefore: 1_000 }],
    ['gives up', { notBefore: 5_000, giveUpAt: 1_000 }],
  ])('comes to one that asks in the very moment in which another %s', async (_, request) => {
    const { clock, acquire } = limiterInVirtualTime();
    const second = acquire(request).then(() => acquire({ notBefore: 2_000 }));
    expect(await clock.settle(second)).toBe(2_000);
  });
});

describe('the rate of several crawls', () => {
  it('allows a burst of 10', async () => {
    const { clock, acquire } = limiterInVirtualTime();
    const all = Array.from({ length: 11 }, () => acquire());
    const times = await clock.settle(Promise.all(all));
    expect(times.filter((at) => at === 0)).toHaveLength(10);
    expect(times.at(-1)).toBeGreaterThan(1_000);
  });

  it('stays under 60 a minute after it', async () => {
    const { clock, acquire } = limiterInVirtualTime();
    const all = Array.from({ length: 300 }, () => acquire());
    const times = (await clock.settle(Promise.all(all)))
      .map((at) => at ?? Infinity)
      .sort((a, b) => a - b);
    for (const from of times.slice(10)) {
      const inMinute = times.filter((at) => at >= from && at < from + 60_000);
      expect(inMinute.length).toBeLessThan(60);
    }
    // And wastes little of what it may.
    expect(times.at(-1)).toBeLessThan(310_000);
  });

  it('stays under 60 a minute plus the burst, however the requests come', async () => {
    const { clock, acquire } = limiterInVirtualTime();
    const asks = Array.from({ length: 200 }, (_, index) =>
      acquire({ notBefore: (index * index * 37) % 240_000 }),
    );
    const times = (await clock.settle(Promise.all(asks))).map((at) => at ?? Infinity);
    for (const from of times) {
      const inMinute = times.filter((at) => at >= from && at < from + 60_000);
      expect(inMinute.length).toBeLessThan(70);
    }
  });

  it('gives back the burst after a rest, and not more', async () => {
    const { clock, acquire, useUp, wait } = limiterInVirtualTime();
    await useUp();
    await wait(3_600_000);
    const times = await clock.settle(Promise.all(Array.from({ length: 12 }, () => acquire())));
    expect(times.filter((at) => at === 3_600_000)).toHaveLength(10);
  });

  it('gives back a part after a short rest', async () => {
    const { clock, acquire, useUp, wait } = limiterInVirtualTime();
    await useUp();
    await wait(3_500);
    const times = await clock.settle(Promise.all(Array.from({ length: 5 }, () => acquire())));
    expect(times.filter((at) => at === 3_500)).toHaveLength(3);
  });

  it('gives a turn when it is time, whatever the fractions of a millisecond', async () => {
    // Of these two, computed with rounding, the difference is less than the 1,020 that was added.
    const from = 4.1;
    expect(from + 1_020 - from).toBeLessThan(1_020);
    const { clock, acquire, useUp, wait } = limiterInVirtualTime();
    await wait(from);
    await useUp();
    expect(await clock.settle(acquire())).toBe(from + 1_020);
  });

  it('does not hold one crawl alone', async () => {
    const { clock, acquire } = limiterInVirtualTime({ limited: false });
    const times = await clock.settle(Promise.all(Array.from({ length: 500 }, () => acquire())));
    expect(times.every((at) => at === 0)).toBe(true);
  });
});

describe('who goes first', () => {
  const order = async (requests: readonly Partial<Acquisition>[]) => {
    const { clock, acquire, useUp } = limiterInVirtualTime();
    await useUp();
    const times = await clock.settle(Promise.all(requests.map((request) => acquire(request))));
    return times.map((_, index) => index).sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0));
  };

  it('is the one near its end, of two that are due at once', async () => {
    expect(await order([{ interval: 30_000 }, { interval: 2_000 }, { interval: 10_000 }])).toEqual([
      1, 2, 0,
    ]);
  });

  it('is the one that asked first, when nothing else tells them apart', async () => {
    expect(await order([{}, {}, {}])).toEqual([0, 1, 2]);
  });

  it('is the one that waits longer, of two that look as often', async () => {
    expect(await order([{ notBefore: 900 }, { notBefore: 100 }, { notBefore: 500 }])).toEqual([
      1, 2, 0,
    ]);
  });

  it('is never only the one near its end: all are served', async () => {
    const { clock, acquire } = limiterInVirtualTime();
    const until = 3_600_000;
    const looks = async (interval: number) => {
      let count = 0;
      for (let due = 0; due < until; ) {
        const at = (await acquire({ notBefore: due, interval, giveUpAt: until })) ?? until;
        count += 1;
        due = at + interval;
      }
      return count;
    };
    const eager = Array.from({ length: 20 }, () => looks(2_000));
    const patient = Array.from({ length: 20 }, () => looks(30_000));
    const counts = await clock.settle(Promise.all([...eager, ...patient]));
    expect(Math.min(...counts.slice(20))).toBeGreaterThan(5);
    expect(Math.min(...counts.slice(0, 20))).toBeGreaterThan(Math.max(...counts.slice(20)));
    expect(Math.max(...counts.slice(0, 20)) - Math.min(...counts.slice(0, 20))).toBeLessThanOrEqual(
      2,
    );
  });
});
