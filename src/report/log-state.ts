import { type CrawlFacts, hasFinished, isDocumentedStatus } from '../crawl.ts';
import { roughDuration } from '../duration.ts';
import { outcomeColor, sentence, type Verdict } from '../outcomes.ts';
import type { Paint } from '../ports/runner.ts';
import type { Sample } from '../result.ts';
import { crawlLabel, describeProgress, drawBar, fractionDone, percent } from './progress.ts';

// What the log of a step says, and when (contract, section What people see): a pure step from the
// state and an event to the next state and the lines to print.

/** What happens to the crawl with this place in the input, or to all of them. */
export type LogEvent =
  | { type: 'found'; index: number; jobId: string; startedAt: string | null }
  | { type: 'skipped'; index: number; jobId: string; startedAt: string }
  | { type: 'sampled'; index: number; crawl: CrawlFacts; history: readonly Sample[] }
  | { type: 'outage'; index: number; why: string }
  | { type: 'outage-over'; index: number; recovered: boolean }
  | { type: 'finished'; index: number; verdict: Verdict }
  /** A minute has passed without a line. */
  | { type: 'minute' }
  /** Every crawl has its verdict. */
  | { type: 'all-finished' };

/** What does not change while the step runs. */
export interface LogConfig {
  datasourceIds: readonly string[];
  /** Milliseconds. */
  outageTimeout: number;
  /** `Clock.elapsed()` milliseconds. */
  startedAt: number;
  paint: Paint;
}

/** What the log has heard and said so far. Times are `Clock.elapsed()` milliseconds. */
export interface LogState {
  crawls: readonly CrawlLine[];
  outage: Outage | undefined;
  /** How many lines have been printed. */
  lines: number;
  lastLineAt: number;
  /** The share of all crawls together that the last line told, from 0 to 1. */
  saidShareOfAll: number;
}

interface Outage {
  since: number;
  why: string;
  saidAt: number;
  /** The crawls that are in it, by their place in the input. */
  crawls: readonly number[];
  /** How many crawls got a usable response again, and how many ended without one. */
  recovered: number;
  gaveUp: number;
}

interface CrawlLine {
  crawl: CrawlFacts | undefined;
  history: readonly Sample[];
  saidStatus: string | undefined;
  saidShare: number;
  skippedJobs: readonly string[];
  /** Its active crawl started too early for the rules. */
  waitsForLater: boolean;
  verdict: Verdict | undefined;
}

interface Step {
  state: LogState;
  lines: string[];
}

const MINUTE_MS = 60_000;
/** How far a share must have moved for a line. */
const SHARE_STEP = 0.05;
/**
 * So many lines can come at once, and beyond them one per minute, so that an hour stays under 100
 * with the lines at its end. Those of a compact log are more.
 */
const MAX_LINES_AT_ONCE = 24;
const MAX_LINES_AT_ONCE_IF_COMPACT = 14;
/** From this many crawls on one line speaks for all. */
export const COMPACT_LOG_FROM = 6;
/** Of so many crawls that did not succeed each has a line of its own at the end. */
const MAX_CLOSING_LINES = 20;

const initialCrawlLine: CrawlLine = {
  crawl: undefined,
  history: [],
  saidStatus: undefined,
  saidShare: 0,
  skippedJobs: [],
  waitsForLater: false,
  verdict: undefined,
};

/** Before anything has happened. */
export function initialLogState({ datasourceIds, startedAt }: LogConfig): LogState {
  return {
    crawls: datasourceIds.map(() => initialCrawlLine),
    outage: undefined,
    lines: 0,
    lastLineAt: startedAt,
    saidShareOfAll: 0,
  };
}

/** When a minute without a line has passed. */
export function nextMinuteAt({ outage, lastLineAt }: LogState): number {
  return (outage?.saidAt ?? lastLineAt) + MINUTE_MS;
}

/** The state after an event, and the lines that it causes. */
export function logStep(config: LogConfig, state: LogState, event: LogEvent, now: number): Step {
  switch (event.type) {
    case 'found':
      return found(config, state, event, now);
    case 'skipped':
      return skipped(config, state, event, now);
    case 'sampled':
      return sampled(config, state, event, now);
    case 'outage':
      return outage(config, state, event, now);
    case 'outage-over':
      return outageOver(config, state, event, now);
    case 'finished':
      return finished(config, state, event, now);
    case 'minute':
      return minute(config, state, now);
    case 'all-finished':
      return closing(config, state, now);
  }
}

function isCompact({ datasourceIds }: LogConfig): boolean {
  return datasourceIds.length >= COMPACT_LOG_FROM;
}

function say(config: LogConfig, state: LogState, text: string, now: number): Step {
  const waited = Math.floor((now - config.startedAt) / 1_000) * 1_000;
  const time = config.paint('dim', `${roughDuration(waited).padStart(6)}  `);
  return {
    state: { ...state, lines: state.lines + 1, lastLineAt: now },
    lines: [`${time}${text}`],
  };
}

