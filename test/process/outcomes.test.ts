import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAction } from '../../emulator/runner.ts';
import { outcomes } from '../../src/outcomes.ts';
import { type Play, type Played, play } from '../support/play.ts';

/** Throws an unexpected error as soon as the log shows progress. */
const BOMB = `
  const { stdout } = process;
  const write = stdout.write;
  stdout.write = (text, ...rest) => {
    if (String(text).includes('scraping')) setImmediate(() => { throw new Error('odd') });
    return write.call(stdout, text, ...rest);
  };`;

/** How each outcome comes about, and what its message names. `aborted` is in `signals.test.ts`. */
const STORIES: Record<string, Play & { names?: string; status: string }> = {
  succeeded: { names: '812 pages, 47 changed', status: 'completed' },
  failed: {
    scenario: 'failed',
    names: 'Robots.txt of help.example.com forbids the crawler',
    status: 'failed',
  },
  'failed, without a reason': { scenario: 'failed-silently', status: 'failed' },
  'failed, although completed': {
    scenario: 'completed-with-error',
    names: '17 pages returned 500 and the sitemap',
    status: 'completed',
  },
  'failed, with an empty error message': {
    scenario: 'completed-with-empty-error',
    names: 'empty',
    status: 'completed',
  },
  cancelled: { scenario: 'cancelled', status: 'cancelled' },
  'cancelled, with a reason': {
    scenario: 'cancelled-with-error',
    names: 'Cancelled by an administrator',
    status: 'cancelled',
  },
  unrecognized: { scenario: 'odd-end', status: 'archived' },
  empty: { scenario: 'empty', status: 'completed' },
  rejected: {
    scenario: 'lost-pages',
    inputs: { require: 'removed_pages <= 5%' },
    names: '11.8% (94 of 796)',
    status: 'completed',
  },
  stalled: {
    scenario: 'stalled',
    inputs: { 'stall-timeout': '1s' },
    names: '324 of 812 pages',
    status: 'scraping',
  },
  'timed-out': {
    scenario: 'slow',
    inputs: { timeout: '2s' },
    names: 'of 5,000 pages',
    status: 'scraping',
  },
  'not-found': { scenario: 'no-job', inputs: { timeout: '1s' }, status: '' },
  unauthorized: { token: 'another-key', names: '401 Unauthorized', status: '' },
  unreachable: {
    faults: [{ fault: '503', from: 3 }],
    inputs: { 'outage-timeout': '1s' },
    names: '503 Service Unavailable',
    status: 'scraping',
  },
  'invalid-response': {
    faults: [{ fault: 'html', from: 3 }],
    inputs: { 'outage-timeout': '1s' },
    names: 'JSON',
    status: 'scraping',
  },
  'invalid-input': {
    inputs: { timeout: '5', 'stall-timeout': 'soon', tolerate: 'aborted' },
    names: 'stall-timeout',
    status: '',
  },
  'internal-error': {
    scenario: 'slow',
    // An error that nobody expects and nobody catches.
    env: { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(BOMB)}` },
    names: 'https://github.com/owner/opencx-crawl-gate/issues',
    status: 'scraping',
  },
};

function expectAllReports(played: Played): void {
  const { outputs, summary, annotations } = played;
  expect(Object.keys(outputs).sort()).toEqual(Object.keys(readAction().outputs).sort());
  const result = JSON.parse(outputs['result'] ?? '');
  expect(result.outcome).toBe(outputs['outcome']);
  expect(result.message).toBe(outputs['message']);
  expect(Number(outputs['requests'])).toBe(played.emulator.requests.length);
  expect(summary).toContain('## ');
  const errors = annotations.filter(({ level }) => level === 'error');
  expect(errors).toHaveLength(outputs['outcome'] === 'succeeded' ? 0 : 1);
  expect(played.stderr).toBe('');
}

describe.concurrent('every outcome of the built bundle', () => {
  for (const [name, story] of Object.entries(STORIES)) {
    it(name, async () => {
      const played = await play(story);
      const outcome = name.split(',')[0] ?? '';
      expect(played.outputs['outcome']).toBe(outcome);
      expect(played.outputs['message']).toContain(story.names ?? '');
      expect(played.outputs['status']).toBe(story.status);
      expect(played.exitCode).toBe(outcome === 'succeeded' ? 0 : 1);
      expectAllReports(played);
    });
  }

  it('is covered', () => {
    const covered = new Set(Object.keys(STORIES).map((name) => name.split(',')[0]));
    expect([...covered, 'aborted'].sort()).toEqual([...outcomes].sort());
  });

  it.each([
    ['failed', {}],
    ['stalled', { 'stall-timeout': '1s' }],
    ['empty', {}],
  ])('passes with a warning if %s is tolerated', async (scenario, inputs) => {
    const played = await play({ scenario, inputs: { ...inputs, tolerate: scenario } });
    expect(played.exitCode).toBe(0);
    expect(played.outputs['outcome']).toBe(scenario);
    expect(played.annotations.map(({ level }) => level)).toEqual(['warning']);
  });

  it.each([
    'growing',
    'no-total',
    'bursts',
    'plateau',
    'tiny',
    'finished',
    'unchanged',
    'first',
    'upper-case',
    'extra-fields',
    'late-job',
  ])('succeeds with the crawl "%s"', async (scenario) => {
    const played = await play({ scenario });
    expect(played.outputs['outcome']).toBe('succeeded');
    expect(played.exitCode).toBe(0);
    expectAllReports(played);
  });

  it.each([
    [
      "process.env = new Proxy(process.env, { get(env, name) { if (name === 'GITHUB_ACTION_REPOSITORY') throw new Error('odd'); return env[name]; } });",
    ],
    ["String.prototype.toWellFormed = () => { throw new Error('odd') };"],
  ])('fails even if it breaks before it can report: %s', async (broken) => {
    const played = await play({
      env: { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(broken)}` },
    });
    expect(played.exitCode).toBe(1);
    expect(played.emulator.requests).toEqual([]);
    expect(played.outputs).toMatchObject({
      outcome: 'internal-error',
      message: expect.stringContaining('could not report'),
    });
    expect(played.annotations).toMatchObject([{ level: 'error' }]);
    expect(played.everything).not.toContain('odd');
  });

  it('says so even if the outputs cannot be written either', async () => {
    const broken = "String.prototype.toWellFormed = () => { throw new Error('odd') };";
    const played = await play({
      env: {
        NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(broken)}`,
        GITHUB_OUTPUT: join(import.meta.dirname, 'no', 'such', 'file'),
      },
    });
    expect(played.exitCode).toBe(1);
    expect(played.annotations).toMatchObject([{ level: 'error' }]);
    expect(played.everything).not.toContain('odd');
  });

  it('finds the active crawl', async () => {
    const played = await play({ scenario: 'late-active', active: true, speed: 10 });
    expect(played.outputs).toMatchObject({
      outcome: 'succeeded',
      'job-id': played.emulator.sites[0]?.jobId,
    });
  });

  it('waits for several crawls', async () => {
    const played = await play({ scenarios: ['steady', 'first', 'failed'] });
    expect(played.outputs['outcome']).toBe('failed');
    expect(played.exitCode).toBe(1);
    expectAllReports(played);
  });
});
