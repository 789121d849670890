import { describe, expect, it } from 'vitest';
import { readAction } from '../../emulator/runner.ts';
import { outcomes } from '../../src/outcomes.ts';
import { type Play, type Played, play } from '../support/play.ts';

/** Throws out of nowhere as soon as the log tells of progress. */
const BOMB = `
  const { stdout } = process;
  const write = stdout.write;
  stdout.write = (text, ...rest) => {
    if (String(text).includes('scraping')) setImmediate(() => { throw new Error('odd') });
    return write.call(stdout, text, ...rest);
  };`;

/** How each outcome comes about; `aborted` has a file of its own. */
const STORIES: Record<string, Play & { message: RegExp; status: string }> = {
  succeeded: {
    message: /^The crawl succeeded in 2s: 812 pages, 47 changed\.$/,
    status: 'completed',
  },
  failed: {
    scenario: 'failed',
    message: /^The crawl failed: Robots\.txt of help\.example\.com forbids the crawler\.$/,
    status: 'failed',
  },
  'failed, without a word': {
    scenario: 'failed-silently',
    message: /OpenCX does not say why/,
    status: 'failed',
  },
  'failed, although completed': {
    scenario: 'completed-with-error',
    message: /^The crawl ended with an error: 17 pages answered 500 and the sitemap/,
    status: 'completed',
  },
  'failed, with an empty message': {
    scenario: 'completed-with-empty-error',
    message: /whose message is empty/,
    status: 'completed',
  },
  cancelled: { scenario: 'cancelled', message: /was cancelled in OpenCX/, status: 'cancelled' },
  'cancelled, with a message': {
    scenario: 'cancelled-with-error',
    message: /cancelled in OpenCX: Cancelled by an administrator\.$/,
    status: 'cancelled',
  },
  empty: { scenario: 'empty', message: /without having seen a single page/, status: 'completed' },
  rejected: {
    scenario: 'lost-pages',
    inputs: { require: 'removed_pages <= 5%' },
    message: /"removed_pages <= 5%" does not hold: found 11\.8% \(94 of 796\)\.$/,
    status: 'completed',
  },
  stalled: {
    scenario: 'stalled',
    inputs: { 'stall-timeout': '1s' },
    message: /^The crawl has not moved for 1s: 324 of 812 pages\.$/,
    status: 'scraping',
  },
  'timed-out': {
    scenario: 'slow',
    inputs: { timeout: '2s' },
    message: /^The crawl had not ended after 2s: scraping, [\d,]+ of 5,000 pages\.$/,
    status: 'scraping',
  },
  'not-found': {
    scenario: 'no-job',
    inputs: { timeout: '1s' },
    message: /has no crawl job with this ID/,
    status: '',
  },
  unauthorized: {
    token: 'another-key',
    message: /^The API refused the key with 401 Unauthorized\.$/,
    status: '',
  },
  unreachable: {
    faults: [{ fault: '503', from: 3 }],
    inputs: { 'outage-timeout': '1s' },
    message: /no usable answer for 1s; the last was: 503 Service Unavailable\.$/,
    status: 'scraping',
  },
  'invalid-response': {
    faults: [{ fault: 'html', from: 3 }],
    inputs: { 'outage-timeout': '1s' },
    message: /the last was: the answer is no JSON\.$/,
    status: 'scraping',
  },
  'invalid-input': {
    inputs: { timeout: '5', 'stall-timeout': 'soon', tolerate: 'aborted' },
    message: /timeout is "5".*write "5s", "5m" or "5h".*stall-timeout.*tolerate/,
    status: '',
  },
  'internal-error': {
    // An error that nobody expects and nobody catches.
    env: { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(BOMB)}` },
    message: /please report it at https:\/\/github\.com\/owner\/opencx-crawl-gate\/issues: odd\.$/,
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

describe.concurrent('every outcome, told to the built bundle', () => {
  for (const [name, story] of Object.entries(STORIES)) {
    it(name, async () => {
      const played = await play(story);
      const outcome = name.split(',')[0] ?? '';
      expect(played.outputs['outcome']).toBe(outcome);
      expect(played.outputs['message']).toMatch(story.message);
      expect(played.outputs['status']).toBe(story.status);
      expect(played.exitCode).toBe(outcome === 'succeeded' ? 0 : 1);
      expectAllReports(played);
    });
  }

  it('has a story for each', () => {
    const told = new Set(Object.keys(STORIES).map((name) => name.split(',')[0]));
    expect([...told, 'aborted'].sort()).toEqual([...outcomes].sort());
  });

  it.each([
    ['failed', {}],
    ['stalled', { 'stall-timeout': '1s' }],
    ['empty', {}],
  ])('is green with a warning when %s is tolerated', async (scenario, inputs) => {
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
    'odd-end',
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
  ])('is red even if it breaks before it can speak: %s', async (broken) => {
    const played = await play({
      env: { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(broken)}` },
    });
    expect(played.exitCode).toBe(1);
    expect(played.emulator.requests).toEqual([]);
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
