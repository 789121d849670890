import type { CrawlFacts } from '../crawl.ts';
import { printCount } from '../page-count.ts';
import type { Sample } from '../result.ts';

/** Middle tones that can be read on a light page and on a dark one. */
const COLOURS = { new: '#2da44e', updated: '#218bff', removed: '#e5534b', unchanged: '#8c959f' };

/** The most points of the picture over time: more do not show at its width. */
const MOST_POINTS = 40;

/** Below this length a wait is counted in seconds, below the next one in minutes. */
const SECONDS_UNTIL = 180_000;
const MINUTES_UNTIL = 3 * 3_600_000;

/**
 * What the crawl changed, as a Mermaid picture; empty when nothing is known or nothing was seen.
 * Lengths follow the square root of the numbers, so that 4 of 800 can still be seen; the numbers
 * themselves stand beside them (contract, section What people see).
 */
export function changesChart(crawl: CrawlFacts): string {
  const parts = [
    { name: 'new', count: crawl.new_pages, colour: COLOURS.new },
    { name: 'updated', count: crawl.updated_pages, colour: COLOURS.updated },
    { name: 'removed', count: crawl.removed_pages, colour: COLOURS.removed },
    { name: 'unchanged', count: crawl.unchanged_pages, colour: COLOURS.unchanged },
  ];
  const counts = parts.map(({ count }) => count ?? 0);
  if (parts.some(({ count }) => count === null) || counts.every((count) => count === 0)) return '';
  const longest = Math.sqrt(Math.max(...counts));
  // One series for each part, because a series has one colour.
  const series = counts.map((count, part) =>
    counts.map((_, index) => (index === part ? tenth(Math.sqrt(count)) : 0)).join(', '),
  );
  return mermaid(
    parts.map(({ colour }) => colour),
    { height: 200, yAxis: { showLabel: false, showTick: false, showAxisLine: false } },
    [
      'xychart-beta horizontal',
      `  x-axis [${parts.map(({ name }, index) => `"${name} ${printCount(counts[index] ?? 0)}"`).join(', ')}]`,
      `  y-axis 0 --> ${tenth(longest)}`,
      ...series.map((values) => `  bar [${values}]`),
    ],
  );
}

/**
 * The pages over time, evenly spaced, as a Mermaid picture; empty when there were too few looks or
 * nothing moved.
 */
export function progressChart(samples: readonly Sample[]): string {
  const looks = samples.map(({ date, completed }) => ({ at: date, pages: completed }));
  const [first, last] = [looks[0], looks.at(-1)];
  const most = Math.max(...looks.map(({ pages }) => pages));
  if (first === undefined || last === undefined || looks.length < 3) return '';
  if (last.at <= first.at || most === Math.min(...looks.map(({ pages }) => pages))) return '';

  const length = last.at - first.at;
  const points = Math.min(MOST_POINTS, Math.max(12, looks.length));
  const values = Array.from({ length: points }, (_, index) =>
    Math.round(pagesAt(looks, first.at + (length * index) / (points - 1))),
  );
  const unit =
    length < SECONDS_UNTIL
      ? { name: 'seconds', ms: 1_000 }
      : length < MINUTES_UNTIL
        ? { name: 'minutes', ms: 60_000 }
        : { name: 'hours', ms: 3_600_000 };
  const known = Math.max(most, ...samples.map(({ total }) => total ?? 0));
  return mermaid([COLOURS.updated], { height: 240 }, [
    'xychart-beta',
    `  x-axis "${unit.name} since the first look" 0 --> ${tenth(length / unit.ms)}`,
    `  y-axis "pages" 0 --> ${roundUp(known)}`,
    `  line [${values.join(', ')}]`,
  ]);
}

function pagesAt(looks: readonly { at: number; pages: number }[], at: number): number {
  const next = looks.findIndex((look) => look.at >= at);
  const [before, after] = [looks[Math.max(0, next - 1)], looks[next] ?? looks.at(-1)];
  if (before === undefined || after === undefined) return 0;
  const share = after.at === before.at ? 1 : (at - before.at) / (after.at - before.at);
  return before.pages + (after.pages - before.pages) * Math.min(1, Math.max(0, share));
}

/** The next round number, so that a handful of round labels stand beside the axis. */
function roundUp(most: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, most / 8)));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= most / 8);
  return Math.ceil(most / (step ?? 1)) * (step ?? 1);
}

/** @param colours one for each series, in their order */
function mermaid(
  colours: readonly string[],
  xyChart: Record<string, unknown>,
  lines: readonly string[],
): string {
  const config = {
    xyChart: { width: 760, ...xyChart },
    themeVariables: {
      xyChart: { backgroundColor: 'transparent', plotColorPalette: colours.join(', ') },
    },
  };
  return ['```mermaid', `%%{init: ${JSON.stringify(config)}}%%`, ...lines, '```'].join('\n');
}

function tenth(number: number): number {
  return Math.round(number * 10) / 10;
}
