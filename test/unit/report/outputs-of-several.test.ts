import { describe, expect, it } from 'vitest';
import { outputsOf } from '../../../src/report/outputs.ts';
import { facts } from '../../support/crawl-builders.ts';
import { crawlReport, crawlThat, idOf, runReport } from '../../support/run-results.ts';

const COUNTERS = [
  'total-pages',
  'completed-pages',
  'new-pages',
  'updated-pages',
  'removed-pages',
  'unchanged-pages',
] as const;

describe('changed', () => {
  const still = { new_pages: 0, updated_pages: 0, removed_pages: 0 };

  it.each([
    ['a new page', { ...still, new_pages: 1 }, 'true'],
    ['an updated page', { ...still, updated_pages: 1 }, 'true'],
    ['a removed page', { ...still, removed_pages: 1 }, 'true'],
    ['none of them', still, 'false'],
    ['an unknown part', { ...still, new_pages: null }, ''],
  ])('with %s', (_, crawl, changed) => {
    expect(outputsOf(runReport([crawlReport({ facts: facts(crawl) })]))['changed']).toBe(changed);
  });

  it.each([
    [[still, { ...still, new_pages: 1 }], 'true'],
    [[still, still], 'false'],
    [[still, undefined], ''],
    [[{ ...still, new_pages: 1 }, undefined], 'true'],
  ])('of several crawls %j', (crawls, changed) => {
    const reports = crawls.map((crawl, n) =>
      crawlThat('failed', n, { facts: crawl && facts(crawl) }),
    );
    expect(outputsOf(runReport(reports))['changed']).toBe(changed);
  });
});

describe('the outputs of several crawls', () => {
  const three = [
    crawlThat('succeeded', 1, { facts: facts({ total_pages: 100, status: 'completed' }) }),
    crawlThat('failed', 2, {
      facts: facts({ total_pages: 20, status: 'failed', error_message: 'quota' }),
    }),
    crawlThat('failed', 3, {
      facts: facts({ total_pages: 3, status: 'failed', error_message: 'other' }),
    }),
  ];

  it('give ids one per line, in the order of the input', () => {
    expect(outputsOf(runReport(three))).toMatchObject({
      'datasource-id': [idOf(1), idOf(2), idOf(3)].join('\n'),
      'job-id': [idOf(1_001), idOf(1_002), idOf(1_003)].join('\n'),
    });
  });

  it('keep the line of a job that was never found', () => {
    const reports = [crawlThat('not-found', 1, { jobId: undefined }), crawlThat('succeeded', 2)];
    expect(outputsOf(runReport(reports))['job-id']).toBe(`\n${idOf(1_002)}`);
  });

  it('give sums of the counters', () => {
    expect(outputsOf(runReport(three))).toMatchObject({
      'total-pages': '123',
      'completed-pages': '2400',
      'removed-pages': '12',
    });
  });

  it('give no sum when a part is unknown', () => {
    const [first, ...others] = three;
    const reports = [crawlThat('timed-out', 4, { facts: facts({ total_pages: null }) }), ...others];
    expect(first && outputsOf(runReport([first, ...reports]))).toMatchObject({
      'total-pages': '',
      'completed-pages': '3200',
    });
    const unseen = crawlThat('unreachable', 5, { facts: undefined });
    for (const name of COUNTERS) expect(outputsOf(runReport([...three, unseen]))[name]).toBe('');
  });

  it('take the rest from the crawl that decided, the first of its kind', () => {
    expect(outputsOf(runReport(three))).toMatchObject({
      outcome: 'failed',
      status: 'failed',
      'error-message': 'quota',
    });
  });

  it('take it from a red one when another is tolerated', () => {
    const reports = [...three, crawlThat('stalled', 4, { facts: facts({ status: 'scraping' }) })];
    expect(outputsOf(runReport(reports, { tolerated: new Set(['failed']) }))).toMatchObject({
      outcome: 'stalled',
      status: 'scraping',
      'error-message': '',
    });
  });
});
