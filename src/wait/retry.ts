import type { ApiResponse, Fatal, RequestLimits, Retryable } from '../api/client.ts';
import { roughDuration } from '../duration.ts';
import type { Verdict } from '../outcomes.ts';
import type { OutageObserver } from '../ports/observer.ts';
import type { WaitContext } from './context.ts';

/** What a patient question brought. */
export type RequestResult<T> =
  | { kind: 'ok'; value: T }
  | { kind: 'not-found' }
  /** Its turn did not come in time: what was known before still holds. */
  | { kind: 'too-late' }
  | { kind: 'over'; verdict: Verdict };

/** One question to the API, and when to put it. Times are `Clock.elapsed()` milliseconds. */
export interface PendingRequest<T> {
  send(limits: RequestLimits): Promise<ApiResponse<T>>;
  notBefore: number;
  /** Milliseconds that the crawl would like between two looks. */
  interval: number;
  /** When nothing is waited for any more, not even the answer to a request under way. */
  giveUpAt: number;
}

/** One crawl's line to the API: it tries again while there is time, and knows its outage. */
export interface Requester {
  request<T>(question: PendingRequest<T>): Promise<RequestResult<T>>;
  /**
   * The `end` of what is read when a look is over. After the deadline all of it shares one
   * `request-timeout` (contract, section When a request goes wrong).
   */
  restEnd(): number;
  /** Milliseconds that outages have taken so far. */
  lost(): number;
}

const FIRST_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 30_000;

/** Milliseconds until the next try (contract, section When a request goes wrong). */
export function backoff(failures: number, random: () => number): number {
  const full = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (failures - 1));
  return full * (0.75 + 0.25 * random());
}

/** The `end` of a look: one that is under way at the deadline is the last. */
export function lookEnd({ deadline, settings }: WaitContext): number {
  return deadline + settings.requestTimeout;
}

/** Opens the line of one crawl. */
export function createRequester(step: WaitContext, observer: OutageObserver): Requester {
  const { settings, clock, rateLimiter, deadline, signal } = step;
  let since: number | undefined;
  let failures = 0;
  let lost = 0;
  let last: Retryable | undefined;
  let restEnd: number | undefined;

  function recovered(now: number): void {
    if (since === undefined) return;
    lost += now - since;
    since = undefined;
    last = undefined;
    failures = 0;
    observer.outageOver(true);
  }

  function over(verdict: Verdict): { kind: 'over'; verdict: Verdict } {
    if (since !== undefined) observer.outageOver(false);
    return { kind: 'over', verdict };
  }

  /** In an outage the last answer decides (contract, section Outcomes). */
  function outOfTime(): { kind: 'too-late' } | { kind: 'over'; verdict: Verdict } {
    if (last === undefined) return { kind: 'too-late' };
    const { timeout } = settings;
    return over(noAnswer(last, timeout, `until the timeout of ${roughDuration(timeout)}`));
  }

  async function request<T>({
    send,
    notBefore,
    interval,
    giveUpAt,
  }: PendingRequest<T>): Promise<RequestResult<T>> {
    for (let at = notBefore; ; ) {
      const outageEnd = since === undefined ? Infinity : since + settings.outageTimeout;
      const ignoreHoldFrom = Math.min(deadline, outageEnd);
      const turn = await rateLimiter.acquire(
        { notBefore: at, interval, ignoreHoldFrom, giveUpAt: giveUpAt },
        signal,
      );
      const timeout = Math.min(settings.requestTimeout, giveUpAt - clock.elapsed());
      if (!turn || timeout <= 0) return outOfTime();

      step.countRequest();
      const answer = await send({ timeout, signal, resent: step.countRequest });
      const now = clock.elapsed();
      if (answer.kind === 'ok' || answer.kind === 'not-found') {
        recovered(now);
        return answer;
      }
      if (answer.kind === 'fatal') {
        const verdict = refusal(answer);
        if (answer.outcome === 'unauthorized') step.abort(verdict);
        return over(verdict);
      }

      last = answer;
      failures += 1;
      since ??= now;
      observer.outage(answer.why);
      obeyRetryAfter(step, answer);
      if (now >= deadline) return outOfTime();
      const patienceEnd = since + settings.outageTimeout;
      if (now >= patienceEnd) {
        const { outageTimeout } = settings;
        return over(noAnswer(answer, outageTimeout, `for ${roughDuration(outageTimeout)}`));
      }
      at = Math.min(now + backoff(failures, step.random), patienceEnd, deadline);
    }
  }

  return {
    request,
    restEnd() {
      const now = clock.elapsed();
      if (now < deadline) return lookEnd(step);
      restEnd ??= now + settings.requestTimeout;
      return restEnd;
    },
    lost: () => lost,
  };
}

/**
 * Holds all crawls of the step back for as long as the API asks, but no wait outlasts
 * `outage-timeout` (contract, section When a request goes wrong).
 */
export function obeyRetryAfter(
  { rateLimiter, clock, settings }: WaitContext,
  { retryAfter }: Pick<Retryable, 'retryAfter'>,
): void {
  if (retryAfter > 0)
    rateLimiter.pauseUntil(clock.elapsed() + Math.min(retryAfter, settings.outageTimeout));
}

function noAnswer({ outcome, why }: Retryable, limit: number, howLong: string): Verdict {
  const reason =
    limit === 0
      ? `The API gave no usable answer: ${why}`
      : `The API gave no usable answer ${howLong}; the last was: ${why}`;
  return { outcome, reason, ...(why.startsWith('429') ? { fix: TOO_MANY_REQUESTS } : {}) };
}

const TOO_MANY_REQUESTS =
  'OpenCX limits the requests of an organisation: let fewer gates run at once, put several datasources into one step, or raise `poll-interval`.';

/** The verdict on an answer after which no other try is worth while. */
export function refusal({ outcome, why, quote }: Fatal): Verdict {
  switch (outcome) {
    case 'unauthorized':
      return { outcome, reason: `The API refused the key with ${why}` };
    case 'invalid-input':
      return {
        outcome,
        reason: `The API refused the request with ${why}`,
        ...(quote === undefined ? {} : { quote }),
        fix: 'Check `datasource-id`, `job-id` and `api-url`. If they are right, the API may have changed: look for a newer version of this action.',
      };
    case 'invalid-response':
      return why.startsWith('3')
        ? {
            outcome,
            reason: `The API answered ${why}, and a redirect is never followed, because the key goes to api-url alone`,
            fix: 'Set `api-url` to the address that answers without a redirect, and check whether a proxy answers in place of OpenCX.',
          }
        : { outcome, reason: `The API answered ${why}, which it does not document` };
  }
}
