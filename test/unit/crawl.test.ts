import { describe, expect, it } from 'vitest';
import { datasourceSchema, factsOfJob, lastFinishedCrawl } from '../../src/api/schemas.ts';
import {
  between,
  changedPages,
  hasFinished,
  isDocumentedStatus,
  isFinishedStatus,
  isUuid,
  knownBefore,
  removedForSure,
  sameId,
  timeOf,
} from '../../src/crawl.ts';
import {
  activeJob,
  DATASOURCE_ID,
  datasourceResponse,
  facts,
  jobResponse,
} from '../support/crawl-builders.ts';

const last = (overrides: Record<string, unknown>) =>
  lastFinishedCrawl(datasourceSchema.parse(datasourceResponse(overrides)));

describe('UUIDs follow the pattern of the API', () => {
  it.each([
    DATASOURCE_ID,
    DATASOURCE_ID.toUpperCase(),
    '00000000-0000-0000-0000-000000000000',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((version) => `3c90c3cc-0d44-${version}b50-8888-8dd25736052a`),
    ...['8', '9', 'a', 'b', 'A', 'B'].map(
      (variant) => `3c90c3cc-0d44-4b50-${variant}888-8dd25736052a`,
    ),
  ])('%s is one', (text) => {
    expect(isUuid(text)).toBe(true);
  });

  it.each([
    '',
    '3c90c3cc-0d44-0b50-8888-8dd25736052a',
    '3c90c3cc-0d44-9b50-8888-8dd25736052a',
    '3c90c3cc-0d44-4b50-7888-8dd25736052a',
    '3c90c3cc-0d44-4b50-c888-8dd25736052a',
    '3c90c3cc-0d44-4b50-8888-8dd25736052',
    '3c90c3cc-0d44-4b50-8888-8dd25736052aa',
    '3c90c3cg-0d44-4b50-8888-8dd25736052a',
    '3c90c3cc0d444b5088888dd25736052a',
    '00000000-0000-0000-0000-000000000001',
    'ffffffff-ffff-ffff-ffff-fffffffffffe',
    ` ${DATASOURCE_ID}`,
    `${DATASOURCE_ID}\n`,
    `${DATASOURCE_ID}/crawls`,
    `x${DATASOURCE_ID}`,
  ])('%j is none', (text) => {
    expect(isUuid(text)).toBe(false);
  });

  it('and are compared without regard to case', () => {
    expect(sameId(DATASOURCE_ID, DATASOURCE_ID.toUpperCase())).toBe(true);
    expect(sameId(DATASOURCE_ID.toUpperCase(), DATASOURCE_ID)).toBe(true);
    expect(sameId(DATASOURCE_ID, DATASOURCE_ID.replace('3', '4'))).toBe(false);
  });
});

describe('when a crawl has ended', () => {
  const at = '2026-11-23T10:20:00Z';

  it.each([
    ['pending', null, false],
    ['pending', at, false],
    ['scraping', null, false],
    ['scraping', at, false],
    ['completed', null, true],
    ['completed', at, true],
    ['failed', null, true],
    ['failed', at, true],
    ['cancelled', null, true],
    ['cancelled', at, true],
    ['indexing', null, false],
    ['indexing', at, true],
    ['', null, false],
    ['', at, true],
  ])('"%s" with completed_at %s: %s', (status, completed_at, ended) => {
    expect(hasFinished(facts({ status, completed_at }))).toBe(ended);
  });

  it.each(['COMPLETED', 'Failed', 'cancelleD'])('%s: case does not matter', (status) => {
    expect(hasFinished(factsOfJob(jobResponse({ status, completed_at: null })))).toBe(true);
  });

  it.each(['PENDING', 'Scraping'])('%s: case does not matter while it runs either', (status) => {
    const crawl = factsOfJob(jobResponse({ status, completed_at: at }));
    expect(hasFinished(crawl)).toBe(false);
    expect(isDocumentedStatus(crawl.status ?? '')).toBe(true);
  });

  it('five statuses are documented', () => {
    const some = [
      'pending',
      'scraping',
      'completed',
      'failed',
      'cancelled',
      'canceled',
      'done',
      '',
    ];
    expect(some.filter(isDocumentedStatus)).toEqual(some.slice(0, 5));
  });
});

describe('times in another form of ISO 8601', () => {
  it.each([
    '20261123T095800Z',
    '2026-11-23T095800Z',
    '20261123T09:58:00Z',
    '20261123T095800.000+00:00',
    '2026-11-23t09:58z',
    '2026-11-23T09:58:00+0000',
  ])('are told in the standard one: %s', (time) => {
    const times = { created_at: time, started_at: time, completed_at: time, updated_at: time };
    const standard = '2026-11-23T09:58:00.000Z';
    expect(factsOfJob(jobResponse(times))).toMatchObject({
      created_at: standard,
      started_at: standard,
      completed_at: standard,
      updated_at: standard,
    });
  });
});