/** Says it only while the log is short for its time: an odd API can change at every check. */
function sayIfQuiet(config: LogConfig, state: LogState, text: string, now: number): Step {
  const atOnce = isCompact(config) ? MAX_LINES_AT_ONCE_IF_COMPACT : MAX_LINES_AT_ONCE;
  const allowed = atOnce + (now - config.startedAt) / MINUTE_MS;
  return state.lines < allowed ? say(config, state, text, now) : { state, lines: [] };
}

/** The change counts as said only when there was room for its line. */
function sayChange(before: LogState, change: Step): Step {
  return change.lines.length > 0 ? change : { state: before, lines: [] };
}

function label({ datasourceIds }: LogConfig, index: number): string {
  return crawlLabel(index, datasourceIds.length, datasourceIds[index] ?? '');
}

function update(state: LogState, index: number, change: Partial<CrawlLine>): LogState {
  const crawls = state.crawls.map((line, at) => (at === index ? { ...line, ...change } : line));
  return { ...state, crawls };
}

type Event<Type extends LogEvent['type']> = Extract<LogEvent, { type: Type }>;

function found(config: LogConfig, before: LogState, event: Event<'found'>, now: number): Step {
  const { index, jobId, startedAt } = event;
  const state = update(before, index, { waitsForLater: false });
  if (isCompact(config)) return { state, lines: [] };
  const when = startedAt === null ? 'not started yet' : `started at ${startedAt}`;
  const text = `${label(config, index)}found active crawl ${jobId} (${when})`;
  return sayIfQuiet(config, state, text, now);
}

function skipped(config: LogConfig, before: LogState, event: Event<'skipped'>, now: number): Step {
  const { index, jobId, startedAt } = event;
  const known = before.crawls[index]?.skippedJobs ?? [];
  const isKnown = known.includes(jobId);
  // It can have been followed until it turned out to be too early.
  const state = update(before, index, {
    ...initialCrawlLine,
    skippedJobs: isKnown ? known : [...known, jobId],
    waitsForLater: true,
  });
  if (isKnown) return { state, lines: [] };
  if (isCompact(config)) {
    const isFirst = before.crawls.every(({ waitsForLater }) => !waitsForLater);
    return isFirst ? sayAll(config, state, now, sayIfQuiet) : { state, lines: [] };
  }
  const text = `${label(config, index)}crawl ${jobId} started at ${startedAt}, too early for the rules: waiting for a later one`;
  return sayIfQuiet(config, state, text, now);
}

function sampled(config: LogConfig, before: LogState, event: Event<'sampled'>, now: number): Step {
  const { index, crawl, history } = event;
  const state = update(before, index, { crawl, history });
  if (isCompact(config)) return sayAllIfMoved(config, state, now);
  const count = config.datasourceIds.length;
  // How one of several finished is said when it has been evaluated.
  if (count > 1 && hasFinished(crawl)) return { state, lines: [] };
  const { saidStatus, saidShare = 0 } = state.crawls[index] ?? {};
  const share = fractionDone(crawl) ?? 0;
  // A text that nobody documented can change at every check.
  const status = isDocumentedStatus(crawl.status ?? '') ? crawl.status : 'undocumented';
  // Several crawls share the lines that one alone can have.
  if (status === saidStatus && share - saidShare < SHARE_STEP * count) return { state, lines: [] };
  const said = update(state, index, { saidStatus: status, saidShare: Math.max(share, saidShare) });
  const speak = hasFinished(crawl) ? say : sayIfQuiet;
  return sayChange(state, sayProgress(config, said, index, now, speak));
}

function sayProgress(
  config: LogConfig,
  state: LogState,
  index: number,
  now: number,
  speak: typeof say = say,
): Step {
  const { crawl, history = [], waitsForLater } = state.crawls[index] ?? {};
  if (crawl === undefined) {
    const none = waitsForLater ? 'waiting for a later crawl' : 'no crawl found yet';
    return speak(config, state, none, now);
  }
  const text = describeProgress(crawl, history, config.paint);
  return speak(config, state, `${label(config, index)}${text}`, now);
}

/** Every crawl counts the same, and is whole only when it has its verdict. */
function shareOfAll({ crawls }: LogState): number {
  const shares = crawls.map(({ crawl, verdict }) =>
    verdict !== undefined ? 1 : crawl === undefined ? 0 : 0.99 * (fractionDone(crawl) ?? 0),
  );
  return shares.reduce((sum, share) => sum + share, 0) / crawls.length;
}

function sayAll(config: LogConfig, state: LogState, now: number, speak: typeof say = say): Step {
  const { paint } = config;
  const share = shareOfAll(state);
  const verdicts = state.crawls.flatMap(({ verdict }) => verdict ?? []);
  const bad = verdicts.filter(({ outcome }) => outcome !== 'succeeded').length;
  const unsuccessful = bad === 0 ? '' : `, ${paint('red', `${bad} unsuccessful`)}`;
  const early = state.crawls.filter((one) => one.waitsForLater && !one.verdict).length;
  const waiting = early === 0 ? '' : `, ${early} waiting for a later crawl`;
  const bar = paint(share < 1 ? 'cyan' : 'green', drawBar(share));
  const text = `${bar} ${percent(share)}  ${verdicts.length} of ${state.crawls.length} crawls finished${unsuccessful}${waiting}`;
  return speak(config, state, text, now);
}

