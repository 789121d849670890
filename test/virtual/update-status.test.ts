import { expect, test } from 'vitest';
import { updateStatus } from '../../src/github/update-status.ts';
import { GithubError } from '../../src/ports/github.ts';
import { createVirtualClock } from '../support/virtual-world.ts';

const HOUR = 3_600_000;

/** A status whose text changes with every look, on a wait of that many milliseconds. */
async function wait(length: number, set: (at: number) => void): Promise<void> {
  const clock = createVirtualClock();
  const { signal } = new AbortController();
  const status = updateStatus({
    current: () => ({ state: 'pending', description: `${clock.elapsed()}` }),
    set: async () => set(clock.elapsed()),
    clock,
    pauseMs: 15_000,
  });
  await clock.settle(clock.sleepUntil(length, signal));
  await status.stop(length, signal);
}

test('it moves every 15 seconds at most, and never so often that GitHub refuses more', async () => {
  const moves: number[] = [];
  await wait(720 * HOUR, (at) => moves.push(at));
  const pauses = moves.slice(1).map((at, index) => at - (moves[index] ?? 0));
  expect(moves[0]).toBe(0);
  expect(Math.min(...pauses)).toBe(15_000);
  expect(moves.filter((at) => at <= HOUR).length).toBeGreaterThan(100);
  expect(moves.length).toBeLessThan(900);
});

test('an error that will not pass is met once', async () => {
  let tries = 0;
  const refused = wait(HOUR, () => {
    tries += 1;
    throw new GithubError('permission', 'GitHub returned 403');
  });
  await refused;
  expect(tries).toBe(1);
});
