import { describe, expect, it } from 'vitest';
import { tell } from '../support/virtual-world.ts';

const jobLooks = (sent: readonly { kind: string }[]) =>
  sent.filter(({ kind }) => kind === 'job').length;

describe('a job given by its id', () => {
  it('is waited for when it is not visible yet', async () => {
    const told = await tell({ scenarios: ['late-job'] });
    expect(told.outputs['outcome']).toBe('succeeded');
  });

  it('is not found when half a minute has passed', async () => {
    const told = await tell({ scenarios: ['no-job'], inputs: { summary: 'false' }, latency: 0 });
    expect(told.outputs).toMatchObject({
      outcome: 'not-found',
      message: 'The datasource has no crawl job with this ID.',
    });
    expect(told.took).toBe(30_000);
  });

  it('is not found at the deadline when that comes first', async () => {
    const told = await tell({ scenarios: ['no-job'], inputs: { timeout: '5s' } });
    expect(told.outputs['outcome']).toBe('not-found');
    expect(told.took).toBeLessThan(5_200);
  });

  it('is not found when it was seen and stays gone for 30 s', async () => {
    const told = await tell({ scenarios: ['gone'] });
    expect(told.outputs).toMatchObject({
      outcome: 'not-found',
      message: 'The crawl job no longer exists in OpenCX.',
      status: 'scraping',
    });
    const gone = told.sent.find(({ brought }) => brought?.status === 404);
    expect(told.took).toBeGreaterThanOrEqual((gone?.done ?? 0) + 30_000);
    expect(told.took).toBeLessThan((gone?.done ?? 0) + 31_000);
  });

  it('is compared without regard to case', async () => {
    const told = await tell({
      scenarios: ['tiny'],
      inputs: {
        'datasource-id': '3C90C3CC-0D44-4B50-8888-8DD257360000',
        'job-id': '7F1D2A60-5B0E-4C7A-9D3F-2B6E8C410000',
      },
    });
    expect(told.outputs['outcome']).toBe('succeeded');
  });
});

describe('job-id: active', () => {
  it('finds the active crawl, gives out its id and says when it started', async () => {
    const told = await tell({ scenarios: ['scheduled'], active: true });
    expect(told.outputs).toMatchObject({
      outcome: 'succeeded',
      'job-id': '7f1d2a60-5b0e-4c7a-9d3f-2b6e8c410000',
    });
    expect(told.log.join('\n')).toContain('found active crawl');
    expect(told.summary).toContain('2026-11-23 09:20:00 UTC');
  });

  it('waits for one that does not show yet', async () => {
    const told = await tell({ scenarios: ['late-active'], active: true });
    expect(told.outputs['outcome']).toBe('succeeded');
  });

  it('is not found after half a minute without a rule that asks for freshness', async () => {
    const told = await tell({
      scenarios: ['idle-fresh'],
      active: true,
      inputs: { require: 'removed_pages <= 5%\nage > 1s' },
    });
    expect(told.outputs['outcome']).toBe('not-found');
    expect(told.took).toBe(30_100);
  });

  it('is not found when its datasource does not show up within 30 s', async () => {
    const told = await tell({ scenarios: ['no-datasource'], active: true, latency: 0 });
    expect(told.outputs['outcome']).toBe('not-found');
    expect(told.sent).toHaveLength(16);
    expect(told.took).toBe(30_000);
  });

  it('is not found at once when there is no such datasource and start-timeout is 0s', async () => {
    const inputs = { 'start-timeout': '0s' };
    const told = await tell({ scenarios: ['no-datasource'], active: true, inputs });
    expect(told.outputs['outcome']).toBe('not-found');
    expect(told.sent).toHaveLength(1);
  });

  it('checks once with a timeout of 0s', async () => {
    const told = await tell({ scenarios: ['idle'], active: true, inputs: { timeout: '0s' } });
    expect(told.outputs['outcome']).toBe('not-found');
    expect(told.sent).toHaveLength(1);
  });

  it('is patient with the job that the datasource names and the API does not know yet', async () => {
    const told = await tell({
      scenarios: ['steady'],
      active: true,
      wrong: ({ kind, at }) => (kind === 'job' && at < 10_000 ? { status: 404 } : undefined),
    });
    expect(told.outputs['outcome']).toBe('succeeded');
  });
});

describe('an old crawl never passes for a fresh one', () => {
  // The clock starts at 10:00:00; "idle" ended at 08:00, "idle-fresh" ran from 09:55 to 09:59.
  it.each([
    ['idle', 'started_at >= 2026-11-23T09:30:00Z', 'rejected'],
    ['idle', 'completed_at > 2026-11-23T09:30:00Z', 'rejected'],
    ['idle', 'age < 1h', 'rejected'],
    ['idle', 'age <= 3h', 'succeeded'],
    ['idle-fresh', 'started_at >= 2026-11-23T09:57:00Z', 'rejected'],
    ['idle-fresh', 'started_at >= 2026-11-23T09:50:00Z', 'succeeded'],
    ['idle-fresh', 'completed_at >= 2026-11-23T09:57:00Z', 'succeeded'],
    ['idle-failed', 'age < 1h', 'failed'],
    ['idle-never', 'age < 1h', 'not-found'],
    // The start belongs to another crawl, so nothing is known of this one's.
    ['idle-started-later', 'started_at >= 2026-11-23T09:00:00Z', 'rejected'],
    ['idle-started-later', 'age < 1h', 'succeeded'],
    // An active crawl of another run that started before the deployment.
    ['scheduled', 'started_at >= 2026-11-23T09:30:00Z', 'rejected'],
    ['scheduled', 'started_at >= 2026-11-23T09:00:00Z', 'succeeded'],
  ])('%s with "%s" is %s', async (scenario, require, outcome) => {
    const told = await tell({ scenarios: [scenario], active: true, inputs: { require } });
    expect(told.outputs['outcome']).toBe(outcome);
  });

  it('judges counters of the last finished crawl as unknown', async () => {
    const told = await tell({
      scenarios: ['idle-fresh'],
      active: true,
      inputs: { require: 'age < 1h\nremoved_pages <= 5%' },
    });
    expect(told.outputs['outcome']).toBe('rejected');
    expect(told.outputs['message']).toContain('unknown');
    expect(told.outputs['total-pages']).toBe('');
  });

  it('spares the half minute only for a started_at rule that is already met', async () => {
    const spared = await tell({
      scenarios: ['idle-fresh'],
      active: true,
      inputs: { require: 'started_at >= 2026-11-23T09:50:00Z' },
    });
    expect(spared.took).toBe(50);
    const waited = await tell({
      scenarios: ['idle-fresh'],
      active: true,
      inputs: { require: 'age < 1h' },
    });
    expect(waited.took).toBe(30_100);
  });

  it('does not take a rule that only warns for a demand', async () => {
    const told = await tell({
      scenarios: ['idle-fresh'],
      active: true,
      inputs: { warn: 'age < 1h' },
    });
    expect(told.outputs['outcome']).toBe('not-found');
  });

  it('rejects a job given by its id that ended long before', async () => {
    const told = await tell({
      scenarios: ['finished'],
      inputs: { require: 'started_at >= 2026-11-23T09:59:00Z' },
    });
    expect(told.outputs['outcome']).toBe('rejected');
    expect(jobLooks(told.sent)).toBe(1);
  });
});
