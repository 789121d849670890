import { describe, expect, it } from 'vitest';
import { changesChart, progressChart } from '../../../src/report/charts.ts';
import type { Sample } from '../../../src/result.ts';
import { sample } from '../../support/report-builders.ts';
import { facts } from '../../support/run-results.ts';

const START = Date.parse('2026-11-23T10:00:00Z');

/** Looks at so many seconds after the first, with so many pages each. */
function looks(...points: readonly (readonly [number, number])[]): Sample[] {
  return points.map(([seconds, completed]) =>
    sample({ date: START + seconds * 1_000, completed, total: null }),
  );
}

const pagesOf = (picture: string) =>
  /^ {2}line \[(.*)\]$/m.exec(picture)?.[1]?.split(', ').map(Number);
const axisOf = (picture: string) => /^ {2}x-axis (.*)$/m.exec(picture)?.[1];

describe('the picture of the change', () => {
  it('is this text', () => {
    expect(changesChart(facts())).toBe(
      [
        '```mermaid',
        '%%{init: {"xyChart":{"width":760,"height":200,"yAxis":{"showLabel":false,"showTick":false,"showAxisLine":false}},"themeVariables":{"xyChart":{"backgroundColor":"transparent","plotColorPalette":"#2da44e, #218bff, #e5534b, #8c959f"}}}}%%',
        'xychart-beta horizontal',
        '  x-axis ["new 6", "updated 12", "removed 4", "unchanged 778"]',
        '  y-axis 0 --> 27.9',
        '  bar [2.4, 0, 0, 0]',
        '  bar [0, 3.5, 0, 0]',
        '  bar [0, 0, 2, 0]',
        '  bar [0, 0, 0, 27.9]',
        '```',
      ].join('\n'),
    );
  });

  it('is drawn when only one part is there', () => {
    const counters = { new_pages: 9, updated_pages: 0, removed_pages: 0, unchanged_pages: 0 };
    expect(changesChart(facts(counters))).toContain('\n  bar [3, 0, 0, 0]\n');
  });
});

describe('the picture of the progress', () => {
  it('is this text', () => {
    const timeline = looks([0, 0], [50, 100], [110, 220]);
    expect(progressChart(timeline)).toBe(
      [
        '```mermaid',
        '%%{init: {"xyChart":{"width":760,"height":240},"themeVariables":{"xyChart":{"backgroundColor":"transparent","plotColorPalette":"#218bff"}}}}%%',
        'xychart-beta',
        '  x-axis "seconds since the first look" 0 --> 110',
        '  y-axis "pages" 0 --> 250',
        '  line [0, 20, 40, 60, 80, 100, 120, 140, 160, 180, 200, 220]',
        '```',
      ].join('\n'),
    );
  });

  it('draws a straight line between two looks, however unevenly they came', () => {
    const timeline = looks([0, 10], [10, 20], [100, 110], [110, 120]);
    expect(pagesOf(progressChart(timeline))).toEqual([
      10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120,
    ]);
  });

  it('shows a pause, and a counter that fell', () => {
    expect(pagesOf(progressChart(looks([0, 0], [10, 50], [90, 50], [110, 10])))).toEqual([
      0, 50, 50, 50, 50, 50, 50, 50, 50, 50, 30, 10,
    ]);
  });

  it('takes two looks in one moment', () => {
    expect(pagesOf(progressChart(looks([0, 0], [55, 10], [55, 30], [110, 30])))).toEqual([
      0, 2, 4, 5, 7, 9, 30, 30, 30, 30, 30, 30,
    ]);
  });

  it.each([
    [179, '"seconds since the first look" 0 --> 179'],
    [180, '"minutes since the first look" 0 --> 3'],
    [10_799, '"minutes since the first look" 0 --> 180'],
    [10_800, '"hours since the first look" 0 --> 3'],
    [12_780, '"hours since the first look" 0 --> 3.6'],
  ])('counts a wait of %i s so: %s', (length, axis) => {
    expect(axisOf(progressChart(looks([0, 0], [length / 2, 1], [length, 2])))).toBe(axis);
  });

  it.each([
    [5, 12],
    [12, 12],
    [13, 13],
    [40, 40],
    [41, 40],
  ])('has for %i looks %i points', (count, points) => {
    const timeline = looks(...Array.from({ length: count }, (_, n) => [n, n] as const));
    expect(pagesOf(progressChart(timeline))).toHaveLength(points);
  });

  it('leaves room for the pages that are known but not yet seen', () => {
    const timeline = looks([0, 0], [10, 5], [20, 10]).map((look, index) => ({
      ...look,
      total: index === 1 ? 790 : null,
    }));
    expect(progressChart(timeline)).toContain('"pages" 0 --> 800\n');
  });

  it('needs time that passes', () => {
    expect(progressChart(looks([20, 0], [10, 5], [0, 10]))).toBe('');
  });
});
