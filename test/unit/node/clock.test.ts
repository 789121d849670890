import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/node/clock.ts';

const DAY = 24 * 60 * 60 * 1_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

// A timer of Node overflows above 24.8 days, and then ends after 1 ms.
it.each([1, 25, 30])('a sleep of %d days lasts as long', async (days) => {
  let awake = false;
  const until = systemClock.elapsed() + days * DAY;
  void systemClock.sleepUntil(until, new AbortController().signal).then(() => {
    awake = true;
  });
  await vi.advanceTimersByTimeAsync(days * DAY - 1_000);
  expect(awake).toBe(false);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(awake).toBe(true);
});

it('a sleep ends with the reason of its signal', async () => {
  const stop = new AbortController();
  const sleep = systemClock.sleepUntil(systemClock.elapsed() + 25 * DAY, stop.signal);
  stop.abort(new Error('stopped'));
  await expect(sleep).rejects.toThrow('stopped');
});
