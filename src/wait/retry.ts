import type { ApiResponse, Fatal, RequestLimits, Retryable } from '../api/client.ts';
import { describeProblem } from '../api/problem.ts';
import type { Verdict } from '../outcomes.ts';
import type { OutageObserver } from '../ports/observer.ts';
import { checkGiveUpAt, type WaitContext } from './context.ts';
import { noUsableResponse, refused } from './verdicts.ts';

/** What a request brought in the end. */
export type RequestResult<T> =
  | { kind: 'ok'; value: T }
  /** 404, and it stayed so. */
  | { kind: 'not-found' }
  /** Its turn did not come in time: what was known before still counts. */
  | { kind: 'too-late' }
  | { kind: 'over'; verdict: Verdict };

/** A request that is repeated until it brings something. Times are `Clock.elapsed()` milliseconds. */
export interface PendingRequest<T> {
  send(limits: RequestLimits): Promise<ApiResponse<T>>;
  notBefore: number;
  /** Milliseconds that the crawl would like between two checks. */
  interval: number;
  /** When nothing is waited for any more, not even the response to a request under way. */
  giveUpAt: number;
  /** Milliseconds for which a 404 is asked again while the API has not known this crawl yet. */
  notVisibleGraceMs: number;
}

/** Sends the requests of one crawl: it retries while there is time, and knows its outage. */
export interface Requester {
  request<T>(pending: PendingRequest<T>): Promise<RequestResult<T>>;
  /**
   * The `giveUpAt` of what is read after a check. After the deadline all of it shares one
   * `request-timeout` (contract, section When a request goes wrong).
   */
  restGiveUpAt(): number;
  /** Milliseconds so far without a usable response: they do not count for `stall-timeout`. */
  lostMs(): number;
}

const FIRST_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 30_000;
/** What is in doubt is asked again so often (contract, section When a request goes wrong). */
const DOUBT_INTERVAL_MS = 2_000;
/** Contract, section Second thoughts. */
const SECOND_THOUGHTS_MS = 30_000;

/** What one crawl's responses have been like so far. Times are `Clock.elapsed()` milliseconds. */
export interface RetryState {
  /** The API has given a 2xx that is usable for this crawl. */
  seen: boolean;
  /** From the first unusable response since the last usable one. */
  outage: { since: number; failures: number; last: Retryable; pausedMs: number } | undefined;
  /** From the first response that would end the wait, until a 2xx. */
  doubt: { since: number; response: Doubtful; latestSince: number | undefined } | undefined;
  /** When the first request was sent that brought no usable response, since the last that did. */
  troubledSince: number | undefined;
  lostMs: number;
}

type Doubtful = { kind: 'not-found' } | Fatal;

/** What follows from a response. */
export type NextStep = { kind: 'done' } | { kind: 'retry'; at: number } | Final;

type Final = { kind: 'not-found' } | { kind: 'over'; verdict: Verdict };

/** What limits the retries. Times are `Clock.elapsed()` milliseconds. */
export interface RetryLimits {
  deadline: number;
  timeout: number;
  outageTimeout: number;
  notVisibleGraceMs: number;
  random: () => number;
}

/** Before the first request. */
export const initialRetryState: RetryState = {
  seen: false,
  outage: undefined,
  doubt: undefined,
  troubledSince: undefined,
  lostMs: 0,
};

/** Milliseconds until the next try (contract, section When a request goes wrong). */
export function backoff(failures: number, random: () => number): number {
  const full = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (failures - 1));
  return full * (0.75 + 0.25 * random());
}

/** The state after a response, and what to do now. */
export function afterResponse(
  state: RetryState,
  response: ApiResponse<unknown>,
  { sentAt, now }: { sentAt: number; now: number },
  limits: RetryLimits,
): { state: RetryState; next: NextStep } {
  if (response.kind === 'ok') return { state: recovered(state, now), next: { kind: 'done' } };
  const troubled = { ...state, troubledSince: state.troubledSince ?? sentAt };
  return response.kind === 'retryable'
    ? afterRetryable(troubled, response, now, limits)
    : afterDoubtful(troubled, response, now, limits);
}

function recovered({ troubledSince, lostMs }: RetryState, now: number): RetryState {
  const lost = troubledSince === undefined ? 0 : now - troubledSince;
  return { ...initialRetryState, seen: true, lostMs: lostMs + lost };
}

function afterRetryable(
  before: RetryState,
  response: Retryable,
  now: number,
  limits: RetryLimits,
): { state: RetryState; next: NextStep } {
  const { outage, doubt } = before;
  const doubted = doubt?.latestSince === undefined ? 0 : now - doubt.latestSince;
  const state: RetryState = {
    ...before,
    outage: {
      since: outage?.since ?? now,
      failures: (outage?.failures ?? 0) + 1,
      last: response,
      pausedMs: (outage?.pausedMs ?? 0) + (outage === undefined ? 0 : doubted),
    },
    doubt: doubt && { ...doubt, latestSince: undefined },
  };
  const over = outOfTime(state, now, limits);
  if (over !== undefined) return { state, next: { kind: 'over', verdict: over } };
  const retryAt = now + backoff(state.outage?.failures ?? 1, limits.random);
  return { state, next: { kind: 'retry', at: Math.min(retryAt, waitLimit(state, limits)) } };
}

