import { describe, expect, it } from 'vitest';
import { changesChart, progressChart } from '../../../src/report/charts.ts';
import type { Sample } from '../../../src/result.ts';
import { facts } from '../../support/crawl-builders.ts';
import { sample } from '../../support/samples.ts';

const START = Date.parse('2026-11-23T10:00:00Z');

/** Samples at so many seconds after the first, with so many pages of so many each. */
function samplesAt(
  ...points: readonly (readonly [seconds: number, completed: number, total?: number])[]
): Sample[] {
  return points.map(([seconds, completed, total = null]) =>
    sample({ date: START + seconds * 1_000, completed, total }),
  );
}

const linesOf = (chart: string) =>
  [...chart.matchAll(/^ {2}line \[(.*)\]$/gm)].map(([, line = '']) => line.split(', ').map(Number));
const axisOf = (chart: string, axis: 'x' | 'y') =>
  new RegExp(`^ {2}${axis}-axis (.*)$`, 'm').exec(chart)?.[1];

describe('the chart of the changes', () => {
  it('is this text', () => {
    expect(changesChart(facts())).toBe(
      [
        '```mermaid',
        '%%{init: {"xyChart":{"width":320,"height":108,"yAxis":{"showLabel":false,"showTick":false,"showAxisLine":false}},"themeVariables":{"xyChart":{"backgroundColor":"transparent","plotColorPalette":"#2da44e, #218bff, #e5534b"}}}}%%',
        'xychart-beta horizontal',
        '  x-axis ["New: 6", "Updated: 12", "Removed: 4"]',
        '  y-axis 0 --> 12',
        '  bar [6, 0, 0]',
        '  bar [0, 12, 0]',
        '  bar [0, 0, 4]',
        '```',
      ].join('\n'),
    );
  });

  it('leaves out what did not change, in a crawl that did not finish too', () => {
    const running = { status: 'scraping', completed_at: null };
    const chart = changesChart(facts({ ...running, new_pages: 1_234, removed_pages: 0 }));
    expect(chart).toContain('["New: 1,234", "Updated: 12"]');
    expect(chart).toContain('"plotColorPalette":"#2da44e, #218bff"');
    expect(chart).not.toContain('Removed');
  });

  it.each([
    ['nothing changed', { new_pages: 0, updated_pages: 0, removed_pages: 0 }],
    ['a counter is unknown', { removed_pages: null }],
  ])('is left out when %s', (_, counters) => {
    expect(changesChart(facts(counters))).toBe('');
  });

  it('needs no count of the unchanged pages', () => {
    expect(changesChart(facts({ unchanged_pages: null }))).toContain('mermaid');
  });
});

describe('the chart of the pages over time', () => {
  it('is this text', () => {
    expect(progressChart(samplesAt([0, 0, 200], [50, 80, 200], [100, 160, 200]))).toBe(
      [
        '```mermaid',
        '%%{init: {"xyChart":{"width":420,"height":280,"xAxis":{"labelFontSize":12},"yAxis":{"labelFontSize":12}},"themeVariables":{"xyChart":{"backgroundColor":"transparent","plotColorPalette":"#8c959f, #218bff"}}}}%%',
        'xychart-beta',
        '  x-axis "Seconds since the first check" 0 --> 100',
        '  y-axis "Pages" 0 --> 200',
        '  line [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]',
        '  line [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 140, 150, 160]',
        '```',
        '',
        '_Blue: pages visited. Gray: total pages._',
      ].join('\n'),
    );
  });

  it('has one line and no legend while the total is unknown', () => {
    const chart = progressChart(samplesAt([0, 0], [8, 80], [16, 160]));
    expect(linesOf(chart)).toHaveLength(1);
    expect(chart).toContain('"plotColorPalette":"#218bff"');
    expect(chart).toMatch(/```$/);
  });

  it('draws a straight line between two samples, however far apart', () => {
    const samples = samplesAt([0, 10], [1, 11], [15, 25], [16, 26]);
    expect(linesOf(progressChart(samples))[0]).toEqual(
      Array.from({ length: 17 }, (_, n) => 10 + n),
    );
  });

  it('shows a pause, and a counter that fell', () => {
    const samples = samplesAt([0, 0], [2, 50], [14, 50], [16, 10]);
    expect(linesOf(progressChart(samples))[0]).toEqual([0, 25, ...Array(13).fill(50), 30, 10]);
  });

  it('takes the first of two samples in one moment, and the second after it', () => {
    const samples = samplesAt([0, 0], [8, 8], [8, 30], [16, 30]);
    expect(linesOf(progressChart(samples))[0]).toEqual([
      ...[0, 1, 2, 3, 4, 5, 6, 7, 8],
      ...Array(8).fill(30),
    ]);
  });

  it('shows each total from when it was reported, and the first one before that', () => {
    const samples = samplesAt([0, 0], [4, 4, 20], [8, 8, 40], [12, 12], [16, 16, 50]);
    expect(linesOf(progressChart(samples))[0]).toEqual([
      ...Array(8).fill(20),
      ...Array(8).fill(40),
      50,
    ]);
  });

  it.each([
    [179, '"Seconds since the first check" 0 --> 179'],
    [63.2, '"Seconds since the first check" 0 --> 63.25'],
    [180, '"Minutes since the first check" 0 --> 3'],
    [10_799, '"Minutes since the first check" 0 --> 180'],
    [10_800, '"Hours since the first check" 0 --> 3'],
    [12_780, '"Hours since the first check" 0 --> 3.625'],
  ])('shows a wait of %f s on the axis %s', (length, axis) => {
    const chart = progressChart(samplesAt([0, 0], [length / 2, 1], [length, 2]));
    expect(axisOf(chart, 'x')).toBe(axis);
    expect(linesOf(chart)[0]?.at(-1)).toBe(2);
  });

  it.each([
    [3, 17],
    [17, 17],
    [18, 33],
    [240, 33],
  ])('has for %i samples %i points', (count, points) => {
    const samples = Array.from({ length: count }, (_, n) => [n, n] as const);
    expect(linesOf(progressChart(samplesAt(...samples)))[0]).toHaveLength(points);
  });

  it.each([
    [812, '"Pages" 0 --> 812', 812],
    [999, '"Pages" 0 --> 999', 999],
    [1_000, '"Pages (thousands)" 0 --> 1', 1],
    [2_491, '"Pages (thousands)" 0 --> 2.491', 2.491],
    [999_999, '"Pages (thousands)" 0 --> 999.999', 999.999],
    [1_000_000, '"Pages (millions)" 0 --> 1', 1],
  ])('fits the axis to %i pages: %s', (most, axis, end) => {
    const chart = progressChart(samplesAt([0, 0], [8, 1], [16, most]));
    expect(axisOf(chart, 'y')).toBe(axis);
    expect(linesOf(chart)[0]?.at(-1)).toBe(end);
  });

  it('leaves room for the pages that were not visited', () => {
    expect(axisOf(progressChart(samplesAt([0, 0], [10, 5, 790], [20, 10])), 'y')).toBe(
      '"Pages" 0 --> 790',
    );
  });

  it.each([
    ['no sample', []],
    ['two samples', samplesAt([0, 0], [10, 800])],
    ['no movement', samplesAt([0, 7], [10, 7], [20, 7])],
    ['no time', samplesAt([0, 0], [0, 5], [0, 10])],
    ['time that runs backward', samplesAt([20, 0], [10, 5], [0, 10])],
  ])('is left out with %s', (_, samples) => {
    expect(progressChart(samples)).toBe('');
  });
});
