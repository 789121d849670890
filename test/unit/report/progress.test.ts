import { describe, expect, it } from 'vitest';
import type { CrawlFacts } from '../../../src/crawl.ts';
import {
  crawlLabel,
  describeProgress,
  drawBar,
  fractionDone,
  percent,
} from '../../../src/report/progress.ts';
import type { Sample } from '../../../src/result.ts';
import { facts } from '../../support/crawl-builders.ts';
import { sample } from '../../support/samples.ts';

const running = (overrides: Parameters<typeof facts>[0] = {}) =>
  facts({ status: 'scraping', completed_at: null, ...overrides });

describe('the share that is done', () => {
  it.each([
    [0, 800, 0],
    [200, 800, 0.25],
    [800, 800, 1],
    [900, 800, 1],
    [5, null, undefined],
    [null, 800, undefined],
    [0, 0, undefined],
    [5, 0, undefined],
  ])('%s of %s: %s', (completed_pages, total_pages, share) => {
    expect(fractionDone(running({ completed_pages, total_pages }))).toBe(share);
  });

  it('is printed in whole per cent, always as wide, and 100% only when all is done', () => {
    expect(percent(0)).toBe('  0%');
    expect(percent(0.07)).toBe('  7%');
    expect(percent(0.5)).toBe(' 50%');
    expect(percent(4_999 / 5_000)).toBe(' 99%');
    expect(percent(1 - 1e-14)).toBe(' 99%');
    expect(percent(1)).toBe('100%');
  });

  it('is printed as it is for every number of 100 pages', () => {
    for (let pages = 0; pages <= 100; pages += 1)
      expect(percent(pages / 100).trim()).toBe(`${pages}%`);
  });

  it('may be above 100%', () => {
    expect(percent(1.2)).toBe('120%');
  });

  it('is drawn as a bar of one width, full only when all is done', () => {
    expect(drawBar(0)).toBe('░'.repeat(20));
    expect(drawBar(0.5)).toBe('█'.repeat(10) + '░'.repeat(10));
    expect(drawBar(0.999)).toBe(`${'█'.repeat(19)}░`);
    expect(drawBar(1)).toBe('█'.repeat(20));
  });
});

describe('a status that OpenCX does not document', () => {
  it('is cut to a readable length', () => {
    const crawl = running({ status: 'indexing '.repeat(100) });
    expect(describeProgress(crawl, [], (_, text) => text).length).toBeLessThan(120);
  });
});

describe('what a line starts with', () => {
  it('is the place in the input and the beginning of the datasource, for one of several', () => {
    expect(crawlLabel(1, 3, '3c90c3cc-0d44-4b50-8888-8dd25736052a')).toBe('[2/3] 3c90c3cc  ');
  });

  it('is nothing for the only one', () => {
    expect(crawlLabel(0, 1, '3c90c3cc-0d44-4b50-8888-8dd25736052a')).toBe('');
  });
});

describe('the speed', () => {
  const speedOf = (...points: readonly (readonly [second: number, pages: number])[]) => {
    const history = points.map(([second, completed]) => sample({ at: second * 1_000, completed }));
    const line = describeProgress(running({ total_pages: null }), history, (_, text) => text);
    return /([\d.]+) pages\/s/.exec(line)?.[1];
  };

  it('is that of the last minute', () => {
    expect(speedOf([0, 0], [60, 120])).toBe('2');
    expect(speedOf([0, 0], [20, 200], [61, 241], [81, 261])).toBe('1');
  });

  it('is measured over a longer time where samples are rare', () => {
    expect(speedOf([0, 0], [90, 90])).toBe('1');
    expect(speedOf([0, 0], [90, 900], [180, 990])).toBe('1');
  });

  it('is not known from one sample, or without progress', () => {
    expect(speedOf([0, 5])).toBeUndefined();
    expect(speedOf([0, 5], [60, 5])).toBeUndefined();
  });
});

