import type { Sample } from '../result.ts';
import { type Forecast, forecastOf, type Move, movesOf } from './forecast.ts';

/** Minimum milliseconds between two checks (contract, section Inputs). */
export const MIN_INTERVAL_MS = 2_000;
/** Maximum milliseconds between two checks (contract, section Inputs). */
export const MAX_INTERVAL_MS = 30_000;

/**
 * What a check costs and what is believed of crawls. The numbers were found by replaying crawls
 * (`npm run bench:pace`), and rounded. Times are seconds, likelihoods are in proportion to each other.
 */
const NUMBERS = {
  /**
   * A check costs as much as so many seconds of lag. A short wait has few checks to spend: they cost
   * up to `most` times as much when the crawl is older than the wait. A wait beyond `longWait` has
   * many: they cost less, by the root of its length.
   */
  price: { lag: 0.19, most: 3, shortestWait: 10, longWait: 450 },
  /** The ways to finish: when the speed says so, with pages left over, and at any other time. */
  likelihood: { asForecast: 0.5, withPagesLeft: 0.6, asSoFar: 0.025 },
  /** How far off a forecast is: always, and for each second that its end is away from the last move. */
  error: { always: 0.8, perSecond: 0.006, perSecondAndDrift: 0.075, perSecondAtFirst: 0.05 },
  /**
   * A crawl that slows down goes on slowing down. Where pages come by a power of the time that is
   * left, the forecast is short by the share that `slowing` says; so much of it is believed.
   */
  slowing: { believed: 0.8, most: 0.9 },
  /** The largest share of the total that is left over. */
  pagesLeft: 0.1,
  /** Without a forecast, a crawl lasts as likely as not so many times as long as it has lasted. */
  lastsAgain: { inQueue: 7, running: 1.5, standing: 4, indexing: 1.6 },
  /** What was only just seen has lasted this long. */
  shortestAge: 10,
  shortestStandstill: 0.5,
} as const;

/** The probability that the crawl still runs after so many more seconds. */
type Survival = (seconds: number) => number;

/**
 * Whole milliseconds until the next check: few checks in the middle of a crawl, and many near its end.
 *
 * @param samples the history of the crawl, the oldest first
 */
export function nextDelay(samples: readonly Sample[]): number {
  const delay = Math.round(1_000 * secondsUntilWorth(priceOfCheck(samples), survivalOf(samples)));
  return Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, delay));
}

/** The probability, from 0 to 1, that the crawl finishes within so many milliseconds. */
export function probabilityOfEnd(samples: readonly Sample[], milliseconds: number): number {
  return 1 - survivalOf(samples)(milliseconds / 1_000);
}

/**
 * A check is due when the lag that is expected without it has reached its price. That lag is the
 * integral of the probability that the crawl has already finished.
 */
function secondsUntilWorth(price: number, survival: Survival): number {
  let lag = 0;
  let [before, finishedBefore] = [0, 0];
  for (const seconds of INSTANTS) {
    const finished = 1 - survival(seconds);
    const more = ((finishedBefore + finished) / 2) * (seconds - before);
    if (lag + more >= price) return before + ((price - lag) / more) * (seconds - before);
    lag += more;
    [before, finishedBefore] = [seconds, finished];
  }
  return MAX_INTERVAL_MS / 1_000;
}

/** The seconds at which the integral is taken, close together at first. */
const INSTANTS = Array.from(
  { length: 60 },
  (_, index) => (MAX_INTERVAL_MS / 1_000) * ((index + 1) / 60) ** 1.5,
);

/** In seconds of lag. */
function priceOfCheck(samples: readonly Sample[]): number {
  const { lag, most, shortestWait, longWait } = NUMBERS.price;
  const [first, last, start] = [samples[0], samples.at(-1), movesOf(samples)[0]];
  if (first === undefined || last === undefined || start === undefined) return lag;
  const age = last.at / 1_000 - start.at;
  const waited = Math.max(shortestWait, (last.at - first.at) / 1_000);
  const joinedLate = Math.min(most, Math.max(1, age / waited));
  return lag * joinedLate * Math.min(1, Math.sqrt(longWait / waited));
}

