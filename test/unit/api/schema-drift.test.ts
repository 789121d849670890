import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readDescription } from '../../../emulator/openapi.ts';
import {
  activeJob,
  datasourceResponse,
  jobResponse,
  OTHER_ID,
} from '../../support/crawl-builders.ts';
import { askForDatasource, askForJob } from '../../support/one-response.ts';

const describeApi = readDescription();

/** Whether a response is as `emulator/openapi.yaml` describes it, and whether the action takes it. */
async function opinions(kind: 'CrawlJob' | 'Datasource', response: unknown) {
  const ask = kind === 'CrawlJob' ? askForJob : askForDatasource;
  const body = JSON.stringify(response);
  const { kind: brought } = await ask({ body });
  return {
    description: describeApi(kind, JSON.parse(body)).length === 0,
    action: brought === 'ok',
  };
}

const MISSING = Symbol('missing');

const VARIANTS: readonly (readonly [name: string, value: unknown])[] = [
  ['missing', MISSING],
  ['null', null],
  ['true', true],
  ['an empty text', ''],
  ['a text', 'x'],
  ['a number as text', '5'],
  ['zero', 0],
  ['a whole number', 5],
  ['a whole number written with a fraction', 5.0],
  ['a negative number', -1],
  ['a fraction', 1.5],
  ['the largest safe number', Number.MAX_SAFE_INTEGER],
  ['a number too large', Number.MAX_SAFE_INTEGER + 1],
  ['a huge number', 1e300],
  ['an empty list', []],
  ['a list of texts', ['x']],
  ['a list of numbers', [5]],
  ['an empty object', {}],
  ['a time', '2026-11-23T10:00:00Z'],
  ['a time with a fraction', '2026-11-23T10:00:00.123456Z'],
  ['a time with an offset', '2026-11-23T10:00:00+02:30'],
  ['a time in the leap day', '2028-02-29T10:00:00Z'],
  ['a time without zone', '2026-11-23T10:00:00'],
  ['a date', '2026-11-23'],
  ['a day that is not', '2026-02-30T10:00:00Z'],
  ['an hour that is not', '2026-11-23T25:00:00Z'],
  ['an offset that is not', '2026-11-23T10:00:00+25:00'],
  ['seconds since 1970', 1_795_428_000],
  ['another UUID', OTHER_ID],
];

function variant(response: object, field: string, value: unknown): Record<string, unknown> {
  const varied: Record<string, unknown> = { ...response, [field]: value };
  if (value === MISSING) delete varied[field];
  return varied;
}

/** Datasource fields that nothing in the action reads: whatever stands there is no reason to stop. */
const UNREAD = [
  'status',
  'page_limit',
  'exclude_paths',
  'include_paths',
  'crawl_interval_hours',
  'created_at',
  'updated_at',
];
const UNREAD_OF_ACTIVE = [
  'total_pages',
  'completed_pages',
  'new_pages',
  'updated_pages',
  'removed_pages',
  'unchanged_pages',
];

const properties = (name: string): Record<string, unknown> => {
  const file = join(import.meta.dirname, '../../../emulator/openapi.yaml');
  return parse(readFileSync(file, 'utf8')).components.schemas[name].properties;
};

describe('the description and the action agree', () => {
  it('on right responses', async () => {
    const both = { description: true, action: true };
    expect(await opinions('CrawlJob', jobResponse())).toEqual(both);
    expect(await opinions('Datasource', datasourceResponse())).toEqual(both);
    const active = datasourceResponse({ active_crawl_job: activeJob() });
    expect(await opinions('Datasource', active)).toEqual(both);
  });

  it('and these responses have every field that is described', () => {
    expect(Object.keys(jobResponse()).sort()).toEqual(Object.keys(properties('CrawlJob')).sort());
    expect(Object.keys(datasourceResponse()).sort()).toEqual(
      Object.keys(properties('Datasource')).sort(),
    );
  });

  it.each(Object.keys(jobResponse()))('on the job’s field %s', async (field) => {
    for (const [name, value] of VARIANTS) {
      // Described, but about another job.
      if (name === 'another UUID' && ['id', 'datasource_id'].includes(field)) continue;
      const { description, action } = await opinions(
        'CrawlJob',
        variant(jobResponse(), field, value),
      );
      expect(`${name}: ${action}`).toBe(`${name}: ${description}`);
    }
  });

  it.each(Object.keys(datasourceResponse()).filter((field) => !UNREAD.includes(field)))(
    'on the datasource’s field %s',
    async (field) => {
      for (const [name, value] of VARIANTS) {
        if (name === 'another UUID' && field === 'id') continue;
        const lenient =
          ['display_name', 'url', 'page_stats'].includes(field) &&
          ['missing', 'null'].includes(name);
        const { description, action } = await opinions(
          'Datasource',
          variant(datasourceResponse(), field, value),
        );
        expect(`${name}: ${action}`).toBe(`${name}: ${description || lenient}`);
      }
    },
  );

  it.each(['total', 'synced', 'pending', 'error', 'excluded'])(
    'on the datasource’s field page_stats.%s',
    async (field) => {
      const right = datasourceResponse()['page_stats'] as object;
      for (const [name, value] of VARIANTS) {
        const response = datasourceResponse({ page_stats: variant(right, field, value) });
        const { description, action } = await opinions('Datasource', response);
        expect(`${name}: ${action}`).toBe(`${name}: ${description}`);
      }
    },
  );

  it.each(Object.keys(activeJob()).filter((field) => !UNREAD_OF_ACTIVE.includes(field)))(
    'on the datasource’s field active_crawl_job.%s',
    async (field) => {
      for (const [name, value] of VARIANTS) {
        const response = datasourceResponse({
          active_crawl_job: variant(activeJob(), field, value),
        });
        const { description, action } = await opinions('Datasource', response);
        expect(`${name}: ${action}`).toBe(`${name}: ${description}`);
      }
    },
  );

  it.each([null, true, 5, 'x', [], {}, [jobResponse()]])(
    'that %j is no response',
    async (response) => {
      const neither = { description: false, action: false };
      expect(await opinions('CrawlJob', response)).toEqual(neither);
      expect(await opinions('Datasource', response)).toEqual(neither);
    },
  );

  it('that more fields may come', async () => {
    const more = { extra: { deep: [1] }, 'an other': null };
    const both = { description: true, action: true };
    expect(await opinions('CrawlJob', { ...jobResponse(), ...more })).toEqual(both);
    expect(await opinions('Datasource', { ...datasourceResponse(), ...more })).toEqual(both);
  });
});

describe('the action alone is lenient', () => {
  it.each(UNREAD)('about the datasource’s field %s', async (field) => {
    for (const [, value] of VARIANTS) {
      const { action } = await opinions('Datasource', variant(datasourceResponse(), field, value));
      expect(action).toBe(true);
    }
  });

  it.each(UNREAD_OF_ACTIVE)('about the datasource’s field active_crawl_job.%s', async (field) => {
    for (const [, value] of VARIANTS) {
      const active_crawl_job = variant(activeJob(), field, value);
      const { action } = await opinions('Datasource', datasourceResponse({ active_crawl_job }));
      expect(action).toBe(true);
    }
  });
});
