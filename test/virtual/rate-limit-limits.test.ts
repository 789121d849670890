import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { limiterInVirtualTime } from '../support/limiter.ts';

describe('Retry-After', () => {
  it('holds back every crawl of the step', async () => {
    const { clock, limiter, acquire } = limiterInVirtualTime();
    limiter.pauseUntil(20_000);
    expect(
      await clock.settle(
        Promise.all([acquire(), acquire({ notBefore: 5_000 }), acquire({ notBefore: 25_000 })]),
      ),
    ).toEqual([20_000, 20_000, 25_000]);
  });

  it('holds back those that wait already', async () => {
    const { clock, limiter, acquire } = limiterInVirtualTime();
    const waiting = acquire({ notBefore: 5_000 });
    limiter.pauseUntil(20_000);
    expect(await clock.settle(waiting)).toBe(20_000);
  });

  it('is not shortened by a later one that asks for less', async () => {
    const { clock, limiter, acquire } = limiterInVirtualTime();
    limiter.pauseUntil(20_000);
    limiter.pauseUntil(3_000);
    expect(await clock.settle(acquire())).toBe(20_000);
  });

  it('is lengthened by a later one that asks for more', async () => {
    const { clock, limiter, acquire } = limiterInVirtualTime();
    const waiting = acquire();
    limiter.pauseUntil(3_000);
    const other = acquire();
    limiter.pauseUntil(20_000);
    expect(await clock.settle(Promise.all([waiting, other]))).toEqual([0, 20_000]);
  });

  it('does not outlast the limit of a crawl: its look is taken in spite of it', async () => {
    const { clock, limiter, acquire } = limiterInVirtualTime();
    limiter.pauseUntil(20_000);
    const times = Promise.all([
      acquire({ ignoreHoldFrom: 8_000 }),
      acquire({ notBefore: 10_000, ignoreHoldFrom: 8_000 }),
      acquire({ ignoreHoldFrom: 30_000 }),
    ]);
    expect(await clock.settle(times)).toEqual([8_000, 10_000, 20_000]);
  });
});

describe('the end of a wait', () => {
  it('comes before the turn when the rate has none left', async () => {
    const { clock, acquire } = limiterInVirtualTime();
    const asks = Array.from({ length: 15 }, () => acquire({ giveUpAt: 3_500 }));
    const times = await clock.settle(Promise.all(asks));
    expect(times.filter((at) => at !== undefined)).toHaveLength(13);
    expect(clock.elapsed()).toBeLessThanOrEqual(3_500);
  });

  it('is said at once when a Retry-After is longer', async () => {
    const { clock, limiter, acquire } = limiterInVirtualTime();
    limiter.pauseUntil(20_000);
    expect(await clock.settle(acquire({ giveUpAt: 4_000 }))).toBeUndefined();
    expect(clock.elapsed()).toBe(0);
  });

  it('of one crawl leaves its turn to the others', async () => {
    const { clock, acquire } = limiterInVirtualTime();
    await clock.settle(Promise.all(Array.from({ length: 10 }, () => acquire())));
    const times = Promise.all([acquire({ giveUpAt: 500, interval: 1 }), acquire(), acquire()]);
    expect(await clock.settle(times)).toEqual([undefined, expect.any(Number), expect.any(Number)]);
    expect(clock.elapsed()).toBeLessThan(2_200);
  });
});

describe('a signal', () => {
  const reason = new Error('the run is over');

  it('that has aborted gives no turn', async () => {
    const { clock, acquire } = limiterInVirtualTime();
    await expect(clock.settle(acquire({}, AbortSignal.abort(reason)))).rejects.toBe(reason);
  });

  it('ends the wait at once, with its reason, and no other', async () => {
    const { clock, acquire } = limiterInVirtualTime();
    const stop = new AbortController();
    const ended = acquire({ notBefore: 60_000 }, stop.signal);
    const stays = acquire({ notBefore: 61_000 });
    stop.abort(reason);
    await expect(clock.settle(ended)).rejects.toBe(reason);
    expect(clock.elapsed()).toBe(0);
    expect(await clock.settle(stays)).toBe(61_000);
  });

  it('takes no turn from the others', async () => {
    const { clock, acquire } = limiterInVirtualTime();
    const stop = new AbortController();
    await clock.settle(Promise.all(Array.from({ length: 10 }, () => acquire())));
    const ended = Promise.allSettled(
      Array.from({ length: 5 }, () => acquire({ interval: 1 }, stop.signal)),
    );
    const stays = acquire();
    stop.abort(reason);
    await clock.settle(ended);
    expect(await clock.settle(stays)).toBeLessThan(1_100);
  });

  it('is listened to no longer than the wait', async () => {
    const { clock, acquire } = limiterInVirtualTime();
    const { signal } = new AbortController();
    await clock.settle(Promise.all([acquire({}, signal), acquire({ notBefore: 5_000 }, signal)]));
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('changes nothing when the turn has come', async () => {
    const { clock, acquire } = limiterInVirtualTime();
    const stop = new AbortController();
    expect(await clock.settle(acquire({}, stop.signal))).toBe(0);
    stop.abort(reason);
    expect(await clock.settle(acquire())).toBe(0);
  });
});
