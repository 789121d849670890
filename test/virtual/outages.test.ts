import { describe, expect, it } from 'vitest';
import { tell } from '../support/virtual-world.ts';

const resultOf = ({ outputs }: { outputs: Record<string, string> }) =>
  JSON.parse(outputs['result'] ?? '').crawls as { outcome: string; message: string }[];

describe('an outage', () => {
  it('that does not end is given up, and the log says after how long', async () => {
    const told = await tell({
      scenarios: ['slow'],
      inputs: { 'outage-timeout': '20s' },
      wrong: () => ({ status: 503 }),
      latency: 0,
    });
    expect(told.log.at(-1)).toMatch(/ gave up on the API after 20s$/);
    expect(told.log.filter((line) => line.includes('gave up'))).toHaveLength(1);
  });

  it('is not spoken of when there was none', async () => {
    const told = await tell({ scenarios: ['slow'], wrong: () => ({ status: 403 }) });
    expect(told.log.filter((line) => / API/.test(line))).toEqual([]);
  });

  it('at the deadline is named with the timeout', async () => {
    const told = await tell({
      scenarios: ['slow'],
      inputs: { timeout: '30s' },
      wrong: () => ({ status: 503 }),
    });
    expect(told.outputs['message']).toBe(
      'No usable response from the OpenCX API before the 30s timeout (last error: 503 Service Unavailable).',
    );
  });

  it('is named alone where nothing was waited for', async () => {
    for (const limit of ['timeout', 'outage-timeout']) {
      const told = await tell({
        scenarios: ['slow'],
        inputs: { [limit]: '0s' },
        wrong: () => ({ status: 503 }),
      });
      expect(told.outputs['message']).toBe(
        'No usable response from the OpenCX API: 503 Service Unavailable.',
      );
    }
  });

  it('of too many requests is told with what helps against them, and no other is', async () => {
    const helps = 'Run fewer jobs with this action at the same time';
    for (const [status, remedy] of [
      [429, true],
      [503, false],
    ] as const) {
      const told = await tell({
        scenarios: ['slow'],
        inputs: { 'outage-timeout': '20s' },
        wrong: () => ({ status }),
      });
      expect(told.annotations[0]?.message.includes(helps)).toBe(remedy);
    }
  });

  it('waits for a crawl that stands still longer by its own length, not by more', async () => {
    const told = await tell({
      scenarios: ['stalled'],
      inputs: { 'stall-timeout': '5m', 'poll-interval': '10s', 'outage-timeout': '10m' },
      wrong: ({ at }) => (at > 100_000 && at < 300_000 ? { status: 503 } : undefined),
      latency: 0,
    });
    expect(told.outputs['outcome']).toBe('stalled');
    const begun = told.sent.find(({ at }) => at > 100_000)?.at ?? 0;
    const over = told.sent.find(({ at }) => at >= 300_000)?.at ?? 0;
    // Its last change is seen at 30 s.
    const looks = told.sent.filter(({ kind }) => kind === 'job');
    expect(looks.at(-1)?.at).toBe(330_000 + over - begun);
  });
});

describe('a Retry-After of one crawl', () => {
  it('does not hold another one at the end of its own outage', async () => {
    const told = await tell({
      scenarios: ['slow', 'slow'],
      inputs: { 'outage-timeout': '60s', 'poll-interval': '7s', summary: 'false' },
      wrong: ({ path, at }) => {
        if (path.endsWith('0000')) return { status: 503 };
        return at > 25_000 && at < 80_000 ? { status: 429, retryAfter: '3600' } : undefined;
      },
      latency: 0,
    });
    const times = told.sent.filter(({ path }) => path.endsWith('0000')).map(({ at }) => at);
    const asked = told.sent.find(({ brought }) => brought?.status === 429)?.at ?? 0;
    expect(times.filter((at) => at > asked)).toEqual([60_000]);
    expect(resultOf(told)[0]).toMatchObject({
      outcome: 'unreachable',
      message: expect.stringContaining('for 1m ('),
    });
    expect(resultOf(told)[1]?.outcome).toBe('succeeded');
  });
});

describe('the last looks of many crawls', () => {
  it('share one request-timeout, even when each of them hangs', async () => {
    const told = await tell({
      scenarios: Array.from({ length: 30 }, () => 'slow'),
      inputs: { timeout: '5s', 'request-timeout': '10s', summary: 'false' },
      wrong: ({ at }) => (at >= 5_000 ? 'hang' : undefined),
    });
    expect(told.took).toBe(15_000);
  });

  it('that have no turn leave a crawl timed out, and the reason says so', async () => {
    const told = await tell({
      scenarios: Array.from({ length: 30 }, () => 'slow'),
      inputs: { timeout: '5s', 'request-timeout': '5s', summary: 'false' },
    });
    expect(resultOf(told).at(-1)).toMatchObject({
      outcome: 'timed-out',
      message:
        "The crawl was not checked within the 5s timeout because too many crawls share this step's request limit.",
    });
  });
});

describe('a refusal', () => {
  it('of one crawl leaves the others alone', async () => {
    const told = await tell({
      scenarios: ['slow', 'steady'],
      wrong: ({ path }) => (path.endsWith('0000') ? { status: 410 } : undefined),
    });
    expect(resultOf(told).map(({ outcome }) => outcome)).toEqual(['invalid-response', 'succeeded']);
  });

  it('counts as a request', async () => {
    const told = await tell({ scenarios: ['slow'], wrong: () => ({ status: 403 }) });
    expect(told.outputs['requests']).toBe('1');
  });
});
