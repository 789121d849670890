import { type CrawlFacts, hasFinished } from '../crawl.ts';
import { roughDuration } from '../duration.ts';
import type { Paint } from '../ports/runner.ts';
import { oneLine } from '../untrusted-text.ts';
import { describePages } from '../wording.ts';
import { colorOf } from './colors.ts';

const BAR_WIDTH = 20;
/** As wide as `completed` and `cancelled`, so that all bars stand below each other. */
const LONGEST_STATUS = 9;
/** Milliseconds over which the speed is measured: long enough to even out bursts. */
const SPEED_WINDOW = 60_000;
/** Of the first pages alone no end can be foretold. */
const FORETELLING = 0.03;

/** How far a crawl had come at some moment. */
export interface ProgressPoint {
  /** `Clock.elapsed()` milliseconds. */
  at: number;
  completed: number;
}

/** What a line begins with that is about one crawl of several; empty for the only one. */
export function crawlLabel(index: number, count: number, datasourceId: string): string {
  return count === 1 ? '' : `[${index + 1}/${count}] ${datasourceId.slice(0, 8)}  `;
}

/** The points that the speed is measured from, with one more. */
export function addProgress(
  points: readonly ProgressPoint[],
  point: ProgressPoint,
): ProgressPoint[] {
  const recent = points.filter(({ at }) => point.at - at <= SPEED_WINDOW);
  const before = points.length > recent.length ? points.at(-recent.length - 1) : undefined;
  // With long pauses between two looks the one before the window is needed too.
  return before !== undefined && recent.length < 2
    ? [before, ...recent, point]
    : [...recent, point];
}

/** From 0 to 1; `undefined` while the crawl does not know how many pages there are. */
export function fractionDone({ completed_pages, total_pages }: CrawlFacts): number | undefined {
  if (completed_pages === null || total_pages === null || total_pages === 0) return undefined;
  return Math.min(1, completed_pages / total_pages);
}

/** `scraping  ██████░░░░  31 %  250 of 800 pages, 4.2 pages/s, about 2m left`. */
export function describeProgress(
  crawl: CrawlFacts,
  points: readonly ProgressPoint[],
  paint: Paint,
): string {
  const status = oneLine(crawl.status ?? '');
  const colour = colorOf(status);
  if (status === 'pending') return `${paint(colour, status)}: the crawl waits for its start`;
  const fraction = fractionDone(crawl);
  const parts = [describePages(crawl)];
  const speed = hasFinished(crawl) ? 0 : pagesPerSecond(points);
  if (speed > 0) {
    parts.push(`${speed >= 10 ? Math.round(speed) : Number(speed.toPrecision(2))} pages/s`);
    const left = (crawl.total_pages ?? 0) - (crawl.completed_pages ?? 0);
    if (fraction !== undefined && fraction >= FORETELLING && left > 0) {
      parts.push(`about ${roughDuration(Math.ceil(left / speed) * 1_000)} left`);
    }
  }
  if (fraction === 1 && !hasFinished(crawl)) parts.push('content is being indexed');
  const bar =
    fraction === undefined ? '' : `${paint(colour, drawBar(fraction))} ${percent(fraction)}  `;
  return `${paint(colour, status.padEnd(LONGEST_STATUS))}  ${bar}${parts.join(', ')}`;
}

/** A bar of fixed width and the share in words. */
export function drawBar(fraction: number): string {
  const full = Math.floor(fraction * BAR_WIDTH);
  return '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
}

/** `  7 %`: always of the same width, and 100 % only when all is done. */
export function percent(fraction: number): string {
  // 0.29 × 100 is a little less than 29.
  const whole = Math.floor(Number((fraction * 100).toPrecision(12)));
  return `${String(fraction < 1 ? Math.min(99, whole) : whole).padStart(3)} %`;
}

function pagesPerSecond(points: readonly ProgressPoint[]): number {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || last.at <= first.at) return 0;
  return ((last.completed - first.completed) * 1_000) / (last.at - first.at);
}
