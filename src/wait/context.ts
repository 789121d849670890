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
  rateLimiter: RateLimiter;
  /** From 0 to 1, for the jitter. */
  random: () => number;
  startedAt: number;
  /** `startedAt` + `timeout`. */
  deadline: number;
  /** Aborts with a `RunEnded` when the run is to end at once. */
  signal: AbortSignal;
  /** Counts a request that is sent. */
  countRequest(): void;
  /** Ends the run at once, for every crawl that has not ended. */
  abort(verdict: Verdict): void;
  /** The verdict on an error that nobody expected. */
  describeDefect(error: unknown): Verdict;
}

/** Why a run was ended from outside: the reason of the step's signal. */
export class WaitAborted extends Error {
  readonly verdict: Verdict;

  constructor(verdict: Verdict) {
    super(verdict.reason);
    this.name = 'RunEnded';
    this.verdict = verdict;
  }
}

/** The end of a run whose process got this signal before the outcome was decided. */
export function workflowCancelled(signal: string): WaitAborted {
  return new WaitAborted({
    outcome: 'aborted',
    reason: `The workflow was cancelled (${signal}) before the crawl had ended`,
  });
}
