/** Milliseconds between two looks, at least and at most (contract, input `poll-interval`). */
export const SHORTEST = 2_000;
export const LONGEST = 30_000;

/** A look at a crawl. */
export interface Look {
  /** `Clock.elapsed()` milliseconds. */
  at: number;
  status: string;
  completed: number;
  /** `null` while the crawl does not know. */
  total: number | null;
}

/** Milliseconds until the next look, from what has been seen so far. */
export function nextLook(looks: readonly Look[]): number {
  const [first, last] = [looks[0], looks.at(-1)];
  if (first === undefined || last === undefined) return SHORTEST;
  return Math.min(LONGEST, Math.max(SHORTEST, (last.at - first.at) / 10));
}
