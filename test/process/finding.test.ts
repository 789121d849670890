import { describe, expect, it } from 'vitest';
import { fastClock } from '../support/fast-clock.ts';
import { type Play, play } from '../support/play.ts';

const fast = fastClock(20);
const MINUTE = 60_000;
const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE).toISOString();
const find = ({ inputs, ...story }: Play) =>
  play({ ...fast, active: true, ...story, inputs: { ...fast.inputs, ...inputs } });
const waited = ({ outputs }: { outputs: Record<string, string> }) =>
  Number(outputs['waited-seconds']);

describe.concurrent('the built bundle finds the job', () => {
  it('that is active, and the summary says when it started', async () => {
    const told = await find({ scenario: 'scheduled' });
    const { jobId, datasourceId } = told.emulator.sites[0] ?? {};
    expect(told.outputs).toMatchObject({ outcome: 'succeeded', 'job-id': jobId });
    expect(told.log[0]).toBe(`Waiting up to 1h for the active crawl of datasource ${datasourceId}`);
    expect(told.log.join('\n')).toContain(`found active crawl ${jobId} (started at `);
    const began = told.outputs['started-at']?.slice(0, 19).replace('T', ' ');
    expect(told.summary).toContain(`| ${began} UTC |`);
    expect(told.summary).toContain('(active crawl, started at ');
  });

  it('that shows late', async () => {
    expect((await find({ scenario: 'late-active' })).outputs['outcome']).toBe('succeeded');
  });

  it('that the datasource names before the API knows it', async () => {
    const told = await find({ faults: [{ fault: '404', on: 'job', times: 3 }] });
    expect(told.outputs['outcome']).toBe('succeeded');
  });

  it('or searches for half a minute, and takes no old crawl without a rule that asks for freshness', async () => {
    const told = await find({ scenario: 'idle-fresh', inputs: { require: 'age > 1s' } });
    expect(told.outputs).toMatchObject({ outcome: 'not-found', 'job-id': '', status: '' });
    expect(waited(told)).toBeGreaterThanOrEqual(30);
    expect(told.exitCode).toBe(1);
  });

  it('or checks once with a timeout of 0s', async () => {
    const told = await find({ scenario: 'idle', inputs: { timeout: '0s' } });
    expect(told.outputs).toMatchObject({ outcome: 'not-found', requests: '1' });
  });

  it('and judges at once with a timeout of 0s when a rule asks for freshness', async () => {
    const told = await find({
      scenario: 'idle-fresh',
      inputs: { timeout: '0s', require: 'age < 1h' },
    });
    expect(told.outputs).toMatchObject({ outcome: 'succeeded', requests: '1' });
  });

  it('or says at once that there is no such datasource, with a start-timeout of 0s', async () => {
    const inputs = { 'start-timeout': '0s' };
    const told = await find({ scenario: 'no-datasource', inputs });
    expect(told.outputs).toMatchObject({ outcome: 'not-found', requests: '1' });
  });

  it('or says after half a minute that a job is gone which was seen', async () => {
    const told = await find({ scenario: 'gone', inputs: { 'poll-interval': '2s' } });
    expect(told.outputs).toMatchObject({ outcome: 'not-found', status: 'scraping' });
    const gone = told.emulator.requests.filter(({ response }) => response === '404');
    expect(gone.length).toBeGreaterThan(2);
    expect(waited(told)).toBeGreaterThanOrEqual(30);
  });

  it('or asks for half a minute for a job that nobody has seen', async () => {
    const told = await find({ scenario: 'no-job', active: false });
    expect(told.outputs['outcome']).toBe('not-found');
    expect(waited(told)).toBeGreaterThanOrEqual(30);
  });

  it('for each line by itself when ids and "active" are mixed', async () => {
    const told = await find({
      scenarios: ['steady', 'scheduled'],
      inputs: { 'job-id': '7f1d2a60-5b0e-4c7a-9d3f-2b6e8c410000\nactive' },
    });
    expect(told.outputs['outcome']).toBe('succeeded');
    expect(told.outputs['job-id']?.split('\n')).toEqual(
      told.emulator.sites.map(({ jobId }) => jobId),
    );
  });
});

describe.concurrent('to the built bundle an old crawl never passes for a fresh one', () => {
  it.each([
    ['idle', 'started_at >=', 30, 'rejected'],
    ['idle', 'completed_at >', 30, 'rejected'],
    ['idle', 'age <', 60, 'rejected'],
    ['idle', 'age <=', 180, 'succeeded'],
    ['idle-fresh', 'started_at >=', 3, 'rejected'],
    ['idle-fresh', 'started_at >=', 10, 'succeeded'],
    ['idle-fresh', 'completed_at >=', 3, 'succeeded'],
    ['idle-failed', 'age <', 60, 'failed'],
    ['idle-never', 'age <', 60, 'not-found'],
    ['idle-started-later', 'started_at >=', 60, 'rejected'],
    ['idle-started-later', 'age <', 60, 'succeeded'],
    ['scheduled', 'started_at >=', 30, 'rejected'],
    ['scheduled', 'started_at >=', 60, 'succeeded'],
  ])('%s with "%s" and %i minutes is %s', async (scenario, rule, minutes, outcome) => {
    const value = rule.startsWith('age') ? `${minutes}m` : ago(minutes);
    // A rule that only a crawl which starts now can meet is waited for.
    const inputs = { require: `${rule} ${value}`, timeout: '2m' };
    const told = await find({ scenario, inputs });
    expect(told.outputs['outcome']).toBe(outcome);
    expect(told.exitCode).toBe(outcome === 'succeeded' ? 0 : 1);
  });

  it('which has no counters, no start of another crawl, and the datasource’s own error', async () => {
    const told = await find({
      scenario: 'idle-started-later',
      inputs: { require: 'age < 1h\nduration < 1h\nremoved_pages <= 5%' },
    });
    expect(told.outputs).toMatchObject({
      outcome: 'rejected',
      'completed-pages': '',
      changed: '',
      'started-at': '',
      'duration-seconds': '',
      'job-id': '',
    });
    const rules = JSON.parse(told.outputs['result'] ?? '').crawls[0].rules;
    expect(rules.map(({ holds }: { holds: boolean }) => holds)).toEqual([true, false, false]);
    expect(told.summary).toContain('Crawl job: last finished crawl');

    const failed = await find({ scenario: 'idle-failed', inputs: { require: 'age < 1h' } });
    expect(failed.outputs['error-message']).toBe('The entry address returned 503');
  });

  it('and spares the half minute only for a started_at rule that is already met', async () => {
    const spared = await find({
      scenario: 'idle-fresh',
      inputs: { require: `started_at >= ${ago(10)}` },
    });
    expect(spared.outputs['requests']).toBe('1');
    const patient = await find({ scenario: 'idle-fresh', inputs: { require: 'age < 1h' } });
    expect(waited(patient)).toBeGreaterThanOrEqual(30);
  });

  it('even if a rule that only warns asks for it', async () => {
    const told = await find({ scenario: 'idle-fresh', inputs: { warn: 'age < 1h' } });
    expect(told.outputs['outcome']).toBe('not-found');
  });

  it('even if it is given by its id', async () => {
    const told = await find({
      scenario: 'finished',
      active: false,
      inputs: { require: `started_at >= ${ago(1)}` },
    });
    expect(told.outputs).toMatchObject({ outcome: 'rejected', status: 'completed' });
  });
});
