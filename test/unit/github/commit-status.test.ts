import { expect, test } from 'vitest';
import { statusAtEnd, statusWhileWaiting } from '../../../src/github/commit-status.ts';
import { outcomes } from '../../../src/outcomes.ts';
import { facts, OTHER_ID } from '../../support/crawl-builders.ts';
import { crawlReport, runReport } from '../../support/run-results.ts';

const scraping = facts({ status: 'scraping', completed_pages: 312, completed_at: null });

test('while one crawl runs, its state and its pages are shown', () => {
  expect(statusWhileWaiting([{ facts: undefined, finished: false }])).toEqual({
    state: 'pending',
    description: 'Waiting for the crawl',
  });
  expect(statusWhileWaiting([{ facts: scraping, finished: false }])).toEqual({
    state: 'pending',
    description: 'scraping, 312 of 800 pages',
  });
});

test('several crawls are shown together', () => {
  const waiting = { facts: undefined, finished: false };
  const describe = (...crawls: Parameters<typeof statusWhileWaiting>[0]) =>
    statusWhileWaiting(crawls).description;
  expect(describe(waiting, waiting)).toBe('0 of 2 crawls finished');
  expect(describe({ facts: facts(), finished: true }, { facts: scraping, finished: false })).toBe(
    '1 of 2 crawls finished, 1,112 of 1,600 pages',
  );
  // What is done is not shown against a total that lacks a part.
  expect(describe({ facts: facts(), finished: true }, waiting)).toBe(
    '1 of 2 crawls finished, 800 pages so far',
  );
});

test('it ends with a state for every outcome', () => {
  const states = outcomes.map((outcome) => [
    outcome,
    statusAtEnd(runReport([crawlReport({ verdict: { outcome, reason: 'So it went' } })])).state,
  ]);
  expect(Object.fromEntries(states)).toEqual({
    succeeded: 'success',
    failed: 'failure',
    cancelled: 'failure',
    unrecognized: 'failure',
    empty: 'failure',
    rejected: 'failure',
    stalled: 'error',
    'timed-out': 'error',
    'not-found': 'error',
    unauthorized: 'error',
    unreachable: 'error',
    'invalid-response': 'error',
    'invalid-input': 'error',
    aborted: 'error',
    'internal-error': 'error',
  });
});

test('a tolerated outcome is a success that says so', () => {
  const failed = crawlReport({ verdict: { outcome: 'failed', reason: 'The crawl failed' } });
  expect(statusAtEnd(runReport([failed], { tolerated: new Set(['failed']) }))).toEqual({
    state: 'success',
    description: 'Tolerated: The crawl failed.',
  });
});

test('several crawls end in one sentence', () => {
  const report = runReport([crawlReport(), crawlReport({ datasourceId: OTHER_ID })]);
  expect(statusAtEnd(report).description).toBe('All 2 crawls succeeded: 1,600 pages, 44 changed.');
});

test('what GitHub would refuse is replaced by a question mark', () => {
  const verdict = { outcome: 'failed', reason: 'The crawl failed', quote: 'a 🐛 b' } as const;
  const { description } = statusAtEnd(runReport([crawlReport({ verdict })]));
  expect(description).toBe('The crawl failed: a ? b.');
});

test('a total is not shown while a part of it is unknown', () => {
  const ofTotals = (...totals: (number | null)[]) =>
    statusWhileWaiting(
      totals.map((total_pages) => ({
        facts: facts({ completed_pages: 10, total_pages }),
        finished: false,
      })),
    ).description;
  expect(ofTotals(20, 30)).toBe('0 of 2 crawls finished, 20 of 50 pages');
  expect(ofTotals(null, 30)).toBe('0 of 2 crawls finished, 20 pages so far');
  expect(ofTotals(20, null)).toBe('0 of 2 crawls finished, 20 pages so far');
  expect(ofTotals(20, null, 30)).toBe('0 of 3 crawls finished, 30 pages so far');
});

test.each([
  'long '.repeat(100),
  '🐛'.repeat(300),
  'line\nline\r\n\u202eline',
  '@someone <b>bold</b>',
])('whatever OpenCX says, GitHub takes the description: %j', (quote) => {
  const verdict = { outcome: 'failed', reason: 'The crawl failed', quote } as const;
  const { description } = statusAtEnd(runReport([crawlReport({ verdict })]));
  expect(description.length).toBeLessThanOrEqual(140);
  // GitHub refuses characters of four bytes; one line of plain text has no others to refuse.
  expect(description).not.toMatch(/[\u{10000}-\u{10FFFF}\p{Cc}\p{Cf}]/u);
  expect(description).toMatch(/^The crawl failed: ./);
});
