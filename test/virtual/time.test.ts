import { describe, expect, it } from 'vitest';
import { type Sent, tell } from '../support/virtual-world.ts';

const seconds = (ms: number) => ms / 1_000;
const gaps = (sent: readonly Sent[]) =>
  sent.slice(1).map((request, index) => seconds(request.at - (sent[index]?.at ?? 0)));

describe('the deadline', () => {
  it('takes one last check exactly at it', async () => {
    const told = await tell({
      scenarios: ['slow'],
      inputs: { timeout: '95s', 'poll-interval': '30s', summary: 'false' },
    });
    expect(told.outputs['outcome']).toBe('timed-out');
    expect(told.sent.at(-1)?.at).toBe(95_000);
    expect(told.took).toBe(95_050);
  });

  it('is as far away for a crawl that was found', async () => {
    const told = await tell({
      scenarios: ['slow'],
      active: true,
      inputs: { timeout: '95s', 'request-timeout': '5s', summary: 'false' },
    });
    expect(told.outputs['outcome']).toBe('timed-out');
    expect(told.sent.at(-1)?.at).toBe(95_000);
  });

  it('sees a crawl that ends just before it', async () => {
    // It ends after 62 s.
    const told = await tell({
      scenarios: ['steady'],
      inputs: { timeout: '63s', 'poll-interval': '30s' },
    });
    expect(told.outputs['outcome']).toBe('succeeded');
  });

  it('counts a request under way as the last check', async () => {
    const told = await tell({
      scenarios: ['steady'],
      inputs: { timeout: '60s', 'poll-interval': '50s', summary: 'false' },
      wrong: ({ count }) => (count === 2 ? { late: 15_000 } : undefined),
    });
    expect(told.outputs['outcome']).toBe('succeeded');
    expect(told.sent).toHaveLength(2);
    expect(told.took).toBe(65_050);
  });

  it('lets a request that hangs at it take one request-timeout, not more', async () => {
    const told = await tell({
      scenarios: ['slow'],
      inputs: { timeout: '60s', 'poll-interval': '58s', 'request-timeout': '10s' },
      wrong: ({ count }) => (count > 2 ? 'hang' : undefined),
    });
    expect(told.outputs['outcome']).toBe('unreachable');
    expect(told.took).toBe(70_000);
  });

  it('checks once with a timeout of 0s', async () => {
    const told = await tell({ scenarios: ['slow'], inputs: { timeout: '0s' } });
    expect(told.outputs['outcome']).toBe('timed-out');
    expect(told.sent.filter(({ kind }) => kind === 'job')).toHaveLength(1);
  });

  it('bounds the run by timeout + 2 × request-timeout, rules that must be read included', async () => {
    const told = await tell({
      scenarios: ['steady'],
      inputs: {
        timeout: '63s',
        'poll-interval': '30s',
        'request-timeout': '20s',
        require: 'error_pages <= 10',
      },
      wrong: ({ kind }) => (kind === 'datasource' ? 'hang' : undefined),
    });
    expect(told.took).toBeLessThanOrEqual(63_000 + 2 * 20_000);
    expect(told.outputs['outcome']).not.toBe('succeeded');
  });

  it('gives what must be read after the last check one request-timeout of its own', async () => {
    const slowResponses = (job: number, stats: number) =>
      tell({
        scenarios: ['steady'],
        active: true,
        speed: 60,
        inputs: { timeout: '2s', 'request-timeout': '10s', require: 'error_pages <= 10' },
        wrong: ({ kind, count }) => ({ late: count === 1 ? 9_000 : kind === 'job' ? job : stats }),
      });
    const whole = await slowResponses(6_000, 3_900);
    expect(whole.outputs['outcome']).toBe('succeeded');
    expect(whole.took).toBe(9_000 + 6_000 + 3_900);
    const shared = await slowResponses(6_000, 4_100);
    expect(shared.outputs['outcome']).toBe('unreachable');
    expect(shared.took).toBe(9_000 + 10_000);
  });

  it('is measured by time that passes, not by the date', async () => {
    const told = await tell({ scenarios: ['steady'], inputs: { timeout: '90s' } });
    expect(told.outputs['outcome']).toBe('succeeded');
    expect(Number(told.outputs['waited-seconds'])).toBeLessThan(70);
  });
});

describe('the interval', () => {
  it('is kept when it is fixed', async () => {
    const told = await tell({
      scenarios: ['steady'],
      inputs: { 'poll-interval': '7s', summary: 'false' },
      latency: 0,
    });
    expect(new Set(gaps(told.sent))).toEqual(new Set([7]));
  });

  it('stays between 2 s and 30 s when it is auto', async () => {
    const told = await tell({ scenarios: ['slow'], inputs: { summary: 'false' }, latency: 0 });
    for (const gap of gaps(told.sent)) {
      expect(gap).toBeGreaterThanOrEqual(2);
      expect(gap).toBeLessThanOrEqual(30);
    }
  });
});