describe('the last finished crawl, as the datasource tells of it', () => {
  it('has its times and its error message; everything else is unknown', () => {
    expect(last({ error_message: 'quota' })).toEqual({
      status: undefined,
      total_pages: null,
      completed_pages: null,
      new_pages: null,
      updated_pages: null,
      removed_pages: null,
      unchanged_pages: null,
      error_message: 'quota',
      created_at: null,
      started_at: '2026-11-22T10:00:00.000Z',
      completed_at: '2026-11-22T10:20:00.000Z',
      updated_at: null,
    });
  });

  it('has ended', () => {
    expect(hasFinished(last({}) ?? facts({ status: 'scraping' }))).toBe(true);
  });

  it('is none when none has finished', () => {
    expect(last({ last_crawl_completed_at: null })).toBeUndefined();
  });

  it.each([
    ['unknown', null, null],
    ['later than the completion, and so of another crawl', '2026-11-22T10:20:00.001Z', null],
    ['later, though it reads as earlier in its zone', '2026-11-22T10:00:00-01:00', null],
    [
      'earlier, though it reads as later in its zone',
      '2026-11-22T11:00:00+01:00',
      '2026-11-22T11:00:00+01:00',
    ],
    ['the same moment', '2026-11-22T10:20:00.000Z', '2026-11-22T10:20:00.000Z'],
  ])('a start that is %s', (_, started, known) => {
    expect(last({ last_crawl_started_at: started })?.started_at).toBe(known);
  });
});

describe('pages', () => {
  const counted = { new_pages: 1, updated_pages: 20, removed_pages: 300, unchanged_pages: 4_000 };

  it('changed are new + updated + removed', () => {
    expect(changedPages(facts(counted))).toBe(321);
  });

  it('known before are unchanged + updated + removed', () => {
    expect(knownBefore(facts(counted))).toBe(4_320);
  });

  it.each(['new_pages', 'updated_pages', 'removed_pages'])(
    'changed are unknown without %s',
    (part) => {
      expect(changedPages(facts({ ...counted, [part]: null }))).toBeNull();
    },
  );

  it.each(['unchanged_pages', 'updated_pages', 'removed_pages'])(
    'known before are unknown without %s',
    (part) => {
      expect(knownBefore(facts({ ...counted, [part]: null }))).toBeNull();
    },
  );

  it.each([
    ['completed', 0, 0],
    ['scraping', 0, null],
    ['failed', 0, null],
    ['cancelled', 0, null],
    ['archived', 0, null],
    ['cancelled', 3, 3],
    ['completed', null, null],
  ])('are gone for sure when %s, with %s removed: %s', (status, removed, gone) => {
    expect(removedForSure(facts({ status, removed_pages: removed }))).toBe(gone);
  });
});

describe('the time between two moments', () => {
  it('is in milliseconds, whatever their zones', () => {
    expect(between('2026-11-23T10:00:00Z', '2026-11-23T11:00:01+01:00')).toBe(1_000);
    expect(between('2026-11-23T10:00:00Z', '2026-11-23T10:00:00Z')).toBe(0);
  });

  it('is unknown when one is', () => {
    expect(between(null, '2026-11-23T10:00:00Z')).toBeNull();
    expect(between('2026-11-23T10:00:01Z', '2026-11-23T10:00:00Z')).toBeNull();
    expect(between('2026-11-23T10:00:00Z', null)).toBeNull();
  });
});

describe('a datasource that lacks what is documented is refused', () => {
  const read = (overrides: Record<string, unknown>) =>
    datasourceSchema.safeParse(datasourceResponse(overrides)).success;
  const stats = { total: 200, synced: 150, pending: 30, error: 16, excluded: 4 };

  it.each(Object.keys(stats))('page_stats.%s', (field) => {
    expect(read({ page_stats: stats })).toBe(true);
    expect(read({ page_stats: { ...stats, [field]: undefined } })).toBe(false);
    expect(read({ page_stats: { ...stats, [field]: 1.5 } })).toBe(false);
    expect(read({ page_stats: { ...stats, [field]: -1 } })).toBe(false);
  });

  it.each([
    ['id', undefined],
    ['id', 'not a UUID'],
    ['status', undefined],
    ['status', 5],
    ['started_at', undefined],
    ['started_at', 'yesterday'],
  ])('active_crawl_job.%s as %j', (field, value) => {
    expect(read({ active_crawl_job: activeJob() })).toBe(true);
    expect(read({ active_crawl_job: { ...activeJob(), [field]: value } })).toBe(false);
  });
});

it.each([
  ['pending', false],
  ['Scraping', false],
  ['completed', true],
  ['FAILED', true],
  ['Cancelled', true],
  ['archived', false],
  ['', false],
])('the status "%s" alone says that the crawl has finished: %s', (status, isFinished) => {
  expect(isFinishedStatus(status)).toBe(isFinished);
});

it('times are milliseconds since 1970, and unknown ones are null', () => {
  expect(timeOf('1970-01-01T00:00:01Z')).toBe(1_000);
  expect(timeOf(null)).toBeNull();
});