/** What is believed of a crawl depends on what it says of itself. */
function survivalOf(samples: readonly Sample[]): Survival {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return () => 0;
  const { lastsAgain, shortestAge, shortestStandstill } = NUMBERS;
  const now = last.at / 1_000;
  const lasted = (since: number) => Math.max(shortestStandstill, now - since);
  const moves = movesOf(samples);
  const [start, move] = [moves[0], moves.at(-1)];
  if (start === undefined || move === undefined) {
    return startsAndFinishes(lastsAgain.inQueue * lasted(first.at / 1_000));
  }
  const age = Math.max(shortestAge, now - start.at);
  if (last.total === null) return asSoFar(lastsAgain.running * age);
  if (last.completed >= last.total) return asSoFar(lastsAgain.indexing * lasted(move.at));
  const forecast = forecastOf(moves, last.total);
  if (forecast === undefined) return asSoFar(lastsAgain.standing * age);
  return foreseen(forecast, { now, age, move, unvisited: 1 - last.completed / last.total });
}

/** A crawl whose end can be foreseen; `unvisited` is a share of the total. */
interface Progress {
  now: number;
  age: number;
  move: Move;
  unvisited: number;
}

/** The longer a crawl outlasts one way to finish, the less likely that way becomes. */
function foreseen(forecast: Forecast, { now, age, move, unvisited }: Progress): Survival {
  const { asForecast, withPagesLeft, asSoFar: atAnyTime } = NUMBERS.likelihood;
  const fromMove = secondsFromMove(forecast, move);
  const punctual = about(move.at + fromMove - now, errorOf(forecast, fromMove));
  const short = endsShort(unvisited, fromMove, now - move.at);
  const unforeseen = asSoFar(NUMBERS.lastsAgain.running * age);
  const survival: Survival = (seconds) =>
    asForecast * punctual(seconds) +
    withPagesLeft * short(seconds) +
    atAnyTime * unforeseen(seconds);
  const untilNow = survival(0);
  return (seconds) => survival(seconds) / untilNow;
}

/** Seconds from the last move to the end. */
function secondsFromMove({ end, slowing }: Forecast, { at }: Move): number {
  const { believed, most } = NUMBERS.slowing;
  return (end - at) / (1 - believed * Math.min(most, slowing));
}

/** A forecast that moves is less certain, and so is a first one. */
function errorOf({ drift }: Forecast, fromMove: number): number {
  const { always, perSecond, perSecondAndDrift, perSecondAtFirst } = NUMBERS.error;
  const unsteady =
    drift === undefined ? perSecondAtFirst : perSecondAndDrift * Math.min(1, Math.abs(drift));
  return always + fromMove * (perSecond + unsteady);
}

/** At about this time: a logistic distribution, because some crawls are far off. */
function about(left: number, error: number): Survival {
  return (seconds) => 1 / (1 + Math.exp((seconds - left) / error));
}

/** Anywhere in the last tenth, because pages are skipped, fail, or are duplicates. */
function endsShort(unvisited: number, fromMove: number, sinceMove: number): Survival {
  return (seconds) => {
    const left = unvisited * (1 - (sinceMove + seconds) / fromMove);
    return Math.min(1, Math.max(0, left / NUMBERS.pagesLeft));
  };
}

/** What has lasted for some time lasts as long again, as likely as not. */
function asSoFar(lasted: number): Survival {
  return (seconds) => lasted / (lasted + seconds);
}

/** A crawl in the queue must start and finish, and neither is known. */
function startsAndFinishes(lasted: number): Survival {
  return (seconds) => 1 - (seconds / (lasted + seconds)) ** 2;
}
