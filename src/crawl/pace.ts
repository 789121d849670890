/** Milliseconds between two looks, at least (contract, input `poll-interval`). */
export const SHORTEST = 2_000;
/** Milliseconds between two looks, at most (contract, input `poll-interval`). */
export const LONGEST = 30_000;

/** A look at a crawl. */
export interface Look {
  /** `Clock.elapsed()` milliseconds. */
  at: number;
  status: string;
  completed: number;
  /** `null` while the crawl does not know. */
  total: number | null;
}

/** So many looks tell all that the pace needs, however long the wait. */
const MOST_LOOKS = 32;

/*
 * The numbers below were found by replaying traces (`npm run bench:pace`), and round ones were
 * taken. Each is a share of some time that is known, so that the pace is the same for a crawl of a
 * minute and for one of an hour.
 */

/** Of the time in the queue, until the next look at it. */
const OF_QUEUE = 0.8;
/** Of the crawl's age, while it does not know how many pages there are. */
const OF_AGE = 0.05;
/** Of the crawl's age, while it has not moved yet. */
const OF_STANDING = 0.25;
/** Of the time for which all pages have been visited and content is indexed. */
const OF_INDEXING = 0.06;
/** Of the time that is left: less than half, because the forecast may be too late. */
const OF_TIME_LEFT = 0.42;
/** Of the time by which the crawl outlasts its forecast. */
const OF_DELAY = 0.06;
/** Of the whole wait, at the least: a few seconds matter less after an hour. */
const OF_WAIT = 0.0025;
/** So near its end (ms) a crawl is looked at when it should be over. */
const NEAR = 3_200;
const JUST_AFTER = 200;
/** A crawl's first looks are not further apart than it is old, and this (ms). */
const HEAD_START = 6_000;
/** The speed is that of this share of the crawl's age, and of this time (ms) at the least. */
const SPEED_SHARE = 0.25;
const SPEED_WINDOW = 20_000;
/** How much of each second the forecast may recede: more is noise. */
const MOST_RECEDING = 0.35;

/** The looks with one more: the first stays, and of the others the latest. */
export function keepLook(looks: readonly Look[], look: Look): Look[] {
  const [first, ...others] = [...looks, look];
  return first === undefined ? [] : [first, ...others.slice(1 - MOST_LOOKS)];
}

/**
 * Milliseconds until the next look, from what has been seen so far: seldom in the long middle of
 * a crawl and often at its end, from `SHORTEST` to `LONGEST`.
 *
 * @param looks as `keepLook` keeps them
 */
export function nextLook(looks: readonly Look[]): number {
  const [first, last] = [looks[0], looks.at(-1)];
  if (first === undefined || last === undefined) return SHORTEST;
  const wait = Math.max(SHORTEST, (last.at - first.at) * OF_WAIT, wish(looks, first, last));
  return Math.min(LONGEST, wait);
}

function wish(looks: readonly Look[], first: Look, last: Look): number {
  if (last.status === 'pending') return (last.at - first.at) * OF_QUEUE;
  const age = last.at - startOf(looks, last).at;
  if (last.total !== null && last.completed >= last.total) {
    return (last.at - lastMove(looks, last).at) * OF_INDEXING;
  }
  const end = forecast(looks);
  if (end === undefined) return age * (last.total === null ? OF_AGE : OF_STANDING);
  if (end <= last.at) return (last.at - end) * OF_DELAY;
  const left = (end - last.at) / (1 - receding(looks, last, end));
  const wait = left <= NEAR ? left + JUST_AFTER : left * OF_TIME_LEFT;
  return Math.min(wait, age + HEAD_START);
}

/** When the crawl will be over (`Clock.elapsed()`) if it goes on like this. */
function forecast(looks: readonly Look[]): number | undefined {
  const last = looks.at(-1);
  if (last === undefined || last.total === null || last.status === 'pending') return undefined;
  const start = startOf(looks, last);
  // Measured between two moves, because pages come in bursts.
  const move = lastMove(looks, last);
  const window = Math.max(SPEED_WINDOW, (last.at - start.at) * SPEED_SHARE);
  const before =
    looks.findLast(({ at, status }) => status !== 'pending' && move.at - at >= window) ?? start;
  const speed = (move.completed - before.completed) / (move.at - before.at);
  if (!(speed > 0)) return undefined;
  // A burst that is over came at some time between two looks: in the middle, as far as is known.
  const unseen = looks[looks.indexOf(move) - 1];
  const movedAt = move === last || unseen === undefined ? move.at : (unseen.at + move.at) / 2;
  return movedAt + (last.total - last.completed) / speed;
}

/**
 * How much of the time that passed the forecast receded, from 0 up: it does while pages are still
 * discovered, and when the crawl slows down.
 */
function receding(looks: readonly Look[], last: Look, end: number): number {
  const earlier = forecast(looks.slice(0, -1));
  const passed = last.at - (looks.at(-2)?.at ?? last.at);
  if (earlier === undefined || passed <= 0) return 0;
  return Math.min(MOST_RECEDING, Math.max(0, (end - earlier) / passed));
}

function startOf(looks: readonly Look[], last: Look): Look {
  return looks.find(({ status }) => status !== 'pending') ?? last;
}

/** The first look that saw as many pages as the last one. */
function lastMove(looks: readonly Look[], last: Look): Look {
  return looks[looks.findLastIndex(({ completed }) => completed !== last.completed) + 1] ?? last;
}
