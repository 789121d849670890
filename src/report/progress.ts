import { type CrawlFacts, hasFinished } from '../crawl.ts';
import { roughDuration } from '../duration.ts';
import type { Color, Paint } from '../ports/runner.ts';
import type { Sample } from '../result.ts';
import { oneLine, sanitize } from '../untrusted-text.ts';
import { currentSpeed, timeLeft } from '../wait/forecast.ts';
import { describePages } from '../wording.ts';

const BAR_WIDTH = 20;
/** As wide as `completed` and `cancelled`, so that all bars are in one column. */
const STATUS_WIDTH = 9;
/** The most characters of a status that the API does not document. */
const MAX_STATUS_LENGTH = 40;
/** From the first pages alone nobody can tell how much time is left. */
const MIN_SHARE_FOR_TIME_LEFT = 0.03;

const STATUS_COLORS: Readonly<Record<string, Color>> = {
  pending: 'dim',
  scraping: 'cyan',
  completed: 'green',
  failed: 'red',
};

/** What a line starts with that is about one crawl of several; empty for the only one. */
export function crawlLabel(index: number, count: number, datasourceId: string): string {
  return count === 1 ? '' : `[${index + 1}/${count}] ${datasourceId.slice(0, 8)}  `;
}

/** From 0 to 1; `undefined` while the crawl does not know how many pages there are. */
export function fractionDone({ completed_pages, total_pages }: CrawlFacts): number | undefined {
  if (completed_pages === null || total_pages === null || total_pages === 0) return undefined;
  return Math.min(1, completed_pages / total_pages);
}

/** `scraping  ██████░░░░  31%  250 of 800 pages, 4.2 pages/s, about 2m left`. */
export function describeProgress(
  crawl: CrawlFacts,
  history: readonly Sample[],
  paint: Paint,
): string {
  const status = sanitize(oneLine(crawl.status ?? ''), [], MAX_STATUS_LENGTH);
  const color = STATUS_COLORS[status] ?? 'yellow';
  if (status === 'pending') return `${paint(color, status)}: waiting for the crawl to start`;
  const fraction = fractionDone(crawl);
  const bar =
    fraction === undefined ? '' : `${paint(color, drawBar(fraction))} ${percent(fraction)}  `;
  const parts = [describePages(crawl), ...describeSpeed(crawl, history)];
  if (fraction === 1 && !hasFinished(crawl)) parts.push('indexing content');
  return `${paint(color, status.padEnd(STATUS_WIDTH))}  ${bar}${parts.join(', ')}`;
}

function describeSpeed(crawl: CrawlFacts, history: readonly Sample[]): string[] {
  if (hasFinished(crawl)) return [];
  const speed = currentSpeed(history) ?? 0;
  const rounded = speed >= 10 ? Math.round(speed) : Number(speed.toPrecision(2));
  const share = fractionDone(crawl) ?? 0;
  const left = share < MIN_SHARE_FOR_TIME_LEFT || share === 1 ? undefined : timeLeft(history);
  return [
    ...(speed > 0 ? [`${rounded} pages/s`] : []),
    ...(left === undefined ? [] : [`about ${roughDuration(Math.ceil(left / 1_000) * 1_000)} left`]),
  ];
}

/** A bar of fixed width. */
export function drawBar(fraction: number): string {
  const full = Math.floor(fraction * BAR_WIDTH);
  return '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
}

/** `  7%`: always of the same width, and 100% only when all is done. */
export function percent(fraction: number): string {
  // 0.29 × 100 is a little less than 29.
  const whole = Math.floor(Number((fraction * 100).toPrecision(12)));
  return `${String(fraction < 1 ? Math.min(99, whole) : whole).padStart(3)}%`;
}
