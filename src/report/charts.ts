import { type CrawlFacts, changedPages } from '../crawl.ts';
import { printCount } from '../page-count.ts';
import type { Sample } from '../result.ts';

/** Middle tones that can be read on a light page and on a dark one. */
const COLORS = {
  new: '#2da44e',
  updated: '#218bff',
  removed: '#e5534b',
  visited: '#218bff',
  total: '#8c959f',
};

/**
 * Where a chart is wider than its place, Mermaid shrinks it after it has measured the labels, and
 * cuts them. So the charts fit on a phone.
 */
const CHANGES_WIDTH_PX = 320;
const PROGRESS_WIDTH_PX = 420;
const BAR_HEIGHT_PX = 36;

/** Below this length a wait is counted in seconds, below the next one in minutes. */
const SECONDS_UNTIL_MS = 180_000;
const MINUTES_UNTIL_MS = 3 * 3_600_000;

/**
 * The pages that the crawl added, updated, and removed, as a Mermaid chart with bars in proportion;
 * empty when a counter is unknown or nothing changed (contract, section What people see).
 */
export function changesChart(crawl: CrawlFacts): string {
  if (changedPages(crawl) === null) return '';
  const parts = [
    { name: 'New', count: crawl.new_pages ?? 0, color: COLORS.new },
    { name: 'Updated', count: crawl.updated_pages ?? 0, color: COLORS.updated },
    { name: 'Removed', count: crawl.removed_pages ?? 0, color: COLORS.removed },
  ].filter(({ count }) => count > 0);
  if (parts.length === 0) return '';
  const labels = parts.map(({ name, count }) => `"${name}: ${printCount(count)}"`);
  // One series for each part, because a series has one color.
  const series = parts.map((part) => parts.map((each) => (each === part ? part.count : 0)));
  return mermaid(
    parts.map(({ color }) => color),
    {
      width: CHANGES_WIDTH_PX,
      height: BAR_HEIGHT_PX * parts.length,
      yAxis: { showLabel: false, showTick: false, showAxisLine: false },
    },
    [
      'xychart-beta horizontal',
      `  x-axis [${labels.join(', ')}]`,
      `  y-axis 0 --> ${Math.max(...parts.map(({ count }) => count))}`,
      ...series.map((counts) => `  bar [${counts.join(', ')}]`),
    ],
  );
}

/**
 * The pages visited and the total over time, as a Mermaid chart and its legend; empty when there
 * were fewer than three samples or nothing moved (contract, section What people see).
 */
export function progressChart(samples: readonly Sample[]): string {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || samples.length < 3) return '';
  const visited = samples.map(({ completed }) => completed);
  if (last.date <= first.date || Math.max(...visited) === Math.min(...visited)) return '';

  const axis = timeAxis(last.date - first.date, samples.length);
  const dates = axis.offsetsMs.map((offset) => first.date + offset);
  const totals = samples.flatMap(({ total }) => total ?? []);
  const scale = pageScale(Math.max(...visited, ...totals));
  const line = (counts: readonly number[]) =>
    `  line [${counts.map((count) => Math.round(count) / scale.pages).join(', ')}]`;
  const hasTotal = totals.length > 0;
  const chart = mermaid(
    [...(hasTotal ? [COLORS.total] : []), COLORS.visited],
    {
      width: PROGRESS_WIDTH_PX,
      height: 280,
      xAxis: { labelFontSize: 12 },
      yAxis: { labelFontSize: 12 },
    },
    [
      'xychart-beta',
      `  x-axis "${axis.title}" 0 --> ${axis.end}`,
      `  y-axis "${scale.title}" 0 --> ${scale.end}`,
      // The total comes first, so that the pages visited are drawn over it.
      ...(hasTotal ? [line(dates.map((date) => totalAt(samples, date)))] : []),
      line(dates.map((date) => visitedAt(samples, date))),
    ],
  );
  return hasTotal ? `${chart}\n\n_Blue: pages visited. Gray: total pages._` : chart;
}

/**
 * Evenly spaced points in time. Mermaid 10.9 to 11.15 place them by adding a step until it exceeds
 * the end of the axis, so a rounding error would lose the last one. With an end in eighths and a
 * power of two of steps, every sum is exact.
 */
function timeAxis(lengthMs: number, samples: number) {
  const [unit, unitMs] =
    lengthMs < SECONDS_UNTIL_MS
      ? ['Seconds', 1_000]
      : lengthMs < MINUTES_UNTIL_MS
        ? ['Minutes', 60_000]
        : ['Hours', 3_600_000];
  const end = Math.ceil((lengthMs / unitMs) * 8) / 8;
  const steps = samples > 17 ? 32 : 16;
  return {
    title: `${unit} since the first check`,
    end,
    offsetsMs: Array.from({ length: steps + 1 }, (_, step) => (end / steps) * step * unitMs),
  };
}

/** Mermaid prints the labels of the axis without separators, so they stay below 1,000. */
function pageScale(most: number): { title: string; pages: number; end: number } {
  const [title, pages] =
    most < 1_000
      ? ['Pages', 1]
      : most < 1_000_000
        ? ['Pages (thousands)', 1_000]
        : ['Pages (millions)', 1_000_000];
  return { title, pages, end: most / pages };
}

/** On the straight line between the samples before and after; the last count after the last. */
function visitedAt(samples: readonly Sample[], date: number): number {
  const after = samples.findIndex((sample) => sample.date >= date);
  const next = samples[after];
  const before = samples[after - 1];
  if (next === undefined) return samples.at(-1)?.completed ?? 0;
  if (before === undefined) return next.completed;
  const share = (date - before.date) / (next.date - before.date);
  return before.completed + (next.completed - before.completed) * share;
}

/** As it was last reported; the first that was reported before that. */
function totalAt(samples: readonly Sample[], date: number): number {
  const known = (sample: Sample) => sample.total !== null;
  const sample =
    samples.findLast((each) => each.date <= date && known(each)) ?? samples.find(known);
  return sample?.total ?? 0;
}

/** @param colors one for each series, in their order */
function mermaid(
  colors: readonly string[],
  xyChart: Record<string, unknown>,
  lines: readonly string[],
): string {
  const config = {
    xyChart,
    themeVariables: {
      xyChart: { backgroundColor: 'transparent', plotColorPalette: colors.join(', ') },
    },
  };
  return ['```mermaid', `%%{init: ${JSON.stringify(config)}}%%`, ...lines, '```'].join('\n');
}
