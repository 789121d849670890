import { type CrawlFacts, hasFinished, isDocumentedStatus } from '../crawl.ts';
import { roughDuration } from '../duration.ts';
import { ACTIVE, type Settings } from '../inputs.ts';
import { sentence, type Verdict } from '../outcomes.ts';
import type { Clock } from '../ports/clock.ts';
import type { Observer } from '../ports/observer.ts';
import type { Paint } from '../ports/runner.ts';
import { oneLine } from '../untrusted-text.ts';
import { colorOf } from './colors.ts';
import {
  addProgress,
  crawlLabel,
  describeProgress,
  drawBar,
  fractionDone,
  type ProgressPoint,
  percent,
} from './progress.ts';

/** Where lines and annotations go, and whether in colours. */
export interface LogSink {
  info(line: string): void;
  warn(title: string, message: string): void;
  paint: Paint;
}

/** The log of one step (contract, section What people see). */
export interface Log {
  /** What the watch of one crawl is told to, by its place in the input. */
  observe(index: number): Observer;
  finished(index: number, verdict: Verdict): void;
  /** Says something at least once a minute, until the signal aborts. */
  keepTalking(signal: AbortSignal): Promise<void>;
}

const MINUTE = 60_000;
/** How far a share must have moved for a line (contract, section What people see). */
const SHARE_STEP = 0.05;
/** So many lines may come at once, and beyond them one a minute: under 100 in an hour. */
const LINES_AT_ONCE = 30;
/** A run's page shows ten warnings of a step: some are left for its outcome and its rules. */
const MOST_ODDITIES = 5;
/** From this many crawls on one line speaks for all (contract, section What people see). */
export const COMPACT_LOG_FROM = 6;

interface Line {
  label: string;
  crawl: CrawlFacts | undefined;
  points: ProgressPoint[];
  toldStatus: string | undefined;
  /** The share that the last line told, from 0 to 1. */
  toldShare: number;
  verdict: Verdict | undefined;
}

