import { type CrawlFacts, timeOf } from '../crawl.ts';
import type { Sample } from '../result.ts';

/**
 * The one memory of a wait: what pace, stall, log, commit status, charts and `result` know of the
 * past comes from it.
 */
export type History = readonly Sample[];

/** So many samples are kept, however long the wait: enough for a chart and for `result`. */
export const MAX_SAMPLES = 240;
/** The newest ones are never thinned out: the pace measures its speed with them. */
export const RECENT_SAMPLES = 32;

/** What a response said, and when it came. */
export function sampleOf(
  crawl: CrawlFacts,
  { at, lostMs, date }: Pick<Sample, 'at' | 'lostMs' | 'date'>,
): Sample {
  return {
    at,
    lostMs,
    date,
    status: crawl.status ?? '',
    total: crawl.total_pages,
    completed: crawl.completed_pages ?? 0,
    added: crawl.new_pages ?? 0,
    updated: crawl.updated_pages ?? 0,
    removed: crawl.removed_pages ?? 0,
    unchanged: crawl.unchanged_pages ?? 0,
    startedAt: timeOf(crawl.started_at),
    updatedAt: timeOf(crawl.updated_at),
  };
}

/**
 * The history with one more sample. Of samples that say the same only the first and the last stay;
 * when there are too many, the one goes that says the least, and none at which the status changed.
 */
export function addSample(history: History, sample: Sample): Sample[] {
  const [last, beforeLast] = [history.at(-1), history.at(-2)];
  const repeats = last && beforeLast && sameState(last, sample) && sameState(beforeLast, last);
  const grown = [...(repeats ? history.slice(0, -1) : history), sample];
  return grown.length <= MAX_SAMPLES ? grown : thin(grown);
}

/** Whether two samples say the same of the crawl. */
export function sameState(one: Sample, other: Sample): boolean {
  return (
    one.status === other.status &&
    one.completed === other.completed &&
    one.total === other.total &&
    one.added === other.added &&
    one.updated === other.updated &&
    one.removed === other.removed &&
    one.unchanged === other.unchanged &&
    one.updatedAt === other.updatedAt
  );
}

/** One sample less: the one whose neighbors are the nearest to each other in time. */
function thin(samples: readonly Sample[]): Sample[] {
  const inner = samples.map((_, index) => index).slice(1, -RECENT_SAMPLES);
  const steady = inner.filter(
    (index) =>
      samples[index]?.status === samples[index - 1]?.status &&
      samples[index]?.status === samples[index + 1]?.status,
  );
  const gap = (index: number) => (samples[index + 1]?.at ?? 0) - (samples[index - 1]?.at ?? 0);
  // A status that flips at every sample must not keep them all.
  const candidates = steady.length > MAX_SAMPLES / 4 ? steady : inner;
  const dropped = candidates.reduce((best, index) => (gap(index) < gap(best) ? index : best));
  return samples.filter((_, index) => index !== dropped);
}
