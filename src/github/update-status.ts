import type { Clock } from '../ports/clock.ts';
import { asGithubError, type CommitStatus, type RequestOptions } from '../ports/github.ts';

/** A commit status that follows the crawls until it is stopped. */
export interface StatusUpdater {
  /**
   * Stops it. Resolves when nothing of it is on its way any more: a request that is gets an
   * answer, or is cut at `until` (`Clock.elapsed()` milliseconds) or when the signal aborts.
   *
   * @throws unknown what makes every other try useless, such as a missing permission
   */
  stop(until: number, signal: AbortSignal): Promise<void>;
}

/** GitHub takes 1,000 statuses for a commit and name: on long waits it moves more slowly. */
const SLOWING = 60;

/**
 * Sets the status at once and then whenever its text has changed, `pause` milliseconds apart at
 * least. A try that failed is made up for by the next one.
 */
export function updateStatus({
  current,
  set,
  clock,
  pause,
}: {
  current(): CommitStatus;
  set(status: CommitStatus, call: RequestOptions): Promise<void>;
  clock: Clock;
  pause: number;
}): StatusUpdater {
  const moving = new AbortController();
  const sending = new AbortController();
  const call = { signal: sending.signal, retry: false };
  let refusal: { error: unknown } | undefined;
  const moved = move();

  async function move(): Promise<void> {
    const startedAt = clock.elapsed();
    let told = '';
    while (!moving.signal.aborted && refusal === undefined) {
      const at = clock.elapsed();
      const status = current();
      if (status.description !== told) {
        try {
          await set(status, call);
          told = status.description;
        } catch (error) {
          if (asGithubError(error)?.final !== false) refusal = { error };
        }
      }
      const next = at + Math.max(pause, (at - startedAt) / SLOWING);
      await clock.sleepUntil(next, moving.signal).catch(() => undefined);
    }
  }

  return {
    async stop(until, signal) {
      moving.abort();
      await Promise.race([moved, clock.sleepUntil(until, signal).catch(() => undefined)]);
      sending.abort();
      if (refusal !== undefined) throw refusal.error;
    },
  };
}
