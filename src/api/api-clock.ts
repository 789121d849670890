import type { Clock } from '../ports/clock.ts';
import type { HttpResponse } from '../ports/http.ts';
import { parseHttpDate } from './retry-after.ts';

/**
 * The API's own clock (contract, section Rules: Whose clock): the times in its responses are
 * compared with it, because a runner's clock can be wrong.
 */
export interface ApiClock {
  /** Milliseconds since 1970; the runner's date until a response has said the API's. */
  now(): number;
  /** Reads the `Date` of a response that has just come. */
  read(headers: HttpResponse['headers']): void;
  /** How far the runner's clock is ahead of the API's, in milliseconds; 0 while unknown. */
  runnerAhead(): number;
}

/** No cache counts further (RFC 9111, section 1.2.2). */
const MAX_AGE_SECONDS = 2 ** 31;

/** @param clock the runner's clock, which also measures the time since the last response */
export function createApiClock(clock: Clock): ApiClock {
  /** The API's date minus `Clock.elapsed()`. */
  let offset: number | undefined;
  const now = () => (offset === undefined ? clock.now() : offset + clock.elapsed());
  return {
    now,
    read(headers) {
      const date = parseHttpDate(headers['date']?.trim() ?? '');
      if (date !== undefined) offset = date + ageOf(headers) - clock.elapsed();
    },
    runnerAhead: () => clock.now() - now(),
  };
}

/** Milliseconds that a cache has kept the response; 0 when it does not say. Of several the first counts. */
export function ageOf(headers: HttpResponse['headers']): number {
  const [, seconds] = /^\s*\+?(\d+(?:\.\d+)?)\s*(?:,|$)/.exec(headers['age'] ?? '') ?? [];
  return seconds === undefined ? 0 : Math.min(Number(seconds), MAX_AGE_SECONDS) * 1_000;
}
