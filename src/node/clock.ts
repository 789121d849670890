import type { Clock } from '../ports/clock.ts';

/** The machine's clock. Only the `Date` of `now` follows when somebody sets it. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  async sleepUntil(until, signal) {
    signal.throwIfAborted();
    // Timers can fire a little early, and take up to 32 bits of milliseconds.
    for (let left = until - performance.now(); left > 0; left = until - performance.now()) {
      await sleep(Math.min(Math.ceil(left), 2 ** 31 - 1), signal);
    }
  },
};

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', stop, { once: true });
  });
}
