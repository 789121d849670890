/** Time as the gate sees it; a parameter, so that an hour of waiting can be tested in a moment. */
export interface Clock {
  /** The date: milliseconds since 1970. It may jump when the machine's clock is set. */
  now(): number;
  /** Milliseconds since some fixed moment. It never jumps; every deadline is measured with it. */
  elapsed(): number;
  /**
   * Resolves when `elapsed()` has reached `until`, never before.
   * Rejects with the signal's reason, and leaves no timer behind, when the signal aborts.
   */
  sleepUntil(until: number, signal: AbortSignal): Promise<void>;
}
