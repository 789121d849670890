import { describe, expect, it } from 'vitest';
import type { CrawlFacts } from '../../src/crawl/job.ts';
import { addPoint, MOST_POINTS, type TimelinePoint } from '../../src/crawl/timeline.ts';
import { facts } from '../crawl-builders.ts';

const START = Date.parse('2026-11-23T10:00:00.000Z');

/** The timeline of such looks, one a second. */
function timelineOf(looks: readonly Partial<CrawlFacts>[]): TimelinePoint[] {
  return looks.reduce<TimelinePoint[]>(
    (timeline, look, index) => addPoint(timeline, facts(look), START + index * 1_000),
    [],
  );
}
const secondsOf = (timeline: readonly TimelinePoint[]) =>
  timeline.map(({ at }) => (Date.parse(at) - START) / 1_000);
const pages = (counts: readonly number[], status = 'scraping') =>
  counts.map((completed_pages) => ({ status, completed_pages }));
const upTo = (length: number) => Array.from({ length }, (_, index) => index);

describe('a point of the timeline', () => {
  it('is what a look saw, as the output result names it', () => {
    expect(
      addPoint([], facts({ status: 'scraping', completed_pages: 120, total_pages: 800 }), START),
    ).toEqual([
      {
        at: '2026-11-23T10:00:00.000Z',
        status: 'scraping',
        completed_pages: 120,
        total_pages: 800,
      },
    ]);
  });

  it('may be one without a total', () => {
    expect(addPoint([], facts({ total_pages: null }), START)[0]?.total_pages).toBeNull();
  });

  it('is added to a copy', () => {
    const before = timelineOf(pages([1, 1]));
    const kept = structuredClone(before);
    addPoint(before, facts({ status: 'scraping', completed_pages: 1 }), START + 2_000);
    expect(before).toEqual(kept);
  });
});

describe('of looks that saw the same', () => {
  it('only the first and the last stay', () => {
    expect(secondsOf(timelineOf(pages([0, 5, 5, 5, 5, 7, 7, 9])))).toEqual([0, 1, 4, 5, 6, 7]);
  });

  it.each([
    ['the status', { status: 'completed' }],
    ['the pages done', { completed_pages: 6 }],
    ['the total', { total_pages: 900 }],
    ['the total, unknown again', { total_pages: null }],
  ])('a change of %s is another', (_, change) => {
    const look = { status: 'scraping', completed_pages: 5, total_pages: 800 };
    const looks = [look, look, { ...look, ...change }, look, look, look];
    expect(secondsOf(timelineOf(looks))).toEqual([0, 1, 2, 3, 5]);
  });
});

describe('a long timeline', () => {
  it('is whole while there is room', () => {
    expect(timelineOf(pages(upTo(MOST_POINTS)))).toHaveLength(MOST_POINTS);
  });

  it.each([MOST_POINTS + 1, 1_000, 5_000])('of %d looks keeps its ends and its shape', (length) => {
    const timeline = timelineOf(pages(upTo(length)));
    const seconds = secondsOf(timeline);
    expect(timeline.length).toBeLessThanOrEqual(MOST_POINTS);
    expect(timeline.length).toBeGreaterThan(MOST_POINTS / 3);
    expect(seconds[0]).toBe(0);
    expect(seconds.at(-1)).toBe(length - 1);
    expect(seconds).toEqual([...seconds].sort((one, other) => one - other));
    const widest = Math.max(...seconds.slice(1).map((at, index) => at - (seconds[index] ?? 0)));
    expect(widest).toBeLessThanOrEqual(Math.max(2, length / (MOST_POINTS / 8)));
  });

  it('keeps every look at which the status changed', () => {
    const looks = [
      ...pages(upTo(101), 'pending'),
      ...pages(upTo(1_000), 'scraping'),
      ...pages(upTo(51), 'indexing'),
      { status: 'completed', completed_pages: 2_000 },
    ];
    const timeline = timelineOf(looks);
    const seconds = secondsOf(timeline);
    expect(seconds).toEqual(expect.arrayContaining([0, 100, 101, 1_100, 1_101, 1_151, 1_152]));
    expect(timeline.length).toBeLessThanOrEqual(MOST_POINTS);
  });

  it('stays short even when the status flips at every look', () => {
    const looks = upTo(3_000).map((index) => ({
      status: index % 2 === 0 ? 'scraping' : 'paused',
      completed_pages: index,
    }));
    const timeline = timelineOf(looks);
    expect(timeline.length).toBeLessThanOrEqual(MOST_POINTS);
    expect(secondsOf(timeline)[0]).toBe(0);
    expect(secondsOf(timeline).at(-1)).toBe(2_999);
  });
});
