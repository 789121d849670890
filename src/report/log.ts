import { roughDuration } from '../duration.ts';
import type { Settings } from '../inputs.ts';
import type { Verdict } from '../outcomes.ts';
import type { Clock } from '../ports/clock.ts';
import type { Observer } from '../ports/observer.ts';
import type { Paint } from '../ports/runner.ts';
import { ACTIVE } from '../targets.ts';
import { initialLogState, type LogEvent, logStep, nextMinuteAt } from './log-state.ts';

/** Where lines and warnings go, and whether in colors. */
export interface LogSink {
  info(line: string): void;
  warn(title: string, message: string): void;
  paint: Paint;
}

/** The log of one step (contract, section What people see). */
export interface Log {
  /** Follows the wait for one crawl, by its place in the input. */
  observe(index: number): Observer;
  finished(index: number, verdict: Verdict): void;
  /** Says something at least once a minute, until the signal aborts. */
  keepTalking(signal: AbortSignal): Promise<void>;
  /** Every crawl has its verdict. */
  close(): void;
}

/** Opens the log with a line that says what is waited for. */
export function createLog(settings: Settings, clock: Clock, sink: LogSink): Log {
  const config = {
    datasourceIds: settings.targets.map(({ datasourceId }) => datasourceId),
    outageTimeout: settings.outageTimeout,
    startedAt: clock.elapsed(),
    paint: sink.paint,
  };
  let state = initialLogState(config);

  function tell(event: LogEvent): void {
    const next = logStep(config, state, event, clock.elapsed());
    state = next.state;
    for (const line of next.lines) sink.info(line);
  }

  sink.info(opening(settings));
  return {
    observe: (index) => ({
      found: (jobId, startedAt) => tell({ type: 'found', index, jobId, startedAt }),
      skipped: (jobId, startedAt) => tell({ type: 'skipped', index, jobId, startedAt }),
      sampled: (crawl, history) => tell({ type: 'sampled', index, crawl, history }),
      outage: (why) => tell({ type: 'outage', index, why }),
      outageOver: (recovered) => tell({ type: 'outage-over', index, recovered }),
      warnOnce: (text) => sink.warn('Unexpected crawl data', text),
    }),
    finished: (index, verdict) => tell({ type: 'finished', index, verdict }),
    async keepTalking(signal) {
      while (!signal.aborted) {
        const due = nextMinuteAt(state);
        if (clock.elapsed() >= due) tell({ type: 'minute' });
        else await clock.sleepUntil(due, signal).catch(() => undefined);
      }
    },
    close: () => tell({ type: 'all-finished' }),
  };
}

function opening({ targets, timeout }: Settings): string {
  const [{ datasourceId, jobId }] = targets;
  const what =
    targets.length > 1
      ? `${targets.length} crawls`
      : jobId === ACTIVE
        ? `the active crawl of datasource ${datasourceId}`
        : `crawl ${jobId} of datasource ${datasourceId}`;
  return timeout === 0
    ? `Checking ${what} once`
    : `Waiting up to ${roughDuration(timeout)} for ${what}`;
}
