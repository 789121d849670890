import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { createBackend } from '../../emulator/backend.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/emulator.ts';
import { readDescription } from '../../emulator/openapi.ts';
import { SCENARIOS } from '../../emulator/scenarios.ts';
import { crawlJobSchema, datasourceSchema } from '../../src/api/schemas.ts';

const describeResponse = readDescription();
const KEY = 'Bearer key';

let running: Emulator | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

async function start(options: Partial<EmulatorOptions> = {}) {
  running = await startEmulator({ scenarios: ['steady'], token: 'key', ...options });
  const [site] = running.sites;
  if (site === undefined) throw new Error('the emulator has no site');
  const get = (path: string, authorization = KEY) =>
    fetch(`${running?.url}${path}`, { headers: { authorization }, redirect: 'manual' });
  return { emulator: running, site, get };
}

describe.each(Object.keys(SCENARIOS))('the scenario "%s"', (name) => {
  it('responses at every moment as openapi.yaml says and as the action reads', () => {
    let now = Date.parse('2026-11-23T10:00:00Z');
    const backend = createBackend({ scenarios: [name], speed: 1, token: 'key', now: () => now });
    const [site] = backend.sites;
    for (let second = 0; second <= 1_300; second += second < 100 ? 1 : 50) {
      const job = backend.respond('GET', `/crawl/${site?.datasourceId}/crawls/${site?.jobId}`, KEY);
      if (job.status === 200) {
        const response = JSON.parse(job.body);
        expect(describeResponse('CrawlJob', response), `second ${second}`).toEqual([]);
        expect(crawlJobSchema.parse(response)).toEqual(response);
        const { completed_pages, new_pages, updated_pages, unchanged_pages } = response;
        expect(new_pages + updated_pages + unchanged_pages).toBe(completed_pages);
      }
      const datasource = backend.respond('GET', `/crawl/${site?.datasourceId}`, KEY);
      if (datasource.status === 200) {
        const response = JSON.parse(datasource.body);
        expect(describeResponse('Datasource', response), `second ${second}`).toEqual([]);
        expect(datasourceSchema.parse(response)).toEqual(response);
      }
      now += second < 100 ? 1_000 : 50_000;
    }
  });
});

describe('the emulator', () => {
  it('refuses a wrong key and none, as documented', async () => {
    const { site, get } = await start();
    for (const authorization of ['Bearer other', 'Basic key', '']) {
      const response = await get(`/crawl/${site.datasourceId}`, authorization);
      expect(response.status).toBe(401);
      const body = await response.json();
      expect(describeResponse('Error', body)).toEqual([]);
      expect(body).toEqual({ statusCode: 401, message: 'Unauthorized', error: 'Unauthorized' });
    }
  });

  it('refuses what is no UUID', async () => {
    const { site, get } = await start();
    expect((await get('/crawl/help-center')).status).toBe(400);
    expect((await get(`/crawl/${site.datasourceId}/crawls/active`)).status).toBe(400);
  });

  it('knows its own datasources and jobs, whatever their case, and no other', async () => {
    const { site, get } = await start();
    const { datasourceId, jobId } = site;
    expect((await get(`/crawl/${datasourceId.toUpperCase()}/crawls/${jobId}`)).status).toBe(200);
    expect((await get(`/crawl/${datasourceId}/crawls/${datasourceId}`)).status).toBe(404);
    expect((await get(`/crawl/${jobId}`)).status).toBe(404);
    expect((await get('/crawl')).status).toBe(404);
    expect((await get('/crawls')).status).toBe(404);
  });

  it('lets a crawl begin with its first check and go on at its speed', async () => {
    let now = 1_000_000;
    const { site, get } = await start({ now: () => now, speed: 10 });
    const look = async () => (await get(`/crawl/${site.datasourceId}/crawls/${site.jobId}`)).json();
    now += 60_000;
    expect(await look()).toMatchObject({ status: 'pending', completed_pages: 0 });
    now += 3_200;
    expect(await look()).toMatchObject({ status: 'scraping', completed_pages: 406 });
    now += 3_000;
    expect(await look()).toMatchObject({ status: 'completed', completed_pages: 812 });
  });

  it('plays a fault as often as it was told, then responses rightly, and keeps account', async () => {
    const { site, get, emulator } = await start({
      faults: [{ fault: '503', from: 2, times: 2, on: 'job' }],
    });
    const job = `/crawl/${site.datasourceId}/crawls/${site.jobId}`;
    const seen = [];
    for (const path of [job, job, `/crawl/${site.datasourceId}`, job, job]) {
      seen.push((await get(path)).status);
    }
    expect(seen).toEqual([200, 503, 200, 503, 200]);
    expect(emulator.requests.map(({ response }) => response)).toEqual([
      '200',
      '503',
      '200',
      '503',
      '200',
    ]);
  });

  it.each([{ scenarios: ['nothing'] }, { faults: [{ fault: 'nothing' }] }])(
    'lists what there is when a name is wrong: %j',
    async (options) => {
      await expect(start(options)).rejects.toThrow(/"nothing" is not a \w+\. \w+: /);
    },
  );
});

describe('npm run emulator', () => {
  const cli = (...args: string[]) =>
    promisify(execFile)(process.execPath, [
      join(resolve(import.meta.dirname, '../..'), 'emulator', 'cli.ts'),
      ...args,
    ]);

  it('lists scenarios and faults', async () => {
    const { stdout } = await cli('--list');
    expect(stdout).toContain('steady');
    expect(stdout).toContain('retry-after-date');
  });

  it('says what is wrong in one line', async () => {
    await expect(cli('--scenario', 'nothing')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^"nothing" is not a scenario\. Scenarios: .*\n$/),
    });
  });
});