function afterDoubtful(
  before: RetryState,
  response: Doubtful,
  now: number,
  limits: RetryLimits,
): { state: RetryState; next: NextStep } {
  const { seen, outage, doubt } = before;
  const state: RetryState = {
    ...before,
    // Of a crawl that was never seen a 404 is a usable response.
    outage: !seen && response.kind === 'not-found' ? undefined : outage,
    doubt: { since: doubt?.since ?? now, response, latestSince: doubt?.latestSince ?? now },
  };
  const isFinal = !seen && response.kind === 'fatal';
  if (isFinal || now >= waitLimit(state, limits)) return { state, next: believed(response) };
  const retryAt = now + DOUBT_INTERVAL_MS;
  return { state, next: { kind: 'retry', at: Math.min(retryAt, waitLimit(state, limits)) } };
}

function believed(response: Doubtful): Final {
  return response.kind === 'not-found'
    ? { kind: 'not-found' }
    : { kind: 'over', verdict: refused(response) };
}

/** When the wait ends if it goes on like this; no wait, `Retry-After` included, outlasts it. */
function waitLimit({ seen, outage, doubt }: RetryState, limits: RetryLimits): number {
  const { deadline, outageTimeout, notVisibleGraceMs } = limits;
  if (doubt?.latestSince !== undefined) {
    return Math.min(deadline, doubt.since + (seen ? SECOND_THOUGHTS_MS : notVisibleGraceMs));
  }
  if (outage === undefined) return deadline;
  return Math.min(deadline, outage.since + outage.pausedMs + outageTimeout);
}

/** The verdict of an outage that has reached its limit: the last response decides. */
function outOfTime(state: RetryState, now: number, limits: RetryLimits): Verdict | undefined {
  const { outage } = state;
  if (outage === undefined || now < waitLimit(state, limits)) return undefined;
  return now >= limits.deadline
    ? noUsableResponse(outage.last, { before: limits.timeout })
    : noUsableResponse(outage.last, { within: limits.outageTimeout });
}

/** What a crawl's latest response means when no turn comes for another one. */
function withoutTurn(state: RetryState, { timeout }: RetryLimits): Final | undefined {
  if (state.doubt?.latestSince !== undefined) return believed(state.doubt.response);
  if (state.outage === undefined) return undefined;
  return { kind: 'over', verdict: noUsableResponse(state.outage.last, { before: timeout }) };
}

/** Opens the requests of one crawl. */
export function createRequester(context: WaitContext, observer: OutageObserver): Requester {
  const { settings, clock, rateLimiter, deadline, signal, random } = context;
  const { timeout, outageTimeout, requestTimeout } = settings;
  let state = initialRetryState;
  let restGiveUpAt: number | undefined;

  /** Moves to the next state, and tells the observer what became of the outage. */
  function moveTo(next: RetryState, isOver: boolean): void {
    const wasOut = state.outage !== undefined;
    state = next;
    if (wasOut && state.outage === undefined) observer.outageOver(true);
    else if (state.outage !== undefined && isOver) observer.outageOver(false);
  }

  async function request<T>(pending: PendingRequest<T>): Promise<RequestResult<T>> {
    const { send, interval, giveUpAt, notVisibleGraceMs } = pending;
    const limits = { deadline, timeout, outageTimeout, notVisibleGraceMs, random };
    for (let notBefore = pending.notBefore; ; ) {
      const ignoreHoldFrom = waitLimit(state, limits);
      const wanted = { notBefore, interval, ignoreHoldFrom, giveUpAt };
      const acquired = await rateLimiter.acquire(wanted, signal);
      const sentAt = clock.elapsed();
      const timeLeft = Math.min(requestTimeout, giveUpAt - sentAt);
      if (!acquired || timeLeft <= 0) {
        const next = withoutTurn(state, limits);
        moveTo(state, next !== undefined);
        return next ?? { kind: 'too-late' };
      }
      context.countRequest();
      const response = await send({ timeout: timeLeft, signal, resent: context.countRequest });
      const when = { sentAt, now: clock.elapsed() };
      const { state: after, next } = afterResponse(state, response, when, limits);
      if (response.kind === 'retryable') {
        observer.outage(describeProblem(response.problem));
        obeyRetryAfter(context, response);
      }
      moveTo(after, next.kind !== 'retry');
      if (response.kind === 'ok') return response;
      if (next.kind === 'retry') notBefore = next.at;
      else if (next.kind !== 'done') return next;
    }
  }

  return {
    request,
    restGiveUpAt() {
      const now = clock.elapsed();
      if (timeout === 0 || now < deadline) return checkGiveUpAt(context);
      restGiveUpAt ??= now + requestTimeout;
      return restGiveUpAt;
    },
    lostMs: () => state.lostMs,
  };
}

/**
 * Holds all crawls of the step back for as long as the API asks, but no wait outlasts
 * `outage-timeout` (contract, section When a request goes wrong).
 */
export function obeyRetryAfter(
  { rateLimiter, clock, settings }: WaitContext,
  { retryAfterMs }: Pick<Retryable, 'retryAfterMs'>,
): void {
  if (retryAfterMs > 0) {
    rateLimiter.pauseUntil(clock.elapsed() + Math.min(retryAfterMs, settings.outageTimeout));
  }
}
