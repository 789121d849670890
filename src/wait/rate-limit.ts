import type { Clock } from '../ports/clock.ts';

/** A request that wants to be sent. All times are `Clock.elapsed()` milliseconds. */
export interface Acquisition {
  /** Not before this. */
  notBefore: number;
  /** Milliseconds that the crawl would like between two looks: short near its end. */
  interval: number;
  /** From here on a `Retry-After` no longer holds it back: the wait's own limit is reached. */
  ignoreHoldFrom: number;
  /** When no turn has come by then, none is wanted any more. */
  giveUpAt: number;
}

/** Decides when each request of the step is sent, so that all crawls together keep the pace. */
export interface RateLimiter {
  /**
   * Resolves with `true` when the request may be sent, with `false` when `until` comes first.
   * Rejects with the signal's reason when it aborts.
   */
  acquire(request: Acquisition, signal: AbortSignal): Promise<boolean>;
  /** No request goes before `until`, except one whose own limit is reached (`Retry-After`). */
  pauseUntil(until: number): void;
}

/** Contract, section When a request goes wrong: under 60 a minute, after a burst of 10. */
const BURST = 10;
const REFILL_MS = 1_020;

interface Waiting extends Acquisition {
  resolve(turn: boolean): void;
}

/** @param limited whether the rate is kept; one crawl alone is paced by its own interval */
export function createRateLimiter(clock: Clock, { limited }: { limited: boolean }): RateLimiter {
  const queue = new Set<Waiting>();
  let heldUntil = Number.NEGATIVE_INFINITY;
  let tokens = BURST;
  let countedAt = clock.elapsed();
  let wake = new AbortController();
  let serving = false;

  function refill(now: number): void {
    // Times are compared as `nextEvent` computes them: a difference may be rounded to too little.
    for (; tokens < BURST && countedAt + REFILL_MS <= now; tokens += 1) countedAt += REFILL_MS;
    if (tokens === BURST) countedAt = now;
  }

  const mayGoAt = ({ notBefore, ignoreHoldFrom }: Waiting) =>
    Math.max(notBefore, Math.min(heldUntil, ignoreHoldFrom));

  /** The longest overdue, measured in the interval that each one would like. */
  function mostUrgent(now: number): Waiting | undefined {
    const lateness = (waiting: Waiting) =>
      (now - waiting.notBefore) / Math.max(1, waiting.interval);
    let first: Waiting | undefined;
    for (const waiting of queue) {
      if (mayGoAt(waiting) > now) continue;
      if (first === undefined || lateness(waiting) > lateness(first)) first = waiting;
    }
    return first;
  }

  /** When something can change by itself: a request falls due, a token comes, one gives up. */
  function nextEvent(now: number): number {
    const tokenAt = limited && tokens < 1 ? countedAt + REFILL_MS : now;
    return Math.min(
      ...[...queue].map((waiting) =>
        Math.min(waiting.giveUpAt, Math.max(tokenAt, mayGoAt(waiting))),
      ),
    );
  }

  async function serve(): Promise<void> {
    while (queue.size > 0) {
      const now = clock.elapsed();
      refill(now);
      const next = limited && tokens < 1 ? undefined : mostUrgent(now);
      if (next !== undefined) {
        tokens -= 1;
        queue.delete(next);
        next.resolve(true);
        continue;
      }
      for (const waiting of queue) {
        if (waiting.giveUpAt <= now || mayGoAt(waiting) > waiting.giveUpAt) {
          queue.delete(waiting);
          waiting.resolve(false);
        }
      }
      if (queue.size === 0) break;
      wake = new AbortController();
      await clock.sleepUntil(nextEvent(now), wake.signal).catch(() => undefined);
    }
    serving = false;
  }

  function queueChanged(): void {
    wake.abort();
    if (serving) return;
    serving = true;
    void serve();
  }

  return {
    acquire(request, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const stop = () => {
          queue.delete(waiting);
          queueChanged();
          reject(signal.reason);
        };
        const waiting: Waiting = {
          ...request,
          resolve(turn) {
            signal.removeEventListener('abort', stop);
            resolve(turn);
          },
        };
        signal.addEventListener('abort', stop, { once: true });
        queue.add(waiting);
        queueChanged();
      });
    },
    pauseUntil(until) {
      heldUntil = Math.max(heldUntil, until);
      queueChanged();
    },
  };
}
