import { type History, sameState } from './history.ts';

/**
 * When a scraping crawl counts as stalled, if nothing changes until then: `stallTimeout` after its
 * last change of status, of any counter, or of `updated_at`, without the time that passed without
 * usable responses (contract, section When a crawl has finished).
 *
 * @returns `Clock.elapsed()` milliseconds; Infinity when it cannot stall
 */
export function stallsAt(history: History, stallTimeout: number): number {
  const last = history.at(-1);
  if (last === undefined || stallTimeout === 0 || last.status !== 'scraping') {
    return Number.POSITIVE_INFINITY;
  }
  // Of samples that say the same the history keeps the first and the last.
  const before = history.at(-2);
  const changed = before !== undefined && sameState(before, last) ? before : last;
  return changed.at - changed.lostMs + stallTimeout + last.lostMs;
}
