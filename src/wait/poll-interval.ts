/** Milliseconds between two looks, at least (contract, input `poll-interval`). */
export const MIN_INTERVAL_MS = 2_000;
/** Milliseconds between two looks, at most (contract, input `poll-interval`). */
export const MAX_INTERVAL_MS = 30_000;

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
 * taken. Where nothing tells when the end comes, the wait grows with the root of the time for which
 * it has not come: so looks and lag together are the fewest when an end is as likely in each second
 * of a minute as in each minute of an hour.
 */

/** Of the time in the queue, until the next look at it. */
const OF_QUEUE = 1;
/** Seconds for each root of a second of its age, while a crawl does not know how many pages there are. */
const OF_AGE = 0.8;
/** Of the crawl's age, while it has not moved yet. */
const OF_STANDING = 0.4;
/** Seconds for each root of a second for which all pages have been visited and content is indexed. */
const OF_INDEXING = 0.7;
/** Seconds for each second that is left to the power below: short of the end, which may be sooner. */
const OF_TIME_LEFT = 0.7;
const TIME_LEFT_POWER = 0.75;
/** A forecast that has stood still is trusted to within this time (ms). */
const UNSURE = 5_000;
/** One that moves, to within this many times what it would move until the end. */
const UNSURE_OF_MOVING = 2;
/** Of the time by which the crawl outlasts its forecast. */
const OF_DELAY = 0.06;
/** So near its end (ms) a crawl is looked at when it should be over. */
const NEAR = 3_000;
const JUST_AFTER = 300;
/** A crawl's first looks are not further apart than it is old, and this (ms). */
const HEAD_START = 8_000;
/** The speed is that of this share of the crawl's age, and of this time (ms) at the least. */
const SPEED_SHARE = 0.2;
const SPEED_WINDOW = 20_000;
/** How much of each second the forecast may recede: more is noise. */
const MOST_RECEDING = 0.5;

/** The looks with one more: of those that saw the same the first and the last, and the latest. */
export function keepLook(looks: readonly Look[], look: Look): Look[] {
  const [beforeLast, last] = [looks.at(-2), looks.at(-1)];
  const stands = last && beforeLast && sawTheSame(last, look) && sawTheSame(beforeLast, last);
  const [first, ...others] = [...(stands ? looks.slice(0, -1) : looks), look];
  return first === undefined ? [] : [first, ...others.slice(1 - MOST_LOOKS)];
}

/**
 * Milliseconds until the next look, from what has been seen so far: seldom in the long middle of
 * a crawl and often at its end, from `SHORTEST` to `LONGEST`.
 *
 * @param looks as `keepLook` keeps them
 */
export function nextDelay(looks: readonly Look[]): number {
  const [first, last] = [looks[0], looks.at(-1)];
  if (first === undefined || last === undefined) return MIN_INTERVAL_MS;
  return Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, wish(looks, first, last)));
}

function wish(looks: readonly Look[], first: Look, last: Look): number {
  if (last.status === 'pending') return (last.at - first.at) * OF_QUEUE;
  const age = last.at - startOf(looks, last).at;
  if (last.total !== null && last.completed >= last.total) {
    return OF_INDEXING * power(last.at - lastMove(looks, last).at, 0.5);
  }
  const end = forecast(looks);
  if (end === undefined) return last.total === null ? OF_AGE * power(age, 0.5) : OF_STANDING * age;
  if (end <= last.at) return (last.at - end) * OF_DELAY;
  return Math.min(untilTheEnd(looks, last, end), age + HEAD_START);
}

function untilTheEnd(looks: readonly Look[], last: Look, end: number): number {
  const moved = forecastMoved(looks, last, end);
  const receding = Math.min(MOST_RECEDING, Math.max(0, moved ?? 0));
  const left = (end - last.at) / (1 - receding);
  if (left <= NEAR) return left + JUST_AFTER;
  const wary = OF_TIME_LEFT * power(left, TIME_LEFT_POWER);
  if (moved === undefined) return wary;
  return Math.max(wary, left - UNSURE - UNSURE_OF_MOVING * Math.abs(moved) * left);
}

/** Milliseconds from milliseconds, by a power of the seconds. */
function power(milliseconds: number, exponent: number): number {
  return 1_000 * Math.max(0, milliseconds / 1_000) ** exponent;
}

/** When the crawl will be over (`Clock.elapsed()`) if it goes on like this. */
function forecast(looks: readonly Look[]): number | undefined {
  const last = looks.at(-1);
  if (last === undefined || last.total === null || last.status === 'pending') return undefined;
  const start = startOf(looks, last);
  // Measured between two moves, because pages come in bursts.
  const move = lastMove(looks, last);
  const window = Math.max(SPEED_WINDOW, (last.at - start.at) * SPEED_SHARE);
  const earlier =
    looks.findLast(({ at, status }) => status !== 'pending' && move.at - at >= window) ?? start;
  const before = looks.find((look) => sawTheSame(look, earlier)) ?? earlier;
  const speed = (move.completed - before.completed) / (move.at - before.at);
  if (!(speed > 0)) return undefined;
  // A burst that is over came at some time between two looks: in the middle, as far as is known.
  const unseen = looks[looks.indexOf(move) - 1];
  const movedAt = move === last || unseen === undefined ? move.at : (unseen.at + move.at) / 2;
  return movedAt + (last.total - last.completed) / speed;
}

/**
 * How far the forecast moved for each second that passed: it recedes while pages are still
 * discovered, and when the crawl slows down. `undefined` for a first forecast.
 */
function forecastMoved(looks: readonly Look[], last: Look, end: number): number | undefined {
  const earlier = forecast(looks.slice(0, -1));
  const passed = last.at - (looks.at(-2)?.at ?? last.at);
  return earlier === undefined || passed <= 0 ? undefined : (end - earlier) / passed;
}

function startOf(looks: readonly Look[], last: Look): Look {
  return looks.find(({ status }) => status !== 'pending') ?? last;
}

/** The first look that saw as many pages as the last one. */
function lastMove(looks: readonly Look[], last: Look): Look {
  return looks[looks.findLastIndex(({ completed }) => completed !== last.completed) + 1] ?? last;
}

function sawTheSame(one: Look, other: Look): boolean {
  return (
    one.status === other.status && one.completed === other.completed && one.total === other.total
  );
}
