import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/outcomes.ts';
import { sentence } from '../../../src/outcomes.ts';
import { headline } from '../../../src/report/message.ts';
import { decidingCrawl, isGreen, totalOf } from '../../../src/result.ts';
import { facts } from '../../support/crawl-builders.ts';
import { crawlReport, crawlThat, idOf, runReport } from '../../support/run-results.ts';

describe('the sentence for a verdict', () => {
  it.each([
    ['a reason', { reason: 'The crawl failed' }, 'The crawl failed.'],
    ['a quotation', { reason: 'The crawl failed', quote: 'quota' }, 'The crawl failed: quota.'],
    [
      'several lines',
      { reason: 'It failed', quote: ' quota\n\n reached ' },
      'It failed: quota reached.',
    ],
    [
      'punctuation of its own',
      { reason: 'It failed', quote: 'Quota reached!' },
      'It failed: Quota reached!',
    ],
    ['a cut quotation', { reason: 'It failed', quote: 'Quota rea…' }, 'It failed: Quota rea…'],
    ['an empty quotation', { reason: 'It failed', quote: '' }, 'It failed.'],
    ['a blank quotation', { reason: 'It failed', quote: ' \n' }, 'It failed.'],
  ])('with %s', (_, verdict, words) => {
    expect(sentence({ outcome: 'failed', ...verdict })).toBe(words);
  });
});

describe('the message of a run', () => {
  it('is that of its only crawl', () => {
    expect(runReport([crawlThat('failed', 1)]).message).toBe('Reason of crawl 1.');
  });

  it('says that all succeeded, and sums their pages', () => {
    const { message } = runReport([1, 2, 3].map((n) => crawlThat('succeeded', n)));
    expect(message).toMatch(/^All 3 crawls succeeded: 2,400 pages, 66 changed\.$/);
  });

  it('leaves the sums out when a part is unknown', () => {
    const crawls = [
      crawlThat('succeeded', 1),
      crawlThat('succeeded', 2, { facts: facts({ completed_pages: null }) }),
    ];
    expect(runReport(crawls).message).toBe('All 2 crawls succeeded.');
    const unchanged = crawlThat('succeeded', 3, { facts: facts({ new_pages: null }) });
    expect(runReport([crawlThat('succeeded', 1), unchanged]).message).toBe(
      'All 2 crawls succeeded.',
    );
  });

  it('says how many did not pass, and why the first of the worst is', () => {
    const crawls = [
      crawlThat('succeeded', 1),
      crawlThat('stalled', 2),
      crawlThat('failed', 3),
      crawlThat('failed', 4),
    ];
    const { message } = runReport(crawls);
    expect(message).toBe(`3 of 4 crawls did not pass. Datasource ${idOf(3)}: Reason of crawl 3.`);
  });

  it('does not count what is tolerated', () => {
    const crawls = [crawlThat('failed', 1), crawlThat('stalled', 2), crawlThat('succeeded', 3)];
    const { message } = runReport(crawls, { tolerated: new Set<Outcome>(['failed']) });
    expect(message).toMatch(/^1 of 3 crawls did not pass\b/);
    expect(message).toContain('Reason of crawl 2.');
  });

  it('says so when everything is tolerated', () => {
    const crawls = [crawlThat('failed', 1), crawlThat('stalled', 2), crawlThat('succeeded', 3)];
    const { message } = runReport(crawls, { tolerated: new Set<Outcome>(['failed', 'stalled']) });
    expect(message).toMatch(/^2 of 3 crawls did not succeed \(tolerated\)\. Datasource/);
    expect(message).not.toContain('did not pass');
    expect(message).toContain('Reason of crawl 1.');
  });

  it('is on one line', () => {
    const verdict = {
      outcome: 'failed' as const,
      reason: 'It failed',
      quote: 'a\n::error::b\r\nc',
    };
    for (const crawls of [
      [crawlReport({ verdict })],
      [crawlReport({ verdict }), crawlThat('empty')],
    ]) {
      expect(runReport(crawls).message).not.toMatch(/[\r\n]/);
    }
  });
});

describe('what the reports share', () => {
  it.each([
    ['succeeded', [], true],
    ['failed', [], false],
    ['failed', ['failed'], true],
    ['failed', ['stalled'], false],
  ] as const)('%s with %j tolerated: green is %s', (outcome, tolerated, green) => {
    expect(isGreen({ outcome, tolerated: new Set<Outcome>(tolerated) })).toBe(green);
  });

  it('the crawl that decided is the first with the outcome of the run', () => {
    const crawls = [crawlThat('succeeded', 1), crawlThat('failed', 2), crawlThat('failed', 3)];
    expect(decidingCrawl({ crawls, outcome: 'failed' })).toBe(crawls[1]);
    expect(decidingCrawl({ crawls: [], outcome: 'failed' })).toBeUndefined();
  });

  it('a total is unknown when a part is, or when there is no crawl', () => {
    const pages = (crawls: Parameters<typeof totalOf>[0]) =>
      totalOf(crawls, ({ new_pages }) => new_pages);
    expect(pages([crawlThat('failed', 1), crawlThat('failed', 2)])).toBe(12);
    expect(
      pages([crawlThat('failed', 1), crawlThat('failed', 2, { facts: undefined })]),
    ).toBeNull();
    expect(
      pages([
        crawlThat('failed', 1, { facts: facts({ new_pages: null }) }),
        crawlThat('failed', 2),
      ]),
    ).toBeNull();
    expect(pages([])).toBeNull();
  });
});

describe('the headline', () => {
  const tolerated = new Set<Outcome>(['failed']);
  const verdict = { outcome: 'failed', reason: 'It broke' } as const;
  const failed = (standsAlone: boolean) =>
    crawlThat('failed', 1, { verdict: standsAlone ? { ...verdict, standsAlone } : verdict });

  it('is the reason where that stands alone, else the title of the outcome', () => {
    expect(headline(runReport([failed(true)]))).toBe('It broke');
    expect(headline(runReport([failed(false)]))).toBe('The crawl failed');
    expect(headline(runReport([crawlReport()]))).toBe(crawlReport().verdict.reason);
  });

  it('says what is tolerated', () => {
    expect(headline(runReport([failed(true)], { tolerated }))).toBe('It broke (tolerated)');
    expect(headline(runReport([crawlReport()], { tolerated }))).not.toContain('tolerated');
  });

  it('counts several crawls', () => {
    expect(headline(runReport([failed(true), crawlThat('succeeded', 2)]))).toBe(
      '1 of 2 crawls did not pass',
    );
  });

  it('is that of a run without crawls', () => {
    const without = { outcome: 'invalid-input' } as const;
    expect(headline(runReport([], { ...without, verdict }))).toBe('Invalid inputs');
    expect(headline(runReport([], without))).toBe('Invalid inputs');
    expect(
      headline(runReport([], { ...without, verdict: { ...verdict, standsAlone: true } })),
    ).toBe('It broke');
  });
});
