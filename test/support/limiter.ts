import { type Acquisition, createRateLimiter } from '../../src/wait/rate-limit.ts';
import { createVirtualClock } from './virtual-world.ts';

/** A rate limiter on a virtual clock. */
export function limiterInVirtualTime({ limited = true }: { limited?: boolean } = {}) {
  const clock = createVirtualClock();
  const limiter = createRateLimiter(clock, { limited });
  const never = new AbortController().signal;
  /** Resolves with the time at which the request can be sent, or with `undefined` when it can't. */
  const acquire = async (request: Partial<Acquisition> = {}, signal = never) => {
    const wanted = {
      notBefore: 0,
      interval: 1_000,
      ignoreHoldFrom: Infinity,
      giveUpAt: Infinity,
      ...request,
    };
    return (await limiter.acquire(wanted, signal)) ? clock.elapsed() : undefined;
  };
  /** Sends requests at once until the burst is used up. */
  const useUp = () => clock.settle(Promise.all(Array.from({ length: 10 }, () => acquire())));
  const wait = (until: number) => clock.settle(clock.sleepUntil(until, never));
  return { clock, limiter, acquire, useUp, wait };
}
