import type { Sample } from '../result.ts';
import { type Forecast, forecastOf, type Move, movesOf } from './forecast.ts';

/** Milliseconds between two checks, at least (contract, section Inputs). */
export const MIN_INTERVAL_MS = 2_000;
/** Milliseconds between two checks, at most (contract, section Inputs). */
export const MAX_INTERVAL_MS = 30_000;

/**
 * What is believed of crawls, and what a check costs. The numbers were found by replaying crawls
 * (`npm run bench:pace`), and rounded. Times are seconds.
 */
const BELIEF = {
  /** A check costs as much as so many seconds of lag: fewer checks when it is higher. */
  priceOfCheck: 0.16,
  /** How likely each way to finish is, in proportion to the others. */
  likelihood: { asForecast: 0.5, withPagesLeft: 0.5, asSoFar: 0.02 },
  /** How far off a forecast is: always, per second that it is away, and per second of drift. */
  error: { always: 0.8, perSecond: 0.006, perDrift: 0.1, ofFirstForecast: 0.2 },
  /** The share of the total that a crawl leaves over, at most. */
  pagesLeft: 0.1,
  /** Where nothing tells the end, it is as likely before as after so many times what has passed. */
  lastsAgain: { queue: 1.5, running: 2.2, standing: 4, indexing: 1.2 },
  /** What has passed is at least this: a crawl that was just started says nothing yet. */
  shortestAge: 4,
  shortestStand: 0.5,
} as const;

/** The probability that the crawl still runs after so many more seconds. */
type Survival = (seconds: number) => number;

/** Milliseconds until the next check: seldom in the middle of a crawl, often near its end. */
export function nextDelay(samples: readonly Sample[]): number {
  const milliseconds = 1_000 * worthACheckAfter(survivalOf(samples));
  return Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, milliseconds));
}

/** The probability, from 0 to 1, that the crawl finishes within so many milliseconds. */
export function probabilityOfEnd(samples: readonly Sample[], milliseconds: number): number {
  const survival = survivalOf(samples);
  return 1 - survival(milliseconds / 1_000);
}

/**
 * The price: a check is due as soon as the lag that is expected without one costs more than it,
 * which is the integral of the probability that the crawl has already finished.
 */
function worthACheckAfter(survival: Survival): number {
  let lag = 0;
  let [before, wasOver] = [0, 0];
  for (const seconds of INSTANTS) {
    const isOver = 1 - survival(seconds);
    const more = ((wasOver + isOver) / 2) * (seconds - before);
    if (lag + more >= BELIEF.priceOfCheck) {
      return before + ((BELIEF.priceOfCheck - lag) / more) * (seconds - before);
    }
    lag += more;
    [before, wasOver] = [seconds, isOver];
  }
  return MAX_INTERVAL_MS / 1_000;
}

/** The seconds at which the integral is taken, close together at first. */
const INSTANTS = Array.from(
  { length: 60 },
  (_, index) => (MAX_INTERVAL_MS / 1_000) * ((index + 1) / 60) ** 1.5,
);

/** The belief: what is known decides how the end is foreseen. */
function survivalOf(samples: readonly Sample[]): Survival {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return () => 0;
  const now = last.at / 1_000;
  const { queue, running, standing, indexing } = BELIEF.lastsAgain;
  const moves = movesOf(samples);
  const [start, move] = [moves[0], moves.at(-1)];
  if (start === undefined || move === undefined) {
    return startsAndEnds(queue * Math.max(BELIEF.shortestStand, now - first.at / 1_000));
  }
  const age = Math.max(BELIEF.shortestAge, now - start.at);
  if (last.total === null) return asSoFar(running * age);
  if (last.completed >= last.total) {
    return asSoFar(indexing * Math.max(BELIEF.shortestStand, now - move.at));
  }
  const forecast = forecastOf(moves, last.total);
  return forecast === undefined
    ? asSoFar(standing * age)
    : foreseen(forecast, { now, age, move, unvisited: 1 - last.completed / last.total });
}

/** What is known of a crawl whose end can be foreseen; `unvisited` is a share of the total. */
interface Known {
  now: number;
  age: number;
  move: Move;
  unvisited: number;
}

/** A crawl finishes in one of three ways. The longer it outlasts one, the less likely that one is. */
function foreseen({ end, drift }: Forecast, { now, age, move, unvisited }: Known): Survival {
  const { likelihood, error, lastsAgain } = BELIEF;
  const span = end - move.at;
  const deviation =
    error.always +
    span *
      (error.perSecond +
        (drift === undefined
          ? error.ofFirstForecast
          : error.perDrift * Math.min(1, Math.abs(drift))));
  const ways: readonly (readonly [number, Survival])[] = [
    [likelihood.asForecast, about(end - now, deviation)],
    [likelihood.withPagesLeft, withPagesLeft(unvisited, span, now - move.at)],
    [likelihood.asSoFar, asSoFar(lastsAgain.running * age)],
  ];
  return givenNow((seconds) => ways.reduce((sum, [weight, way]) => sum + weight * way(seconds), 0));
}

/** It has not finished until now. */
function givenNow(survival: Survival): Survival {
  const now = survival(0);
  return (seconds) => survival(seconds) / now;
}

/** At about this time: a logistic distribution, because some crawls are far off. */
function about(left: number, deviation: number): Survival {
  return (seconds) => 1 / (1 + Math.exp((seconds - left) / deviation));
}

/** Anywhere in the last tenth, because pages are skipped, fail, or are duplicates. */
function withPagesLeft(unvisited: number, span: number, sinceMove: number): Survival {
  return (seconds) => {
    const left = unvisited * (1 - (sinceMove + seconds) / span);
    return Math.min(1, Math.max(0, left / BELIEF.pagesLeft));
  };
}

/** What has lasted so long lasts as long again, as likely as not. */
function asSoFar(passed: number): Survival {
  return (seconds) => passed / (passed + seconds);
}

/** A crawl in the queue has both to start and to finish. */
function startsAndEnds(passed: number): Survival {
  return (seconds) => 1 - (seconds / (passed + seconds)) ** 2;
}
