import type { Clock } from '../ports/clock.ts';
import {
  asGithubError,
  type CommitStatus,
  type GithubFailure,
  type RequestOptions,
} from '../ports/github.ts';

/** A commit status that follows the crawls until it is stopped. */
export interface StatusUpdater {
  /**
   * Stops it. Resolves when it sends nothing any more: a request that is on its way gets its
   * response, or is cut at `until` (`Clock.elapsed()` milliseconds) or when the signal aborts.
   *
   * @returns until when GitHub might still process a movement, after everything that is sent now:
   * `Clock.elapsed()` milliseconds, 0 when there is none
   */
  stop(until: number, signal: AbortSignal): Promise<number>;
}

/** GitHub takes 1,000 statuses for a commit and name: on long waits it moves more slowly. */
const MAX_MOVES_PER_DOUBLING = 60;
/** A request that got no response is not processed after this: GitHub gives up after 10 s, proxies later. */
const MAX_PROCESSING_MS = 30_000;

/** What the last movement left behind. */
interface Movement {
  /** The description that GitHub has confirmed. */
  confirmed: string;
  /** `Clock.elapsed()` milliseconds until which GitHub might process a request that got no response. */
  lateUntil: number;
  /** The same request would be refused again: no further movement is sent. */
  refused: boolean;
  /** `Clock.elapsed()` milliseconds before which GitHub wants no request. */
  notBefore: number;
}

const NO_MOVEMENT: Movement = { confirmed: '', lateUntil: 0, refused: false, notBefore: 0 };

/**
 * Sets the status at once and then whenever its text has changed, `pauseMs` apart or more. A try
 * that failed is made up for by the next one. Whatever becomes of them, the end is sent by others.
 */
export function updateStatus({
  current,
  set,
  clock,
  pauseMs,
}: {
  current(): CommitStatus;
  set(status: CommitStatus, options: RequestOptions): Promise<void>;
  clock: Clock;
  pauseMs: number;
}): StatusUpdater {
  const waiting = new AbortController();
  const sending = new AbortController();
  let last = NO_MOVEMENT;

  async function move(): Promise<void> {
    const startedAt = clock.elapsed();
    while (!waiting.signal.aborted && !last.refused) {
      const at = clock.elapsed();
      const status = current();
      if (status.description !== last.confirmed && at >= last.notBefore) {
        // A response to this movement says nothing about an earlier one that got none.
        const before = last;
        last = { ...last, lateUntil: at + MAX_PROCESSING_MS };
        last = await set(status, { signal: sending.signal, retry: 'nothing' }).then(
          () => ({ ...before, confirmed: status.description, notBefore: 0 }),
          (error: unknown) => afterFailure(before, error, { at, now: clock.elapsed() }),
        );
      }
      const pause = Math.max(pauseMs, (at - startedAt) / MAX_MOVES_PER_DOUBLING);
      const next = Math.max(at + pause, last.notBefore);
      await clock.sleepUntil(next, waiting.signal).catch(() => undefined);
    }
  }

  const moved = move();
  return {
    async stop(until, signal) {
      waiting.abort();
      await Promise.race([moved, clock.sleepUntil(until, signal).catch(() => undefined)]);
      sending.abort();
      return last.lateUntil;
    },
  };
}

/** Pure: what is known after a movement that GitHub did not confirm. */
function afterFailure(
  before: Movement,
  error: unknown,
  { at, now }: { at: number; now: number },
): Movement {
  const { reason, retryAfterMs = 0 } = asGithubError(error) ?? {};
  const lateUntil = reason === 'no-response' ? at + MAX_PROCESSING_MS : before.lateUntil;
  const notBefore = now + retryAfterMs;
  return { ...before, lateUntil, refused: !mightPass(reason), notBefore };
}

function mightPass(reason: GithubFailure | undefined): boolean {
  return (
    reason === 'no-response' ||
    reason === 'server-error' ||
    reason === 'unexpected-response' ||
    reason === 'rate-limit'
  );
}
