// @vitest-environment jsdom
import mermaid from 'mermaid';
import { describe, expect, it } from 'vitest';
import { changesChart, progressChart } from '../../../src/report/charts.ts';
import type { Sample } from '../../../src/result.ts';
import { sample } from '../../support/report-builders.ts';
import { facts } from '../../support/run-results.ts';

const source = (picture: string) => picture.replace(/^```mermaid\n/, '').replace(/\n```$/, '');

/** What the real Mermaid makes of it. */
const parse = (picture: string) => mermaid.parse(source(picture));

const numbers = (picture: string, keyword: string) =>
  [...picture.matchAll(new RegExp(`^  ${keyword} \\[(.*)\\]$`, 'gm'))].map(([, list = '']) =>
    list.split(', ').map(Number),
  );

function looks(count: number, of: (share: number) => number, apart = 10_000): Sample[] {
  return Array.from({ length: count }, (_, index) =>
    sample({
      date: Date.parse('2026-11-23T10:00:00Z') + index * apart,
      completed: Math.round(of(index / (count - 1))),
    }),
  );
}

describe('the picture of the change', () => {
  it('is Mermaid, with the true numbers in its labels', async () => {
    const picture = changesChart(facts({ new_pages: 1_234 }));
    expect((await parse(picture)).diagramType).toBe('xychart');
    expect(picture).toContain('["new 1,234", "updated 12", "removed 4", "unchanged 778"]');
  });

  it('shows 4 removed of 800: at least a twentieth of the longest bar', () => {
    const bars = numbers(changesChart(facts()), 'bar').map((series, part) => series[part] ?? 0);
    const [, , removed = 0, unchanged = 0] = bars;
    expect(removed / unchanged).toBeGreaterThan(0.05);
    expect(bars.toSorted((one, other) => one - other)).toEqual([
      bars[2],
      bars[0],
      bars[1],
      bars[3],
    ]);
  });

  it.each([
    ['nothing was seen', { new_pages: 0, updated_pages: 0, removed_pages: 0, unchanged_pages: 0 }],
    ['a counter is unknown', { removed_pages: null }],
  ])('is left out when %s', (_, counters) => {
    expect(changesChart(facts(counters))).toBe('');
  });

  it('can be drawn for the largest crawl', async () => {
    await parse(changesChart(facts({ new_pages: Number.MAX_SAFE_INTEGER })));
  });
});

describe('the picture of the progress', () => {
  it('is Mermaid, with evenly spaced points that keep the ends', async () => {
    const picture = progressChart(looks(200, (share) => 800 * share ** 2));
    expect((await parse(picture)).diagramType).toBe('xychart');
    const [line = []] = numbers(picture, 'line');
    expect(line).toHaveLength(40);
    expect([line[0], line.at(-1)]).toEqual([0, 800]);
    expect(line).toEqual(line.toSorted((one, other) => one - other));
  });

  it('spaces in time, not in looks', () => {
    const [start, , end] = looks(3, (share) => share * 800, 50_000);
    const late = { ...start, date: Date.parse('2026-11-23T10:01:30.000Z') } as Sample;
    const [line = []] = numbers(progressChart([start, late, end] as Sample[]), 'line');
    expect(line.slice(0, Math.floor(line.length * 0.9)).every((pages) => pages === 0)).toBe(true);
    expect(line.at(-1)).toBe(800);
  });

  it.each([
    [10_000, 'seconds'],
    [60_000, 'minutes'],
    [1_800_000, 'hours'],
  ])('counts looks %i ms apart in %s', (apart, unit) => {
    expect(progressChart(looks(12, (share) => share * 800, apart))).toContain(`"${unit} since`);
  });

  it.each([
    [3, 3],
    [702, 800],
    [812, 1_000],
    [5_000, 5_000],
    [1, 1],
  ])('rounds %i pages up to %i beside the axis', (most, top) => {
    const timeline = looks(5, (share) => share * most).map((look) => ({
      ...look,
      total: null,
    }));
    expect(progressChart(timeline)).toMatch(new RegExp(`y-axis "pages" 0 --> ${top}$`, 'm'));
  });

  it.each([
    ['no look', []],
    ['two looks', looks(2, (share) => share * 800)],
    ['no movement', looks(9, () => 7)],
    ['no time', looks(9, (share) => share * 9, 0)],
  ])('is left out with %s', (_, timeline) => {
    expect(progressChart(timeline)).toBe('');
  });
});
