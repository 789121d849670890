import type { Clock } from '../clock.ts';
import type { Settings } from '../inputs.ts';
import type { Verdict } from '../report/report.ts';
import type { CrawlApi } from './api.ts';
import type { Turns } from './turns.ts';

/** What all crawls of one step share. Times are `Clock.elapsed()` milliseconds. */
export interface Step {
  settings: Settings;
  api: CrawlApi;
  clock: Clock;
  turns: Turns;
  /** From 0 to 1, for the jitter. */
  random: () => number;
  startedAt: number;
  /** `startedAt` + `timeout`. */
  deadline: number;
  /** Aborts with a `RunEnded` when the run is to end at once. */
  signal: AbortSignal;
  /** Counts a request that is sent. */
  sending(): void;
  /** Ends the run at once, for every crawl that has not ended. */
  end(verdict: Verdict): void;
  /** The verdict on an error that nobody expected. */
  defect(error: unknown): Verdict;
}

/** Why a run was ended from outside: the reason of the step's signal. */
export class RunEnded extends Error {
  readonly verdict: Verdict;

  constructor(verdict: Verdict) {
    super(verdict.reason);
    this.name = 'RunEnded';
    this.verdict = verdict;
  }
}

/** The end of a run whose process got this signal before the outcome was decided. */
export function workflowCancelled(signal: string): RunEnded {
  return new RunEnded({
    outcome: 'aborted',
    reason: `The workflow was cancelled (${signal}) before the crawl had ended`,
  });
}
