import type { ApiClock } from '../api/api-clock.ts';
import type { CrawlApi } from '../api/client.ts';
import type { Settings } from '../inputs.ts';
import type { Verdict } from '../outcomes.ts';
import type { Clock } from '../ports/clock.ts';
import type { RateLimiter } from './rate-limit.ts';

/** What all crawls of one step share. Times are `Clock.elapsed()` milliseconds. */
export interface WaitContext {
  settings: Settings;
  api: CrawlApi;
  clock: Clock;
  apiClock: ApiClock;
  rateLimiter: RateLimiter;
  /** From 0 to 1, for the jitter. */
  random: () => number;
  startedAt: number;
  /** `startedAt` + `timeout`. */
  deadline: number;
  /** Aborts with a `WaitAborted` when the wait is to end at once. */
  signal: AbortSignal;
  countRequest(): void;
  /** Ends the wait at once, for every crawl that has no verdict yet. */
  abort(verdict: Verdict): void;
  /** The verdict on an error that nobody expected. */
  describeDefect(error: unknown): Verdict;
}

/** Why a wait was ended from outside: the reason of its signal. */
export class WaitAborted extends Error {
  readonly verdict: Verdict;

  constructor(verdict: Verdict) {
    super(verdict.reason);
    this.name = 'WaitAborted';
    this.verdict = verdict;
  }
}

/**
 * When a check is given up, and the response to it: one that is under way at the deadline is the
 * last. With `timeout: 0s` every crawl gets its one check, however long its turn takes
 * (contract, section When a request goes wrong).
 */
export function checkGiveUpAt({ deadline, settings }: WaitContext): number {
  return settings.timeout === 0 ? Number.POSITIVE_INFINITY : deadline + settings.requestTimeout;
}
