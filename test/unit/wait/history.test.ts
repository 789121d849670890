import { describe, expect, it } from 'vitest';
import type { CrawlFacts } from '../../../src/crawl.ts';
import type { Sample } from '../../../src/result.ts';
import { addSample, MAX_SAMPLES, RECENT_SAMPLES, sampleOf } from '../../../src/wait/history.ts';
import { facts } from '../../support/crawl-builders.ts';

const START = Date.parse('2026-11-23T10:00:00.000Z');

/** The history of such responses, one a second. */
function historyOf(responses: readonly Partial<CrawlFacts>[]): Sample[] {
  return responses.reduce<Sample[]>(
    (history, response, index) => addSample(history, sampleAt(index, response)),
    [],
  );
}
const sampleAt = (second: number, response: Partial<CrawlFacts> = {}) =>
  sampleOf(facts(response), { at: second * 1_000, lostMs: 0, date: START + second * 1_000 });
const secondsOf = (history: readonly Sample[]) => history.map(({ at }) => at / 1_000);
const pages = (counts: readonly number[], status = 'scraping') =>
  counts.map((completed_pages) => ({ status, completed_pages }));
const upTo = (length: number) => Array.from({ length }, (_, index) => index);

describe('a sample', () => {
  it('is what a response said, and when it came', () => {
    const response = { status: 'scraping', completed_pages: 120, total_pages: 800 };
    expect(sampleAt(7, response)).toEqual({
      at: 7_000,
      lostMs: 0,
      date: START + 7_000,
      status: 'scraping',
      total: 800,
      completed: 120,
      added: 6,
      updated: 12,
      removed: 4,
      unchanged: 778,
      startedAt: START,
      updatedAt: Date.parse('2026-11-23T10:20:01.000Z'),
    });
  });

  it("can lack a total and the crawl's own times", () => {
    const { total, startedAt, updatedAt } = sampleAt(0, {
      total_pages: null,
      started_at: null,
      updated_at: null,
    });
    expect([total, startedAt, updatedAt]).toEqual([null, null, null]);
  });

  it('is added to a copy', () => {
    const before = historyOf(pages([1, 1]));
    const kept = structuredClone(before);
    addSample(before, sampleAt(2, { status: 'scraping', completed_pages: 1 }));
    expect(before).toEqual(kept);
  });
});

describe('of samples that say the same', () => {
  it('only the first and the last stay', () => {
    expect(secondsOf(historyOf(pages([0, 5, 5, 5, 5, 7, 7, 9])))).toEqual([0, 1, 4, 5, 6, 7]);
  });

  it.each([
    ['the status', { status: 'completed' }],
    ['the pages done', { completed_pages: 6 }],
    ['the total', { total_pages: 900 }],
    ['the total, unknown again', { total_pages: null }],
    ['the pages removed', { removed_pages: 41 }],
    ['`updated_at`', { updated_at: '2026-11-23T10:20:02.000Z' }],
  ])('a change of %s is another', (_, change) => {
    const look = { status: 'scraping', completed_pages: 5, total_pages: 800 };
    const looks = [look, look, { ...look, ...change }, look, look, look];
    expect(secondsOf(historyOf(looks))).toEqual([0, 1, 2, 3, 5]);
  });
});

describe('a long history', () => {
  it('is whole while there is room', () => {
    expect(historyOf(pages(upTo(MAX_SAMPLES)))).toHaveLength(MAX_SAMPLES);
  });

  it.each([MAX_SAMPLES + 1, 1_000, 5_000])('of %d looks keeps its ends and its shape', (length) => {
    const history = historyOf(pages(upTo(length)));
    const seconds = secondsOf(history);
    expect(history.length).toBeLessThanOrEqual(MAX_SAMPLES);
    expect(history.length).toBeGreaterThan(MAX_SAMPLES / 3);
    expect(seconds[0]).toBe(0);
    expect(seconds.at(-1)).toBe(length - 1);
    expect(seconds).toEqual([...seconds].sort((one, other) => one - other));
    const widest = Math.max(...seconds.slice(1).map((at, index) => at - (seconds[index] ?? 0)));
    expect(widest).toBeLessThanOrEqual(Math.max(2, length / (MAX_SAMPLES / 8)));
  });

  it('keeps the newest samples one by one, as the pace reads them', () => {
    const seconds = secondsOf(historyOf(pages(upTo(2_000))));
    expect(seconds.slice(-RECENT_SAMPLES)).toEqual(upTo(2_000).slice(-RECENT_SAMPLES));
  });

  it('keeps every look at which the status changed', () => {
    const looks = [
      ...pages(upTo(101), 'pending'),
      ...pages(upTo(1_000), 'scraping'),
      ...pages(upTo(51), 'indexing'),
      { status: 'completed', completed_pages: 2_000 },
    ];
    const history = historyOf(looks);
    const seconds = secondsOf(history);
    expect(seconds).toEqual(expect.arrayContaining([0, 100, 101, 1_100, 1_101, 1_151, 1_152]));
    expect(history.length).toBeLessThanOrEqual(MAX_SAMPLES);
  });

  it('stays short even when the status flips at every look', () => {
    const looks = upTo(3_000).map((index) => ({
      status: index % 2 === 0 ? 'scraping' : 'paused',
      completed_pages: index,
    }));
    const history = historyOf(looks);
    expect(history.length).toBeLessThanOrEqual(MAX_SAMPLES);
    expect(secondsOf(history)[0]).toBe(0);
    expect(secondsOf(history).at(-1)).toBe(2_999);
  });
});
