import type { CrawlFacts } from './job.ts';

/** What a look saw; named as the output `result` names it. */
export interface TimelinePoint {
  /** ISO 8601. */
  at: string;
  status: string;
  completed_pages: number;
  total_pages: number | null;
}

/** How many points are kept, however long the wait: enough for a picture and for `result`. */
export const MOST_POINTS = 240;

/**
 * The timeline with one more look. Of looks that saw the same only the first and the last stay;
 * when there are too many, the one goes that says the least, and none at which the status changed.
 */
export function addPoint(
  timeline: readonly TimelinePoint[],
  crawl: CrawlFacts,
  now: number,
): TimelinePoint[] {
  const point: TimelinePoint = {
    at: new Date(now).toISOString(),
    status: crawl.status ?? '',
    completed_pages: crawl.completed_pages ?? 0,
    total_pages: crawl.total_pages,
  };
  const [last, beforeLast] = [timeline.at(-1), timeline.at(-2)];
  const still = last && beforeLast && sameState(last, point) && sameState(beforeLast, last);
  const grown = still ? [...timeline.slice(0, -1), point] : [...timeline, point];
  return grown.length <= MOST_POINTS ? grown : thin(grown);
}

/** One point less: the one whose neighbours are the nearest to each other in time. */
function thin(points: readonly TimelinePoint[]): TimelinePoint[] {
  const times = points.map(({ at }) => Date.parse(at));
  const inner = points.map((_, index) => index).slice(1, -1);
  const steady = inner.filter(
    (index) =>
      points[index]?.status === points[index - 1]?.status &&
      points[index]?.status === points[index + 1]?.status,
  );
  const gap = (index: number) => (times[index + 1] ?? 0) - (times[index - 1] ?? 0);
  // A status that flips at every look must not keep them all.
  const candidates = steady.length > MOST_POINTS / 4 ? steady : inner;
  const dropped = candidates.reduce((best, index) => (gap(index) < gap(best) ? index : best));
  return points.filter((_, index) => index !== dropped);
}

function sameState(one: TimelinePoint, other: TimelinePoint): boolean {
  return (
    one.status === other.status &&
    one.completed_pages === other.completed_pages &&
    one.total_pages === other.total_pages
  );
}