function sayAllIfMoved(config: LogConfig, state: LogState, now: number): Step {
  const share = shareOfAll(state);
  const step = share < 1 ? SHARE_STEP : Number.EPSILON;
  if (share - state.saidShareOfAll < step) return { state, lines: [] };
  const said = { ...state, saidShareOfAll: share };
  return sayChange(state, sayAll(config, said, now, share < 1 ? sayIfQuiet : say));
}

function outage(config: LogConfig, before: LogState, event: Event<'outage'>, now: number): Step {
  const { index, why } = event;
  const fresh = { since: now, crawls: [], saidAt: now, recovered: 0, gaveUp: 0 };
  const known = before.outage ?? fresh;
  const crawls = [...new Set([...known.crawls, index])];
  const state = { ...before, outage: { ...known, why, crawls } };
  if (before.outage !== undefined || config.outageTimeout === 0) return { state, lines: [] };
  const limit = roughDuration(config.outageTimeout);
  const noResponse = config.paint('yellow', 'no usable response from the API');
  return sayIfQuiet(config, state, `${noResponse} (${why}), retrying for up to ${limit}`, now);
}

function outageOver(
  config: LogConfig,
  before: LogState,
  { index, recovered }: Event<'outage-over'>,
  now: number,
): Step {
  if (before.outage === undefined) return { state: before, lines: [] };
  const outage: Outage = {
    ...before.outage,
    crawls: before.outage.crawls.filter((one) => one !== index),
    recovered: before.outage.recovered + Number(recovered),
    gaveUp: before.outage.gaveUp + Number(!recovered),
  };
  if (outage.crawls.length > 0) return { state: { ...before, outage }, lines: [] };
  const state = { ...before, outage: undefined };
  if (config.outageTimeout === 0) return { state, lines: [] };
  return sayIfQuiet(config, state, describeOutageEnd(config, outage, now), now);
}

function describeOutageEnd({ paint }: LogConfig, outage: Outage, now: number): string {
  const { recovered, gaveUp, since } = outage;
  const responded = paint('green', 'the API responded again');
  const after = `after ${roughDuration(now - since)}`;
  if (gaveUp === 0) return `${responded} ${after}`;
  if (recovered === 0) return `${paint('red', 'gave up on the API')} ${after}`;
  const late = paint('red', `too late for ${gaveUp} crawl${gaveUp === 1 ? '' : 's'}`);
  return `${responded}, ${late}, ${after}`;
}

function finished(
  config: LogConfig,
  before: LogState,
  event: Event<'finished'>,
  now: number,
): Step {
  const { index, verdict } = event;
  const state = update(before, index, { verdict });
  if (isCompact(config)) return sayAllIfMoved(config, state, now);
  if (config.datasourceIds.length === 1) return { state, lines: [] };
  return say(config, state, describeVerdict(config, index, verdict), now);
}

function describeVerdict(config: LogConfig, index: number, verdict: Verdict): string {
  const { outcome, standsAlone } = verdict;
  const color = outcomeColor(outcome);
  const said = standsAlone
    ? config.paint(color, sentence(verdict))
    : `${config.paint(color, outcome)}: ${sentence(verdict)}`;
  return `${label(config, index)}${said}`;
}

function minute(config: LogConfig, state: LogState, now: number): Step {
  const { paint } = config;
  if (state.outage !== undefined) {
    const { since, why } = state.outage;
    const next = { ...state, outage: { ...state.outage, saidAt: now } };
    const still = paint('yellow', 'still no usable response from the API');
    return say(config, next, `${still} after ${roughDuration(now - since)} (${why})`, now);
  }
  return config.datasourceIds.length > 1
    ? sayAll(config, state, now)
    : sayProgress(config, state, 0, now);
}

/** Where one line spoke for all, those that did not succeed have a line each at the end. */
function closing(config: LogConfig, state: LogState, now: number): Step {
  if (!isCompact(config)) return { state, lines: [] };
  const bad = state.crawls.flatMap(({ verdict }, index) =>
    verdict === undefined || verdict.outcome === 'succeeded' ? [] : [{ index, verdict }],
  );
  const shown = bad.slice(0, MAX_CLOSING_LINES);
  const hidden = bad.length - shown.length;
  const texts = [
    ...shown.map(({ index, verdict }) => describeVerdict(config, index, verdict)),
    ...(hidden > 0 ? [`… and ${hidden} more`] : []),
  ];
  return texts.reduce<Step>(
    ({ state: before, lines }, text) => {
      const next = say(config, before, text, now);
      return { state: next.state, lines: [...lines, ...next.lines] };
    },
    { state, lines: [] },
  );
}