describe('a line of progress', () => {
  const line = (crawl: CrawlFacts, points: readonly Pick<Sample, 'at' | 'completed'>[]) =>
    describeProgress(
      crawl,
      points.map((point) => sample({ startedAt: null, total: crawl.total_pages, ...point })),
      (_, text) => text,
    );

  const points = [
    { at: 0, completed: 50 },
    { at: 50_000, completed: 250 },
  ];

  it('has a bar, the pages, the speed and what is left', () => {
    const told = line(running({ completed_pages: 250, total_pages: 800 }), points);
    expect(told).toContain('scraping');
    expect(told).toContain(drawBar(250 / 800));
    expect(told).toContain('31%');
    expect(told).toContain('250 of 800 pages');
    expect(told).toContain('4 pages/s');
    // 550 pages at 4 a second.
    expect(told).toContain('about 2m18s left');
  });

  it('tells the speed that the time left is computed with', () => {
    // Twenty times slower than a minute ago.
    const slower = [
      { at: 0, completed: 0 },
      { at: 10_000, completed: 200 },
      { at: 58_000, completed: 230 },
    ];
    const told = line(running({ completed_pages: 230, total_pages: 1_000 }), slower);
    expect(told).toContain('230 of 1,000 pages, 0.63 pages/s, about 20m32s left');
  });

  it('is exactly this', () => {
    const crawl = running({ completed_pages: 250, total_pages: 800 });
    const later = [points[0], { at: 5_000, completed: 51 }, points[1]]
      .filter((point) => point !== undefined)
      .map(({ at, completed }) => ({ at: at + 500_000, completed }));
    expect(line(crawl, later)).toBe(
      `scraping   ${drawBar(250 / 800)}  31%  250 of 800 pages, 4.4 pages/s, about 2m5s left`,
    );
    expect(line({ ...crawl, total_pages: null }, later)).toBe(
      'scraping   250 pages so far, 4.4 pages/s',
    );
    expect(line({ ...crawl, completed_pages: 800 }, later)).toBe(
      `scraping   ${drawBar(1)} 100%  800 of 800 pages, 4.4 pages/s, indexing content`,
    );
    expect(line({ ...crawl, completed_pages: 900 }, [])).toBe(
      `scraping   ${drawBar(1)} 100%  900 of 800 pages, indexing content`,
    );
    expect(line({ ...crawl, total_pages: 0, completed_pages: 0 }, later)).toBe(
      'scraping   0 of 0 pages, 4.4 pages/s',
    );
  });

  it.each([
    [{ completed: 256, pages: '4.1 pages/s' }],
    [{ completed: 3_050, pages: '60 pages/s' }],
    [{ completed: 550, pages: '10 pages/s' }],
    [{ completed: 546, pages: '9.9 pages/s' }],
    [{ completed: 6_233, pages: '124 pages/s' }],
    [{ completed: 51, pages: '0.02 pages/s' }],
  ])('%j: the speed has no more digits than it needs', ({ completed, pages }) => {
    const told = line(running(), [points[0] ?? { at: 0, completed: 0 }, { at: 50_000, completed }]);
    expect(told).toContain(` ${pages}`);
  });

  it('has no bar and no end while the total is unknown', () => {
    const told = line(running({ completed_pages: 250, total_pages: null }), points);
    expect(told).toContain('250 pages so far');
    expect(told).toContain('pages/s');
    expect(told).not.toMatch(/left|%|█/);
  });

  it.each([
    ['one look', points.slice(0, 1)],
    ['no look', []],
    [
      'two checks in one moment',
      [
        { at: 0, completed: 1 },
        { at: 0, completed: 9 },
      ],
    ],
    [
      'a crawl that stands',
      [
        { at: 0, completed: 9 },
        { at: 9, completed: 9 },
      ],
    ],
    [
      'a counter that fell',
      [
        { at: 0, completed: 9 },
        { at: 9, completed: 1 },
      ],
    ],
  ])('has no speed after %s', (_, seen) => {
    const told = line(running({ completed_pages: 250 }), seen);
    expect(told).not.toMatch(/pages\/s|left|NaN|Infinity/);
  });

  it('foretells no end from the first pages', () => {
    const early = line(running({ completed_pages: 23 }), points);
    expect(early).toContain('pages/s');
    expect(early).not.toContain('left');
    expect(line(running({ completed_pages: 24 }), points)).toContain('left');
  });

  it('has no speed when the crawl has ended', () => {
    expect(line(facts(), points)).not.toMatch(/pages\/s|left/);
  });

  it('says that all pages are seen but the crawl goes on', () => {
    expect(line(running({ completed_pages: 800 }), points)).toContain('indexing content');
    expect(line(facts(), points)).not.toContain('indexing');
  });

  it('of a crawl that waits for its start has no counters', () => {
    expect(line(running({ status: 'pending' }), [])).toMatch(/^pending\b[^%\d]*$/);
  });

  it('is one line, whatever the status', () => {
    expect(line(running({ status: 'a\nb' }), points)).not.toMatch(/\n/);
  });

  it('shows the status and the bar in one color, and the numbers in none', () => {
    const told = describeProgress(
      running({ completed_pages: 400 }),
      points.map(sample),
      (color, text) => `<${color} ${text}>`,
    );
    expect(told).toMatch(/^<cyan scraping > {2}<cyan █{10}░{10}> {2}50% {2}400 of 800 pages, /);
  });
});
