import { describe, expect, it } from 'vitest';
import type { ApiResponse, Fatal, Retryable } from '../../../src/api/client.ts';
import {
  afterResponse,
  backoff,
  initialRetryState,
  type NextStep,
  type RetryLimits,
  type RetryState,
} from '../../../src/wait/retry.ts';

const FULL = [1, 2, 4, 8, 16, 30, 30, 30].map((seconds) => seconds * 1_000);
const ALMOST_ONE = 1 - Number.EPSILON;

describe('the back-off', () => {
  it.each(FULL.map((full, index) => [index + 1, full] as const))(
    'after %d failures is up to %d ms',
    (failures, full) => {
      expect(backoff(failures, () => ALMOST_ONE)).toBeCloseTo(full, 3);
      for (const random of [0, 0.25, 0.5, 0.75, ALMOST_ONE]) {
        const delay = backoff(failures, () => random);
        expect(delay).toBeLessThanOrEqual(full);
        expect(delay).toBeGreaterThanOrEqual(full / 2);
      }
    },
  );

  it('differs from run to run', () => {
    const delays = [0, 0.2, 0.4, 0.6, 0.8].map((random) => backoff(3, () => random));
    expect(new Set(delays).size).toBe(5);
  });

  it('never grows beyond 30 s, however long the outage', () => {
    expect(backoff(5_000, () => ALMOST_ONE)).toBeLessThanOrEqual(30_000);
    expect(backoff(5_000, () => 0)).toBeGreaterThanOrEqual(15_000);
  });
});

const SECOND = 1_000;
const ok: ApiResponse<string> = { kind: 'ok', value: 'a crawl' };
const notFound = { kind: 'not-found' } as const;
const unauthorized: Fatal = { kind: 'fatal', outcome: 'unauthorized', status: 401 };
const redirect: Fatal = { kind: 'fatal', outcome: 'invalid-response', status: 302 };
const unavailable: Retryable = {
  kind: 'retryable',
  outcome: 'unreachable',
  problem: { kind: 'status', status: 503 },
  retryAfterMs: 0,
};

/** Plays responses, each at its second, and returns the last state and step. */
function play(
  responses: readonly (readonly [second: number, response: ApiResponse<string>])[],
  limits: Partial<RetryLimits> = {},
): { state: RetryState; next: NextStep } {
  const whole = {
    deadline: 3_600 * SECOND,
    timeout: 3_600 * SECOND,
    outageTimeout: 600 * SECOND,
    notVisibleGraceMs: 30 * SECOND,
    random: () => 1,
    ...limits,
  };
  return responses.reduce<{ state: RetryState; next: NextStep }>(
    ({ state }, [second, response]) => {
      const now = second * SECOND;
      return afterResponse(state, response, { sentAt: now, now }, whole);
    },
    { state: initialRetryState, next: { kind: 'done' } },
  );
}

describe('before the API has known the crawl', () => {
  it.each([unauthorized, redirect])('$outcome ends the wait at once', (response) => {
    expect(play([[0, response]]).next).toMatchObject({
      kind: 'over',
      verdict: { outcome: response.outcome },
    });
  });

  it('a 404 is asked again every 2 s, and believed after the time for a crawl to show up', () => {
    expect(play([[0, notFound]]).next).toEqual({ kind: 'retry', at: 2 * SECOND });
    expect(
      play([
        [0, notFound],
        [29, notFound],
      ]).next,
    ).toEqual({ kind: 'retry', at: 30 * SECOND });
    expect(
      play([
        [0, notFound],
        [30, notFound],
      ]).next,
    ).toEqual({ kind: 'not-found' });
    expect(play([[0, notFound]], { notVisibleGraceMs: 0 }).next).toEqual({ kind: 'not-found' });
  });

  it('a 404 ends an outage, because it is a usable response', () => {
    const { state } = play([
      [0, unavailable],
      [5, notFound],
    ]);
    expect(state.outage).toBeUndefined();
  });
});

