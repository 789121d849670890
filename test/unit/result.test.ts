import { expect, it } from 'vitest';
import { outcomeFix } from '../../src/outcomes.ts';
import { decidingCrawl, fixOf, isGreen, totalOf } from '../../src/result.ts';
import { facts } from '../support/crawl-builders.ts';
import { crawlThat } from '../support/run-results.ts';

const pages = (count: number, n = 1) =>
  crawlThat('succeeded', n, { facts: facts({ total_pages: count }) });

it('is green when the crawl succeeded, or when its outcome is tolerated', () => {
  expect(isGreen({ outcome: 'succeeded', tolerated: new Set() })).toBe(true);
  expect(isGreen({ outcome: 'stalled', tolerated: new Set(['stalled']) })).toBe(true);
  expect(isGreen({ outcome: 'stalled', tolerated: new Set(['failed']) })).toBe(false);
});

it('is decided by the first crawl that has its outcome', () => {
  const crawls = [crawlThat('succeeded', 1), crawlThat('failed', 2), crawlThat('failed', 3)];
  expect(decidingCrawl({ crawls, outcome: 'failed' })).toBe(crawls[1]);
  expect(decidingCrawl({ crawls: [], outcome: 'invalid-input' })).toBeUndefined();
});

it('has the fix of its crawl, of its own verdict, or of its outcome', () => {
  const verdict = { outcome: 'failed', reason: 'x', fix: 'Do this.' } as const;
  const crawls = [crawlThat('failed', 1, { verdict })];
  expect(fixOf({ crawls, outcome: 'failed' })).toBe('Do this.');
  expect(fixOf({ crawls: [], outcome: 'failed', verdict })).toBe('Do this.');
  expect(fixOf({ crawls: [crawlThat('failed')], outcome: 'failed' })).toBe(outcomeFix('failed'));
  expect(fixOf({ crawls: [], outcome: 'failed' })).toBe(outcomeFix('failed'));
});

it('has totals that are unknown while a part of them is', () => {
  const total = ({ total_pages: count }: { total_pages: number | null }) => count;
  expect(totalOf([pages(3), pages(4, 2)], total)).toBe(7);
  expect(totalOf([pages(3), crawlThat('not-found', 2, { facts: undefined })], total)).toBeNull();
  expect(
    totalOf([pages(3), crawlThat('failed', 2, { facts: facts({ total_pages: null }) })], total),
  ).toBeNull();
  expect(totalOf([], total)).toBeNull();
});

it('has totals that count a crawl once, however the input names it', () => {
  const total = ({ total_pages: count }: { total_pages: number | null }) => count;
  const found = { ...pages(3), jobId: pages(3).jobId?.toUpperCase(), found: true };
  expect(totalOf([pages(3), found], total)).toBe(3);
  const unknown = { ...pages(3), jobId: undefined };
  expect(totalOf([unknown, { ...unknown }], total)).toBe(6);
  const elsewhere = { ...pages(3), datasourceId: pages(3, 2).datasourceId };
  expect(totalOf([pages(3), elsewhere], total)).toBe(6);
});
