import type { Clock } from '../ports/clock.ts';

/** A shorter time than this is not enough for one more request. */
const MIN_PAUSE_MS = 100;

/**
 * Sends the end of the commit status. Where GitHub might still process an earlier movement, it
 * checks which one is shown, at half of the time that is left each time, and sends the end again
 * when it was overtaken (contract, section What people see).
 *
 * @param until `Clock.elapsed()` milliseconds
 * @throws GithubError when GitHub did not accept the end; not when only a check failed
 */
export async function finishStatus({
  send,
  isShown,
  lateUntil,
  clock,
  until,
  signal,
}: {
  send(): Promise<void>;
  isShown(): Promise<boolean>;
  /** `Clock.elapsed()` milliseconds until which a movement might arrive; 0 when none can. */
  lateUntil: number;
  clock: Clock;
  until: number;
  signal: AbortSignal;
}): Promise<void> {
  await send();
  const last = Math.min(until, lateUntil);
  for (let left = last - clock.elapsed(); left > MIN_PAUSE_MS; left = last - clock.elapsed()) {
    await clock.sleepUntil(clock.elapsed() + left / 2, signal).catch(() => undefined);
    if (signal.aborted) return;
    // What cannot be checked is sent again. It was accepted once, so this is not a failure.
    const shown = await isShown().catch(() => false);
    if (!shown) await send().catch(() => undefined);
  }
}
