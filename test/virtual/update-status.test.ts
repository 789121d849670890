import { describe, expect, test } from 'vitest';
import { finishStatus } from '../../src/github/finish-status.ts';
import { updateStatus } from '../../src/github/update-status.ts';
import { GithubError } from '../../src/ports/github.ts';
import { createVirtualClock } from '../support/virtual-world.ts';

const HOUR_MS = 3_600_000;
const refusal = new GithubError('permission', 'GitHub returned 403');

/** A status whose text changes with every check, on a wait of that many milliseconds. */
async function wait(length: number, set: (at: number) => void | Promise<void>): Promise<number> {
  const clock = createVirtualClock();
  const { signal } = new AbortController();
  const status = updateStatus({
    current: () => ({ state: 'pending', description: `${clock.elapsed()}` }),
    set: async () => set(clock.elapsed()),
    clock,
    pauseMs: 15_000,
  });
  await clock.settle(clock.sleepUntil(length, signal));
  return clock.settle(status.stop(length + 4_000, signal));
}

describe('the movements', () => {
  test('come every 15 seconds or less often, so that GitHub never refuses one more', async () => {
    const moves: number[] = [];
    await wait(720 * HOUR_MS, (at) => void moves.push(at));
    const pauses = moves.slice(1).map((at, index) => at - (moves[index] ?? 0));
    expect(moves[0]).toBe(0);
    expect(Math.min(...pauses)).toBe(15_000);
    expect(moves.filter((at) => at <= HOUR_MS).length).toBeGreaterThan(100);
    expect(moves.length).toBeLessThan(900);
  });

  test('stop after a refusal', async () => {
    let tries = 0;
    const lateUntil = await wait(HOUR_MS, () => {
      tries += 1;
      throw refusal;
    });
    expect(tries).toBe(1);
    expect(lateUntil).toBe(0);
  });

  test('wait as long as a rate limit asks for', async () => {
    const moves: number[] = [];
    await wait(100_000, (at) => {
      moves.push(at);
      throw new GithubError('rate-limit', 'GitHub returned 429', { retryAfterMs: 60_000 });
    });
    expect(moves).toEqual([0, 60_000]);
  });

  test.each([
    ['no-response', 30_000],
    ['server-error', 0],
  ] as const)(
    'after %s, one might arrive until %d ms after it was sent',
    async (reason, expected) => {
      const lateUntil = await wait(1_000, () => {
        throw new GithubError(reason, 'It failed');
      });
      expect(lateUntil).toBe(expected);
    },
  );

  test.each([
    ['is confirmed', undefined],
    ['is refused', new GithubError('server-error', 'It failed')],
  ])('one without a response might arrive after the next one, which %s', async (_, error) => {
    let tries = 0;
    const lateUntil = await wait(20_000, () => {
      tries += 1;
      if (tries === 1) throw new GithubError('no-response', 'It failed');
      if (error !== undefined) throw error;
    });
    expect(tries).toBe(2);
    expect(lateUntil).toBe(30_000);
  });

  test('one that is cut might arrive late; one that is confirmed cannot', async () => {
    expect(await wait(1_000, () => new Promise(() => undefined))).toBe(30_000);
    expect(await wait(1_000, () => undefined)).toBe(0);
  });
});

describe('the end', () => {
  /** Sends the end at 0 ms; a movement overtakes it at `overtakenAt`. */
  async function finish(overtakenAt: number, lateUntil: number, until = 9_500) {
    const clock = createVirtualClock();
    const sentAt: number[] = [];
    const isOvertaken = () => clock.elapsed() >= overtakenAt && (sentAt.at(-1) ?? 0) < overtakenAt;
    const finished = finishStatus({
      send: async () => void sentAt.push(clock.elapsed()),
      isShown: async () => !isOvertaken(),
      lateUntil,
      clock,
      until,
      signal: new AbortController().signal,
    });
    await clock.settle(finished);
    return { sentAt, isOvertaken: isOvertaken(), took: clock.elapsed() };
  }

  test('is sent once, and nothing is checked, when no movement can arrive late', async () => {
    expect(await finish(5_000, 0)).toMatchObject({ sentAt: [0], took: 0 });
  });

  test.each([10, 3_000, 8_000, 9_000])(
    'is sent again when it is overtaken at %d ms',
    async (at) => {
      const { sentAt, isOvertaken, took } = await finish(at, 10_000);
      expect(sentAt).toHaveLength(2);
      expect(isOvertaken).toBe(false);
      expect(took).toBeLessThanOrEqual(9_500);
    },
  );

  test('is checked only as long as a movement can arrive', async () => {
    expect((await finish(Number.POSITIVE_INFINITY, 2_000)).took).toBeLessThanOrEqual(2_000);
  });

  test('counts as sent, and is sent again, when only a check fails', async () => {
    const clock = createVirtualClock();
    let sent = 0;
    const finished = finishStatus({
      async send() {
        sent += 1;
        if (sent > 1) throw refusal;
      },
      isShown: () => Promise.reject(refusal),
      lateUntil: 1_000,
      clock,
      until: 9_500,
      signal: new AbortController().signal,
    });
    await expect(clock.settle(finished)).resolves.toBeUndefined();
    expect(sent).toBeGreaterThan(1);
  });

  test('fails when GitHub does not accept it', async () => {
    const clock = createVirtualClock();
    const finished = finishStatus({
      send: () => Promise.reject(refusal),
      isShown: async () => true,
      lateUntil: 0,
      clock,
      until: 9_500,
      signal: new AbortController().signal,
    });
    await expect(clock.settle(finished)).rejects.toThrow('403');
  });
});