/** Opens the log with a line that says what is waited for. */
export function createLog(settings: Settings, clock: Clock, sink: LogSink): Log {
  const { targets } = settings;
  const { paint } = sink;
  const many = targets.length >= COMPACT_LOG_FROM;
  // Several crawls share the lines that one alone may have.
  const shareStep = SHARE_STEP * targets.length;
  const startedAt = clock.elapsed();
  const lines: Line[] = targets.map(({ datasourceId }, index) => ({
    label: crawlLabel(index, targets.length, datasourceId),
    crawl: undefined,
    points: [],
    toldStatus: undefined,
    toldShare: 0,
    verdict: undefined,
  }));
  const told = new Set<string>();
  const inOutage = new Set<number>();
  let outage = { since: 0, why: '', toldAt: 0 };
  let lastLineAt = startedAt;
  let said = 0;
  let toldShareOfAll = 0;

  const waited = () => {
    const wholeSeconds = Math.floor((clock.elapsed() - startedAt) / 1_000) * 1_000;
    return paint('dim', `${roughDuration(wholeSeconds).padStart(6)}  `);
  };
  const say = (text: string) => {
    said += 1;
    lastLineAt = clock.elapsed();
    sink.info(text);
  };
  /** Says it only while the log is short for its time: an odd API may change at every look. */
  const sayIfQuiet = (text: string) => {
    if (said < LINES_AT_ONCE + (clock.elapsed() - startedAt) / MINUTE) say(text);
  };

  function tellProgress(line: Line, tell: (text: string) => void = say): void {
    if (line.crawl === undefined) return;
    tell(`${waited()}${line.label}${describeProgress(line.crawl, line.points, paint)}`);
  }

  function tellAll(tell: (text: string) => void = say): void {
    const share = shareOfAll(lines);
    const ended = lines.filter(({ verdict }) => verdict !== undefined).length;
    const notGood = lines.filter(
      ({ verdict }) => verdict && verdict.outcome !== 'succeeded',
    ).length;
    const bad = notGood === 0 ? '' : `, ${paint('red', `${notGood} of them not well`)}`;
    tell(
      `${waited()}${paint(share < 1 ? 'cyan' : 'green', drawBar(share))} ${percent(share)}  ${ended} of ${lines.length} crawls ended${bad}`,
    );
  }

  function tellAllWhenMoved(): void {
    const share = shareOfAll(lines);
    if (share - toldShareOfAll < (share < 1 ? SHARE_STEP : Number.EPSILON)) return;
    toldShareOfAll = share;
    tellAll(share < 1 ? sayIfQuiet : say);
  }

  function looked(line: Line, crawl: CrawlFacts): void {
    line.crawl = crawl;
    line.points = addProgress(line.points, {
      at: clock.elapsed(),
      completed: crawl.completed_pages ?? 0,
    });
    if (many) {
      tellAllWhenMoved();
      return;
    }
    // How it ended is said when it has been judged.
    if (lines.length > 1 && hasFinished(crawl)) return;
    const share = fractionDone(crawl) ?? 0;
    // A text that nobody documented may change at every look.
    const status = isDocumentedStatus(crawl.status ?? '') ? crawl.status : 'undocumented';
    const changedStatus = status !== line.toldStatus;
    if (!changedStatus && share - line.toldShare < shareStep) return;
    line.toldStatus = status;
    line.toldShare = Math.max(share, line.toldShare);
    tellProgress(line, hasFinished(crawl) ? say : sayIfQuiet);
  }

  function tellOutage(tell: (text: string) => void = say): void {
    const { since, why } = outage;
    outage.toldAt = clock.elapsed();
    const length = clock.elapsed() - since;
    const limit = roughDuration(settings.outageTimeout);
    tell(
      length < 1_000
        ? `${waited()}${paint('yellow', 'no usable answer from the API')} (${why}): trying again, for ${limit} at most`
        : `${waited()}${paint('yellow', 'still no usable answer from the API')} after ${roughDuration(length)} (${why})`,
    );
  }

  function tellMinute(): void {
    if (inOutage.size > 0) tellOutage();
    else if (targets.length > 1) tellAll();
    else if (lines[0]?.crawl !== undefined) tellProgress(lines[0]);
    else say(`${waited()}no crawl seen yet`);
  }

  sink.info(opening(settings));

  return {
    observe: (index) => {
      const line = lines[index];
      if (line === undefined) throw new RangeError(`there is no crawl ${index}`);
      return {
        sampled: (crawl) => looked(line, crawl),
        found(jobId, begun) {
          if (many) return;
          const when = begun === null ? 'which has not begun yet' : `which began at ${begun}`;
          say(`${waited()}${line.label}found the active crawl ${jobId}, ${when}`);
        },
        skipped() {},
        warnOnce(text) {
          if (told.has(text) || told.size >= MOST_ODDITIES) return;
          told.add(text);
          sink.warn('Something odd about the crawl', oneLine(text));
        },
        outage(why) {
          const first = inOutage.size === 0;
          inOutage.add(index);
          outage = first ? { since: clock.elapsed(), why, toldAt: 0 } : { ...outage, why };
          if (first && settings.outageTimeout > 0) tellOutage(sayIfQuiet);
        },
        outageOver(answered) {
          if (!inOutage.delete(index) || inOutage.size > 0 || settings.outageTimeout === 0) return;
          const how = answered
            ? paint('green', 'the API answers again')
            : paint('red', 'giving up on the API');
          sayIfQuiet(`${waited()}${how}, after ${roughDuration(clock.elapsed() - outage.since)}`);
        },
      };
    },
    finished(index, verdict) {
      const line = lines[index];
      if (line === undefined) return;
      line.verdict = verdict;
      if (many) tellAllWhenMoved();
      else if (targets.length > 1)
        say(
          `${waited()}${line.label}${paint(colorOf(verdict.outcome), verdict.outcome)}: ${sentence(verdict)}`,
        );
    },
    async keepTalking(signal) {
      while (!signal.aborted) {
        const quietSince = inOutage.size > 0 ? outage.toldAt : lastLineAt;
        const due = quietSince + MINUTE;
        if (clock.elapsed() >= due) tellMinute();
        else await clock.sleepUntil(due, signal).catch(() => undefined);
      }
    },
  };
}

function opening({ targets, timeout }: Settings): string {
  const limit = timeout === 0 ? 'Looking once at' : `Waiting up to ${roughDuration(timeout)} for`;
  const [{ datasourceId, jobId }] = targets;
  if (targets.length > 1) return `${limit} ${targets.length} crawls`;
  return jobId === ACTIVE
    ? `${limit} the active crawl of datasource ${datasourceId}`
    : `${limit} crawl ${jobId} of datasource ${datasourceId}`;
}

/** Every crawl counts the same, and is whole only when it has ended. */
function shareOfAll(lines: readonly Line[]): number {
  const shares = lines.map(({ crawl, verdict }) =>
    verdict !== undefined ? 1 : crawl === undefined ? 0 : 0.99 * (fractionDone(crawl) ?? 0),
  );
  return shares.reduce((sum, share) => sum + share, 0) / lines.length;
}
