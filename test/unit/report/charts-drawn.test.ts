// @vitest-environment jsdom
import type { Mermaid } from 'mermaid';
import { beforeAll, describe, expect, it } from 'vitest';
import { changesChart, progressChart } from '../../../src/report/charts.ts';
import type { Sample } from '../../../src/result.ts';
import { facts } from '../../support/crawl-builders.ts';
import { drawnBars, drawnLines, MERMAID_PACKAGES } from '../../support/drawn-chart.ts';
import { sample } from '../../support/samples.ts';

const BLUE = '#218bff';
const GRAY = '#8c959f';

/** jsdom has no layout; the charts need only some size for their labels. */
const LABEL = { x: 0, y: 0, width: 40, height: 14 };

/** A crawl that visited so many pages of `total` within so many milliseconds. */
function crawlOf(lengthMs: number, completed: number, total: number | null): Sample[] {
  return Array.from({ length: 20 }, (_, index) =>
    sample({
      date: Date.parse('2026-11-23T10:00:00Z') + (lengthMs * index) / 19,
      completed: Math.round((completed * index) / 19),
      total,
    }),
  );
}

const LENGTHS_MS = Array.from({ length: 20 }, (_, index) => Math.round(7_300 * 1.47 ** index));

describe.each(MERMAID_PACKAGES)('drawn by %s', (name) => {
  let mermaid: Mermaid;
  let drawings = 0;

  async function draw(chart: string): Promise<string> {
    const [, source = ''] = /```mermaid\n([\s\S]*?)\n```/.exec(chart) ?? [];
    drawings += 1;
    return (await mermaid.render(`drawing-${drawings}`, source)).svg;
  }

  beforeAll(async () => {
    Object.assign(Reflect.get(globalThis, 'SVGElement').prototype, {
      getBBox: () => LABEL,
      getComputedTextLength: () => LABEL.width,
    });
    mermaid = (await import(name)).default;
    mermaid.initialize({ startOnLoad: false });
  });

  it('the line reaches the last count at the end of the axis, however long the crawl took', async () => {
    for (const length of LENGTHS_MS) {
      const svg = await draw(progressChart(crawlOf(length, 702, 812)));
      const [total = []] = drawnLines(svg, GRAY);
      const [visited = []] = drawnLines(svg, BLUE);
      const [start, end, ceiling] = [visited[0], visited.at(-1), total.at(-1)];
      expect(visited, `${length} ms`).toHaveLength(33);
      expect(total).toHaveLength(33);
      expect(end?.x).toBe(ceiling?.x);
      // The axis runs from 0 pages, where the line starts, to 812, where the total lies.
      const height = (start?.y ?? 0) - (ceiling?.y ?? 0);
      expect(((start?.y ?? 0) - (end?.y ?? 0)) / height).toBeCloseTo(702 / 812, 4);
    }
  });

  it('the line fills the height when every page was visited', async () => {
    const svg = await draw(progressChart(crawlOf(47_000, 5_000, 5_000)));
    const [total = []] = drawnLines(svg, GRAY);
    const [visited = []] = drawnLines(svg, BLUE);
    expect(visited.at(-1)).toEqual(total.at(-1));
  });

  it('the labels have no number of more than three digits without a separator', async () => {
    for (const pages of [999, 1_000, 5_000, 999_999, 1_000_000]) {
      const svg = await draw(progressChart(crawlOf(47_000, pages, pages)));
      const labels = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, label]) => label);
      expect(labels.length).toBeGreaterThan(5);
      expect(labels.filter((label) => /\d{4}/.test(label ?? ''))).toEqual([]);
    }
  });

  it('the bars are in proportion to the numbers', async () => {
    const svg = await draw(
      changesChart(facts({ new_pages: 10, updated_pages: 40, removed_pages: 100 })),
    );
    const bars = ['#2da44e', BLUE, '#e5534b'].flatMap((color) => drawnBars(svg, color));
    const longest = bars[2] ?? 0;
    expect(bars.map((length) => length / longest)).toEqual([
      expect.closeTo(0.1, 3),
      expect.closeTo(0.4, 3),
      1,
    ]);
  });
});
