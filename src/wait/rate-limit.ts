import type { Clock } from '../ports/clock.ts';

/** A request that waits for its turn. All times are `Clock.elapsed()` milliseconds. */
export interface Acquisition {
  notBefore: number;
  /** Milliseconds that the crawl would like between two checks: short near its end. */
  interval: number;
  /** From here on a `Retry-After` no longer delays it: the wait's own limit is reached. */
  ignoreHoldFrom: number;
  /** When its turn has not come by then, it is not wanted any more. */
  giveUpAt: number;
}

/** Decides when each request of the step is sent, so that all crawls together keep the rate. */
export interface RateLimiter {
  /**
   * Resolves with `true` when the request can be sent, with `false` when `giveUpAt` comes first.
   * Rejects with the signal's reason when it aborts.
   */
  acquire(request: Acquisition, signal: AbortSignal): Promise<boolean>;
  /** No request goes before `until`, except one whose own limit is reached (`Retry-After`). */
  pauseUntil(until: number): void;
}

/** Contract, section When a request goes wrong: under 60 a minute, after a burst of 10. */
const BURST = 10;
const REFILL_MS = 1_020;

/** How many requests can go now, and what holds them back. */
export interface LimiterState {
  /** One crawl alone is paced by its own interval, and not limited. */
  limited: boolean;
  tokens: number;
  /** When the last token came, or the bucket was last full. */
  refilledAt: number;
  pausedUntil: number;
}

/** What can be decided at one moment. */
interface Decision {
  state: LimiterState;
  granted: Acquisition[];
  /** Their turn did not come in time. */
  expired: Acquisition[];
  /** When the next decision is possible. */
  wakeAt: number;
}

/** A full bucket. */
function initialLimiter(now: number, limited: boolean): LimiterState {
  return { limited, tokens: BURST, refilledAt: now, pausedUntil: Number.NEGATIVE_INFINITY };
}

/** Who of the waiting can go now, the most urgent first, and who waits no longer. */
export function decide(
  before: LimiterState,
  waiting: readonly Acquisition[],
  now: number,
): Decision {
  let state = refill(before, now);
  let left = [...waiting];
  const granted: Acquisition[] = [];
  while (!state.limited || state.tokens > 0) {
    const next = mostUrgent(left, state, now);
    if (next === undefined) break;
    state = { ...state, tokens: state.tokens - 1 };
    left = left.filter((one) => one !== next);
    granted.push(next);
  }
  const isLate = (one: Acquisition) => one.giveUpAt <= now || readyAt(one, state) > one.giveUpAt;
  const expired = left.filter(isLate);
  const tokenAt = state.limited && state.tokens < 1 ? state.refilledAt + REFILL_MS : now;
  const wakeAt = Math.min(
    ...left
      .filter((one) => !isLate(one))
      .map((one) => Math.min(one.giveUpAt, Math.max(tokenAt, readyAt(one, state)))),
  );
  return { state, granted, expired, wakeAt };
}

function refill(state: LimiterState, now: number): LimiterState {
  if (!state.limited) return state;
  let { tokens, refilledAt } = state;
  // Times are compared as `wakeAt` computes them: a difference might be rounded to too little.
  for (; tokens < BURST && refilledAt + REFILL_MS <= now; tokens += 1) refilledAt += REFILL_MS;
  return { ...state, tokens, refilledAt: tokens === BURST ? now : refilledAt };
}

function readyAt(request: Acquisition, { pausedUntil }: LimiterState): number {
  return Math.max(request.notBefore, Math.min(pausedUntil, request.ignoreHoldFrom));
}

/** The longest overdue, measured in the interval that each one would like. */
function mostUrgent(
  waiting: readonly Acquisition[],
  state: LimiterState,
  now: number,
): Acquisition | undefined {
  const overdue = (one: Acquisition) => (now - one.notBefore) / Math.max(1, one.interval);
  let first: Acquisition | undefined;
  for (const one of waiting) {
    if (readyAt(one, state) > now) continue;
    if (first === undefined || overdue(one) > overdue(first)) first = one;
  }
  return first;
}

/** @param limited whether the rate is kept; one crawl alone is paced by its own interval */
export function createRateLimiter(clock: Clock, { limited }: { limited: boolean }): RateLimiter {
  const waiting = new Map<Acquisition, (acquired: boolean) => void>();
  let state = initialLimiter(clock.elapsed(), limited);
  let wake = new AbortController();
  let running = false;

  function settle(requests: readonly Acquisition[], acquired: boolean): void {
    for (const request of requests) {
      waiting.get(request)?.(acquired);
      waiting.delete(request);
    }
  }

  async function run(): Promise<void> {
    running = true;
    while (waiting.size > 0) {
      const decision = decide(state, [...waiting.keys()], clock.elapsed());
      state = decision.state;
      settle(decision.granted, true);
      settle(decision.expired, false);
      if (waiting.size === 0) break;
      wake = new AbortController();
      await clock.sleepUntil(decision.wakeAt, wake.signal).catch(() => undefined);
    }
    running = false;
  }

  function changed(): void {
    wake.abort();
    if (!running) void run();
  }

  return {
    acquire: (request, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        // A copy, because the same request can wait twice.
        const own = { ...request };
        const stop = () => {
          waiting.delete(own);
          changed();
          reject(signal.reason);
        };
        signal.addEventListener('abort', stop, { once: true });
        waiting.set(own, (acquired) => {
          signal.removeEventListener('abort', stop);
          resolve(acquired);
        });
        changed();
      }),
    pauseUntil(until) {
      state = { ...state, pausedUntil: Math.max(state.pausedUntil, until) };
      changed();
    },
  };
}
