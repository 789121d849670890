import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { type Acquisition, createRateLimiter } from '../../src/wait/rate-limit.ts';
import { createVirtualClock } from '../support/virtual-world.ts';

/** Turns on a virtual clock; `take` tells when the turn came, or `undefined` when none did. */
function stage() {
  const clock = createVirtualClock();
  const turns = createRateLimiter(clock, { limited: true });
  const take = async (
    request: Partial<Acquisition> = {},
    signal = new AbortController().signal,
  ) => {
    const wanted = {
      notBefore: 0,
      interval: 1_000,
      ignoreHoldFrom: Infinity,
      giveUpAt: Infinity,
      ...request,
    };
    return (await turns.acquire(wanted, signal)) ? clock.elapsed() : undefined;
  };
  return { clock, turns, take };
}

describe('Retry-After', () => {
  it('holds back every crawl of the step', async () => {
    const { clock, turns, take } = stage();
    turns.pauseUntil(20_000);
    expect(
      await clock.settle(
        Promise.all([take(), take({ notBefore: 5_000 }), take({ notBefore: 25_000 })]),
      ),
    ).toEqual([20_000, 20_000, 25_000]);
  });

  it('holds back those that wait already', async () => {
    const { clock, turns, take } = stage();
    const waiting = take({ notBefore: 5_000 });
    turns.pauseUntil(20_000);
    expect(await clock.settle(waiting)).toBe(20_000);
  });

  it('is not shortened by a later one that asks for less', async () => {
    const { clock, turns, take } = stage();
    turns.pauseUntil(20_000);
    turns.pauseUntil(3_000);
    expect(await clock.settle(take())).toBe(20_000);
  });

  it('is lengthened by a later one that asks for more', async () => {
    const { clock, turns, take } = stage();
    const waiting = take();
    turns.pauseUntil(3_000);
    const other = take();
    turns.pauseUntil(20_000);
    expect(await clock.settle(Promise.all([waiting, other]))).toEqual([0, 20_000]);
  });

  it('does not outlast the limit of a crawl: its look is taken in spite of it', async () => {
    const { clock, turns, take } = stage();
    turns.pauseUntil(20_000);
    const times = Promise.all([
      take({ ignoreHoldFrom: 8_000 }),
      take({ notBefore: 10_000, ignoreHoldFrom: 8_000 }),
      take({ ignoreHoldFrom: 30_000 }),
    ]);
    expect(await clock.settle(times)).toEqual([8_000, 10_000, 20_000]);
  });
});

describe('the end of a wait', () => {
  it('comes before the turn when the rate has none left', async () => {
    const { clock, take } = stage();
    const asks = Array.from({ length: 15 }, () => take({ giveUpAt: 3_500 }));
    const times = await clock.settle(Promise.all(asks));
    expect(times.filter((at) => at !== undefined)).toHaveLength(13);
    expect(clock.elapsed()).toBeLessThanOrEqual(3_500);
  });

  it('is said at once when a Retry-After is longer', async () => {
    const { clock, turns, take } = stage();
    turns.pauseUntil(20_000);
    expect(await clock.settle(take({ giveUpAt: 4_000 }))).toBeUndefined();
    expect(clock.elapsed()).toBe(0);
  });

  it('of one crawl leaves its turn to the others', async () => {
    const { clock, take } = stage();
    await clock.settle(Promise.all(Array.from({ length: 10 }, () => take())));
    const times = Promise.all([take({ giveUpAt: 500, interval: 1 }), take(), take()]);
    expect(await clock.settle(times)).toEqual([undefined, expect.any(Number), expect.any(Number)]);
    expect(clock.elapsed()).toBeLessThan(2_200);
  });
});

describe('a signal', () => {
  const reason = new Error('the run is over');

  it('that has aborted gives no turn', async () => {
    const { clock, take } = stage();
    await expect(clock.settle(take({}, AbortSignal.abort(reason)))).rejects.toBe(reason);
  });

  it('ends the wait at once, with its reason, and no other', async () => {
    const { clock, take } = stage();
    const stop = new AbortController();
    const ended = take({ notBefore: 60_000 }, stop.signal);
    const stays = take({ notBefore: 61_000 });
    stop.abort(reason);
    await expect(clock.settle(ended)).rejects.toBe(reason);
    expect(clock.elapsed()).toBe(0);
    expect(await clock.settle(stays)).toBe(61_000);
  });

  it('takes no turn from the others', async () => {
    const { clock, take } = stage();
    const stop = new AbortController();
    await clock.settle(Promise.all(Array.from({ length: 10 }, () => take())));
    const ended = Promise.allSettled(
      Array.from({ length: 5 }, () => take({ interval: 1 }, stop.signal)),
    );
    const stays = take();
    stop.abort(reason);
    await clock.settle(ended);
    expect(await clock.settle(stays)).toBeLessThan(1_100);
  });

  it('is listened to no longer than the wait', async () => {
    const { clock, take } = stage();
    const { signal } = new AbortController();
    await clock.settle(Promise.all([take({}, signal), take({ notBefore: 5_000 }, signal)]));
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('changes nothing when the turn has come', async () => {
    const { clock, take } = stage();
    const stop = new AbortController();
    expect(await clock.settle(take({}, stop.signal))).toBe(0);
    stop.abort(reason);
    expect(await clock.settle(take())).toBe(0);
  });
});