describe('a crawl that stands still', () => {
  it('is stalled when the time is up, not before', async () => {
    const told = await tell({
      scenarios: ['stalled'],
      inputs: { 'stall-timeout': '5m', 'poll-interval': '30s', summary: 'false' },
      latency: 0,
    });
    expect(told.outputs['outcome']).toBe('stalled');
    // The last change is seen at the check at 30 s: 40% are reached at 26 s.
    expect(told.took).toBe(330_000);
  });

  it('is not stalled while it is pending', async () => {
    const told = await tell({
      scenarios: ['pending'],
      inputs: { 'stall-timeout': '1m', timeout: '10m' },
    });
    expect(told.outputs['outcome']).toBe('timed-out');
  });

  it('is never stalled with 0s', async () => {
    const told = await tell({
      scenarios: ['stalled'],
      inputs: { 'stall-timeout': '0s', timeout: '2h' },
    });
    expect(told.outputs['outcome']).toBe('timed-out');
  });

  it('is not stalled by an outage: time without usable responses does not count', async () => {
    const told = await tell({
      scenarios: ['stalled'],
      inputs: { 'stall-timeout': '5m', 'poll-interval': '30s', 'outage-timeout': '10m' },
      wrong: ({ at }) => (at > 40_000 && at < 340_000 ? { status: 503 } : undefined),
    });
    expect(told.outputs['outcome']).toBe('stalled');
    expect(told.took).toBeGreaterThan(600_000);
  });
});

describe('an outage', () => {
  it('backs off from 1 s to 30 s, doubling', async () => {
    const told = await tell({
      scenarios: ['slow'],
      inputs: { 'outage-timeout': '3m' },
      wrong: ({ count }) => (count > 1 ? { status: 503 } : undefined),
      latency: 0,
    });
    expect(told.outputs['outcome']).toBe('unreachable');
    expect(gaps(told.sent).slice(1)).toEqual([1, 2, 4, 8, 16, 30, 30, 30, 30, 29]);
  });

  it('jitters down to three quarters of the wait', async () => {
    const told = await tell({
      scenarios: ['slow'],
      inputs: { 'outage-timeout': '20s' },
      wrong: () => 'network error',
      latency: 0,
      random: () => 0,
    });
    expect(gaps(told.sent).slice(0, 4)).toEqual([0.75, 1.5, 3, 6]);
  });

  it('ends when its budget is used up, with a last try at its end', async () => {
    const told = await tell({
      scenarios: ['slow'],
      inputs: { 'outage-timeout': '20s' },
      wrong: () => ({ status: 500 }),
      latency: 0,
    });
    expect(told.took).toBe(20_000);
    expect(told.outputs['message']).toBe(
      'No usable response from the OpenCX API for 20s (last error: 500 Internal Server Error).',
    );
  });

  it('ends at the first unusable response with 0s', async () => {
    const told = await tell({
      scenarios: ['slow'],
      inputs: { 'outage-timeout': '0s' },
      wrong: () => ({ status: 502 }),
    });
    expect(told.outputs['outcome']).toBe('unreachable');
    expect(told.sent).toHaveLength(1);
  });

  it('gets its whole budget again after one usable response', async () => {
    const told = await tell({
      scenarios: ['slow'],
      inputs: { 'outage-timeout': '25s', 'poll-interval': '2s' },
      wrong: ({ count }) => (count % 5 === 0 || count > 400 ? undefined : { status: 503 }),
    });
    expect(told.outputs['outcome']).toBe('succeeded');
  });

  it.each([
    ['unreachable', { status: 503 }],
    ['unreachable', 'network error' as const],
    ['invalid-response', { status: 200, body: '<html>' }],
  ])('is %s when the deadline comes first and the last response was %j', async (outcome, wrong) => {
    const told = await tell({
      scenarios: ['slow'],
      inputs: { timeout: '30s' },
      wrong: ({ count }) => (count > 2 ? wrong : undefined),
    });
    expect(told.outputs['outcome']).toBe(outcome);
    expect(told.outputs['status']).toBe('scraping');
    expect(told.took).toBe(30_050);
  });

  it('is told when it starts, once a minute, and when it is over', async () => {
    const told = await tell({
      scenarios: ['slow'],
      inputs: { 'outage-timeout': '10m', 'poll-interval': '5s' },
      wrong: ({ at }) => (at > 60_000 && at < 300_000 ? { status: 503 } : undefined),
    });
    const lines = told.log.filter((line) => / API /.test(line));
    expect(lines[0]).toContain(
      'no usable response from the API (503 Service Unavailable), retrying for up to 10m',
    );
    expect(lines.slice(1, -1)).toHaveLength(4);
    for (const line of lines.slice(1, -1)) expect(line).toContain('still no usable response');
    expect(lines.at(-1)).toContain('the API responded again');
  });
});

describe('Retry-After', () => {
  const limited = (retryAfter: string, inputs: Record<string, string> = {}) =>
    tell({
      scenarios: ['slow'],
      inputs: { timeout: '2m', 'outage-timeout': '90s', ...inputs },
      wrong: ({ count }) => (count === 1 ? { status: 429, retryAfter } : undefined),
      latency: 0,
    });

  it('is obeyed where it is longer than the back-off', async () => {
    expect(gaps((await limited('17')).sent)[0]).toBe(17);
  });

  it('is obeyed as a date', async () => {
    expect(gaps((await limited('Mon, 23 Nov 2026 10:00:42 GMT')).sent)[0]).toBe(42);
  });

  it('does not shorten the back-off', async () => {
    expect(gaps((await limited('0')).sent)[0]).toBe(1);
  });

  it('does not outlast outage-timeout', async () => {
    expect(gaps((await limited('3600')).sent)[0]).toBe(90);
  });

  it('does not outlast timeout', async () => {
    const told = await limited('3600', { timeout: '40s' });
    expect(gaps(told.sent)[0]).toBe(40);
    expect(told.took).toBe(40_000);
  });
});
