import type { Sample } from '../result.ts';

/** A moment at which the number of visited pages changed; the first one is the crawl's start. */
export interface Move {
  /** Seconds of `Clock.elapsed()`. */
  at: number;
  completed: number;
  /** `null` while the crawl does not know. */
  total: number | null;
}

/** When the last page comes if the crawl goes on like this. */
export interface Forecast {
  /** Seconds of `Clock.elapsed()`. */
  end: number;
  /** Seconds by which the end moves away in each second; `undefined` for a first forecast. */
  drift: number | undefined;
  /** The part of the drift that the speed causes: 0 for a steady crawl, up to 1 for one that slows down. */
  slowing: number;
}

/** The speed is that of the latest moves, over at least so many seconds. */
const SPEED_WINDOW_SECONDS = 45;

/** Milliseconds until the last page at the present speed; `undefined` when nobody can tell. */
export function timeLeft(samples: readonly Sample[]): number | undefined {
  const last = samples.at(-1);
  if (last === undefined) return undefined;
  const forecast = forecastOf(movesOf(samples), last.total);
  if (forecast === undefined) return undefined;
  const left = forecast.end * 1_000 - last.at;
  return left > 0 ? left : undefined;
}

/** Pages per second; `undefined` while the crawl does not move, or nobody can tell. */
export function currentSpeed(samples: readonly Sample[]): number | undefined {
  const moves = movesOf(samples);
  const [move, sample] = [moves.at(-1), samples.at(-1)];
  if (move === undefined || sample === undefined) return undefined;
  return secondOf(sample) - move.at <= SPEED_WINDOW_SECONDS ? speedOf(moves) : undefined;
}

/** `undefined` while the crawl is in the queue, has no total or no speed, or has no page left. */
export function forecastOf(moves: readonly Move[], total: number | null): Forecast | undefined {
  const last = moves.at(-1);
  if (last === undefined || total === null || last.completed >= total) return undefined;
  const end = endOf(moves, total);
  if (end === undefined) return undefined;
  const before = moves.slice(0, windowStart(moves) + 1);
  const earlier = before.at(-1);
  const earlierEnd = endOf(before, earlier?.total ?? total);
  if (earlier === undefined || earlierEnd === undefined) {
    return { end, drift: undefined, slowing: 0 };
  }
  const driftFrom = (foreseen: number) => (end - foreseen) / (last.at - earlier.at);
  // With the present total: one that grows makes no crawl slower.
  const slowing = driftFrom(endOf(before, total) ?? end);
  return { end, drift: driftFrom(earlierEnd), slowing: Math.min(1, Math.max(0, slowing)) };
}

function endOf(moves: readonly Move[], total: number): number | undefined {
  const [last, speed] = [moves.at(-1), speedOf(moves)];
  if (last === undefined || speed === undefined) return undefined;
  return last.at + (total - last.completed) / speed;
}

function speedOf(moves: readonly Move[]): number | undefined {
  const [from, last] = [moves[windowStart(moves)], moves.at(-1)];
  if (from === undefined || last === undefined) return undefined;
  const speed = (last.completed - from.completed) / (last.at - from.at);
  return speed > 0 && Number.isFinite(speed) ? speed : undefined;
}

/** The index of the move from which the speed is measured: between moves, as pages come in bursts. */
function windowStart(moves: readonly Move[]): number {
  const now = moves.at(-1)?.at ?? 0;
  return Math.max(
    0,
    moves.findLastIndex(({ at }) => now - at >= SPEED_WINDOW_SECONDS),
  );
}

/** The start of a crawl and every change of its pages; none while it is in the queue. */
export function movesOf(samples: readonly Sample[]): Move[] {
  const running = samples.filter(({ status }) => status !== 'pending');
  const [first, last] = [running[0], running.at(-1)];
  if (first === undefined || last === undefined || last !== samples.at(-1)) return [];
  const said = momentOf(last, last.startedAt);
  const start = Math.min(said ?? Number.POSITIVE_INFINITY, secondOf(first));
  const updatesWithoutMoves = running.some((sample, index) => {
    const previous = running[index - 1];
    return previous?.completed === sample.completed && previous.updatedAt !== sample.updatedAt;
  });
  const moves: Move[] = [];
  if (start < secondOf(first)) moves.push({ at: start, completed: 0, total: null });
  running.forEach((sample, index) => {
    const previous = running[index - 1];
    if (previous?.completed === sample.completed) return;
    const latest = updatedAt(sample, previous, start);
    // The update that brought the pages came at some time between the samples.
    const at = previous && updatesWithoutMoves ? (secondOf(previous) + latest) / 2 : latest;
    moves.push({ at, completed: sample.completed, total: sample.total });
  });
  return moves;
}

/** When the job says that it changed, where that can be: after what was known before. */
function updatedAt(sample: Sample, previous: Sample | undefined, start: number): number {
  const said = momentOf(sample, sample.updatedAt);
  const isNew = (sample.updatedAt ?? 0) > (previous?.updatedAt ?? Number.NEGATIVE_INFINITY);
  const known = previous === undefined ? start : secondOf(previous);
  return said !== undefined && isNew && said > known ? said : secondOf(sample);
}

/** A time of the API's clock on ours; one that is ahead of its `Date` is the sample's own. */
function momentOf({ at, date }: Sample, instant: number | null): number | undefined {
  if (instant === null || !Number.isFinite(instant)) return undefined;
  return (at - Math.max(0, date - instant)) / 1_000;
}

function secondOf({ at }: Sample): number {
  return at / 1_000;
}
