import { describe, expect, it } from 'vitest';
import { tell } from '../support/virtual-world.ts';

describe('a workflow that is canceled', () => {
  it('says how far the crawl had come', async () => {
    const told = await tell({ scenarios: ['slow'], stopAt: 60_000 });
    expect(told.outputs['outcome']).toBe('aborted');
    expect(told.outputs['message']).toMatch(/: scraping, .*[\d,]+ of [\d,]+ pages/);
    expect(told.took).toBe(60_000);
  });

  it('before the first request sends none', async () => {
    const told = await tell({ scenarios: ['slow'], stopAt: 0 });
    expect(told.outputs).toMatchObject({ outcome: 'aborted', requests: '0' });
    expect(told.sent).toEqual([]);
  });
});

describe('a defect of the action', () => {
  it('ends the wait for every crawl', async () => {
    const told = await tell({
      scenarios: ['slow', 'slow'],
      onRequest: ({ count }) => {
        if (count === 6) throw new TypeError('a defect');
      },
    });
    expect(told.outputs['outcome']).toBe('internal-error');
    expect(told.outputs['message']).toContain('a defect');
    expect(told.took).toBeLessThan(60_000);
  });
});

describe('the datasource, for the summary alone', () => {
  const datasources = (sent: readonly { kind: string }[]) =>
    sent.filter(({ kind }) => kind === 'datasource').length;

  it('is not read without a summary', async () => {
    const told = await tell({ scenarios: ['finished'], inputs: { summary: 'false' } });
    expect(datasources(told.sent)).toBe(0);
  });

  it.each([
    ['60m', '30s', 3_000],
    ['1s', '500ms', 2_000],
    ['0s', '30s', 3_000],
  ])('delays the end of %s by little, with requests of %s', async (timeout, request, most) => {
    const told = await tell({
      scenarios: ['finished'],
      latency: 0,
      inputs: { timeout, 'request-timeout': request },
      wrong: ({ kind }) => (kind === 'datasource' ? 'hang' : undefined),
    });
    expect(told.outputs['outcome']).toBe('succeeded');
    expect(told.took).toBeGreaterThan(0);
    expect(told.took).toBeLessThanOrEqual(most);
  });
});

describe('one crawl alone', () => {
  it('may be checked as often as its interval says', async () => {
    const told = await tell({ scenarios: ['steady'], inputs: { 'poll-interval': '500ms' } });
    expect(Number(told.outputs['requests'])).toBeGreaterThan(100);
  });
});

describe('certificates that the runner does not want to be verified', () => {
  const warnings = async (inputs: Record<string, string>) =>
    (await tell({ scenarios: ['finished'], ignoresCertificates: true, inputs })).annotations.filter(
      ({ title }) => title.startsWith('NODE_TLS'),
    );

  it.each<[number, Record<string, string>]>([
    [0, {}],
    [1, { comment: 'true' }],
    [1, { 'commit-status': 'crawl' }],
    [1, { 'api-url': 'https://api.open.cx', comment: 'true' }],
  ])('cause %d warnings with %o', async (count, inputs) => {
    expect(await warnings(inputs)).toHaveLength(count);
  });
});