describe('second thoughts', () => {
  it.each([notFound, unauthorized, redirect])('a seen crawl survives one $kind', (response) => {
    expect(
      play([
        [0, ok],
        [10, response],
      ]).next,
    ).toEqual({ kind: 'retry', at: 12 * SECOND });
    expect(
      play([
        [0, ok],
        [10, response],
        [12, ok],
      ]).next,
    ).toEqual({ kind: 'done' });
  });

  it('it is believed when it has gone on for 30 s, and not before', () => {
    const until = (second: number) =>
      play([
        [0, ok],
        [10, notFound],
        [second, unauthorized],
      ]).next;
    expect(until(39)).toEqual({ kind: 'retry', at: 40 * SECOND });
    expect(until(40)).toMatchObject({ kind: 'over', verdict: { outcome: 'unauthorized' } });
  });

  it('a usable response between starts the 30 s anew', () => {
    const { next } = play([
      [0, ok],
      [10, notFound],
      [30, ok],
      [41, notFound],
    ]);
    expect(next).toEqual({ kind: 'retry', at: 43 * SECOND });
  });

  it('an outage between does not', () => {
    const { next } = play([
      [0, ok],
      [10, notFound],
      [12, unavailable],
      [41, notFound],
    ]);
    expect(next).toEqual({ kind: 'not-found' });
  });

  it('it is believed at the deadline', () => {
    const { next } = play(
      [
        [0, ok],
        [10, notFound],
      ],
      { deadline: 10 * SECOND },
    );
    expect(next).toEqual({ kind: 'not-found' });
  });

  it('a response in doubt neither starts nor ends an outage', () => {
    expect(
      play([
        [0, ok],
        [10, unauthorized],
      ]).state.outage,
    ).toBeUndefined();
    expect(
      play([
        [0, ok],
        [10, unavailable],
        [12, notFound],
      ]).state.outage,
    ).toBeDefined();
  });

  it('outage-timeout does not count while the doubt lasts', () => {
    const outageTimeout = 20 * SECOND;
    const doubted = [
      [0, ok],
      [10, unavailable],
      [15, notFound],
      [25, unavailable],
    ] as const;
    expect(play([...doubted, [39, unavailable]], { outageTimeout }).next.kind).toBe('retry');
    expect(play([...doubted, [40, unavailable]], { outageTimeout }).next).toMatchObject({
      verdict: { outcome: 'unreachable' },
    });
  });
});

describe('an outage', () => {
  it('is retried with back-off, never past its limit or the deadline', () => {
    expect(play([[0, unavailable]]).next).toEqual({ kind: 'retry', at: 1 * SECOND });
    const third = [
      [0, unavailable],
      [1, unavailable],
      [3, unavailable],
    ] as const;
    expect(play(third).next).toEqual({ kind: 'retry', at: 7 * SECOND });
    const limits = { outageTimeout: 5 * SECOND };
    expect(play(third, limits).next).toEqual({ kind: 'retry', at: 5 * SECOND });
    expect(play(third, { deadline: 4 * SECOND }).next).toEqual({ kind: 'retry', at: 4 * SECOND });
  });

  it('ends the wait when it has lasted for outage-timeout', () => {
    const { next } = play([
      [0, ok],
      [10, unavailable],
      [610, unavailable],
    ]);
    expect(next).toEqual({
      kind: 'over',
      verdict: {
        outcome: 'unreachable',
        reason:
          'No usable response from the OpenCX API for 10m (last error: 503 Service Unavailable)',
        standsAlone: true,
      },
    });
  });

  it('ends the wait at the deadline, and says so', () => {
    const { next } = play(
      [
        [0, ok],
        [60, unavailable],
      ],
      {
        deadline: 60 * SECOND,
        timeout: 60 * SECOND,
      },
    );
    expect(next).toMatchObject({
      verdict: { reason: expect.stringContaining('before the 1m timeout') },
    });
  });

  it('ends the wait at once with outage-timeout: 0s', () => {
    expect(play([[0, unavailable]], { outageTimeout: 0 }).next.kind).toBe('over');
  });

  it('is over with one usable response, and its time is lost', () => {
    const { state } = play([
      [0, ok],
      [10, unavailable],
      [40, unavailable],
      [50, ok],
    ]);
    expect(state).toMatchObject({ outage: undefined, seen: true, lostMs: 40 * SECOND });
  });

  it('counts a doubt as lost time too', () => {
    expect(
      play([
        [0, ok],
        [10, notFound],
        [18, ok],
      ]).state.lostMs,
    ).toBe(8 * SECOND);
  });
});
