import { describe, expect, it } from 'vitest';
import { type Sent, tell } from '../support/virtual-world.ts';

const times = (count: number, scenario: string) => Array.from({ length: count }, () => scenario);

/** The most requests that any minute has. */
function busiestMinute(sent: readonly Sent[]): number {
  return Math.max(
    ...sent.map(
      ({ at }) => sent.filter((other) => other.at >= at && other.at < at + 60_000).length,
    ),
  );
}

describe('several crawls', () => {
  it('are watched side by side, each with its own outcome', async () => {
    const told = await tell({
      scenarios: ['steady', 'failed', 'lost-pages', 'empty'],
      inputs: { require: 'removed_pages <= 5%' },
    });
    const result = JSON.parse(told.outputs['result'] ?? '');
    expect(result.crawls.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'succeeded',
      'failed',
      'rejected',
      'empty',
    ]);
    expect(told.outputs['outcome']).toBe('failed');
    expect(told.outputs['completed-pages']).toBe(String(812 + 324 + 702 + 0));
    expect(told.outputs['job-id']?.split('\n')).toHaveLength(4);
    expect(told.outputs['error-message']).toContain('Robots.txt');
    expect(told.annotations.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  it('are waited for to the end when the key is refused for one of them', async () => {
    const told = await tell({
      scenarios: ['steady', 'tiny', 'steady'],
      inputs: { tolerate: 'unauthorized', summary: 'false' },
      wrong: ({ path }) => (path.includes('360001') ? { status: 403 } : undefined),
    });
    const result = JSON.parse(told.outputs['result'] ?? '');
    expect(result.crawls.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'succeeded',
      'unauthorized',
      'succeeded',
    ]);
    expect(told.outputs['message']).toContain('3c90c3cc-0d44-4b50-8888-8dd257360001');
  });

  it('are unauthorized when the key is refused for all of them for 30 s', async () => {
    const told = await tell({
      scenarios: ['tiny', ...times(4, 'slow')],
      wrong: ({ at }) => (at > 30_000 ? { status: 403 } : undefined),
    });
    const result = JSON.parse(told.outputs['result'] ?? '');
    expect(result.crawls.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'succeeded',
      ...times(4, 'unauthorized'),
    ]);
    expect(told.took).toBeGreaterThanOrEqual(60_000);
    expect(told.took).toBeLessThan(100_000);
  });

  it('keep their outcome when the run is aborted after their end', async () => {
    const told = await tell({
      scenarios: ['tiny', 'slow'],
      onRequest: ({ at }, stop) => {
        if (at > 30_000) stop.abort(new Error('unexpected'));
      },
    });
    const result = JSON.parse(told.outputs['result'] ?? '');
    expect(result.crawls[0].outcome).toBe('succeeded');
    expect(result.crawls[1].outcome).toBe('internal-error');
    expect(told.green).toBe(false);
  });

  it('are green when all that is not well is tolerated', async () => {
    const told = await tell({
      scenarios: ['steady', 'empty'],
      inputs: { tolerate: 'empty' },
    });
    expect(told.green).toBe(true);
    expect(told.outputs['outcome']).toBe('empty');
    expect(told.annotations).toEqual([expect.objectContaining({ level: 'warning' })]);
  });
});

describe('the rate of all requests together', () => {
  it.each([10, 100])(
    'stays under 60 a minute, after a burst of 10, with %i crawls',
    async (count) => {
      const told = await tell({
        scenarios: times(count, 'slow'),
        inputs: { 'poll-interval': '500ms', timeout: '10m', summary: 'false' },
      });
      expect(told.outputs['outcome']).toBe('timed-out');
      expect(busiestMinute(told.sent.filter(({ at }) => at > 15_000))).toBeLessThan(60);
      expect(busiestMinute(told.sent)).toBeLessThanOrEqual(70);
    },
  );

  it('is shared fairly', async () => {
    const told = await tell({
      scenarios: times(30, 'slow'),
      inputs: { 'poll-interval': '5s', timeout: '10m', summary: 'false' },
    });
    const looks = new Map<string, number>();
    for (const { path } of told.sent) looks.set(path, (looks.get(path) ?? 0) + 1);
    expect(looks.size).toBe(30);
    expect(Math.max(...looks.values()) - Math.min(...looks.values())).toBeLessThanOrEqual(2);
  });

  it.each([
    [12, '500ms', 4],
    [40, '500ms', 35],
    [20, '1s', 12],
  ])('looks at each of %i crawls soon, even at %s', async (count, interval, seconds) => {
    const told = await tell({
      scenarios: times(count, 'slow'),
      inputs: { 'poll-interval': interval, timeout: '60s', summary: 'false' },
    });
    const first = new Map<string, number>();
    for (const { path, at } of told.sent) if (!first.has(path)) first.set(path, at);
    expect(first.size).toBe(count);
    expect(Math.max(...first.values())).toBeLessThan(seconds * 1_000);
  });

  it('never lets a crawl that failed pass unseen behind others', async () => {
    const told = await tell({
      scenarios: [...times(10, 'slow'), 'failed', 'failed'],
      speed: 20,
      inputs: { 'poll-interval': '500ms', timeout: '30s', tolerate: 'timed-out' },
    });
    expect(told.outputs['outcome']).toBe('failed');
    expect(told.green).toBe(false);
  });

  it('gives way to those near their end', async () => {
    const told = await tell({
      scenarios: ['steady', ...times(40, 'slow')],
      inputs: { timeout: '5m', summary: 'false' },
    });
    const result = JSON.parse(told.outputs['result'] ?? '');
    expect(result.crawls[0].outcome).toBe('succeeded');
    const [first] = told.sent;
    const last = told.sent.findLast(({ path }) => path === first?.path);
    // It ends after 62 s; in turn with 40 others a check would come every 42 s.
    expect(last?.at).toBeLessThan(75_000);
  });

  it('is true for the last checks too: they take one request-timeout, then the last response counts', async () => {
    const told = await tell({
      scenarios: times(100, 'slow'),
      inputs: { timeout: '3m', 'request-timeout': '20s', summary: 'false' },
    });
    expect(told.outputs['outcome']).toBe('timed-out');
    expect(told.took).toBeLessThanOrEqual(200_000 + 50);
    expect(busiestMinute(told.sent.filter(({ at }) => at > 15_000))).toBeLessThan(60);
  });

  it.each([
    ['idle-fresh', {}, 'not-found'],
    ['idle-fresh', { require: 'age < 2h' }, 'succeeded'],
    ['no-job', {}, 'not-found'],
  ])(
    'judges %s by its last response when no other turn comes: %j',
    async (scenario, inputs, outcome) => {
      const told = await tell({
        scenarios: times(30, scenario),
        active: scenario !== 'no-job',
        inputs: { timeout: '14s', 'request-timeout': '1s', summary: 'false', ...inputs },
      });
      const asked = new Set(told.sent.map(({ path }) => path.split('/')[2]));
      expect(asked.size).toBeGreaterThan(12);
      expect(asked.size).toBeLessThan(30);
      for (const crawl of JSON.parse(told.outputs['result'] ?? '').crawls) {
        expect(crawl.outcome).toBe(asked.has(crawl.datasource_id) ? outcome : 'timed-out');
      }
    },
  );

  it('judges a crawl that never had a turn as timed out', async () => {
    const told = await tell({
      scenarios: times(100, 'slow'),
      inputs: { timeout: '5s', 'request-timeout': '5s', summary: 'false' },
    });
    const result = JSON.parse(told.outputs['result'] ?? '');
    for (const { outcome } of result.crawls) expect(outcome).toBe('timed-out');
  });
});

describe('one outage of the API', () => {
  it('is told once, not for each crawl', async () => {
    const told = await tell({
      scenarios: times(20, 'slow'),
      inputs: { 'outage-timeout': '10m' },
      wrong: ({ at }) => (at > 60_000 && at < 240_000 ? 'network error' : undefined),
    });
    const lines = told.log.filter((line) => / API[ ,]/.test(line));
    expect(lines.filter((line) => line.includes('retrying'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('still'))).toHaveLength(3);
    expect(lines.filter((line) => line.includes('responded again'))).toHaveLength(1);
    expect(told.outputs['outcome']).toBe('succeeded');
  });

  it('holds all crawls back when the API asks to wait', async () => {
    const told = await tell({
      scenarios: times(5, 'slow'),
      inputs: { timeout: '5m' },
      wrong: ({ count }) => (count === 12 ? { status: 429, retryAfter: '50' } : undefined),
    });
    const asked = told.sent[11]?.at ?? 0;
    const next = told.sent.find(({ at }) => at > asked + 100);
    expect(next?.at).toBeGreaterThanOrEqual(asked + 50_000);
  });
});

describe('Retry-After', () => {
  const eightSeconds = (sent: readonly Sent[], from: number) =>
    sent.filter(({ at }) => at > from + 100 && at < from + 8_000);

  it('holds the others for as long as it asks, even if the one that it met gives up before', async () => {
    // The first crawl has been in an outage for most of its 10 s when it is asked to wait 8 s.
    let first = '';
    let askedAt = 0;
    const told = await tell({
      scenarios: ['slow', 'slow'],
      inputs: {
        'outage-timeout': '10s',
        timeout: '1m',
        'poll-interval': '500ms',
        summary: 'false',
      },
      random: () => 1,
      wrong: ({ path, at }) => {
        first ||= path;
        if (path !== first || askedAt > 0) return undefined;
        if (at < 7_000) return { status: 503 };
        askedAt = at;
        return { status: 429, retryAfter: '8' };
      },
    });
    expect(askedAt).toBeGreaterThan(0);
    const within = eightSeconds(told.sent, askedAt);
    expect(within.map(({ path }) => path)).toEqual([first]);
  });

  it('is obeyed when a datasource that is only wanted for a warning meets it', async () => {
    let askedAt = 0;
    const told = await tell({
      scenarios: ['tiny', 'slow'],
      inputs: {
        warn: 'error_pages == 0',
        timeout: '1m',
        'poll-interval': '500ms',
        summary: 'false',
      },
      wrong: ({ kind, at }) => {
        if (kind !== 'datasource') return undefined;
        askedAt = at;
        return { status: 429, retryAfter: '8' };
      },
    });
    expect(askedAt).toBeGreaterThan(0);
    expect(eightSeconds(told.sent, askedAt)).toEqual([]);
  });
});

describe('the log of many crawls', () => {
  it('has one line for all from six on, and stays short', async () => {
    const told = await tell({ scenarios: times(100, 'slow') });
    expect(told.log.length).toBeLessThan(100);
    expect(told.log.every((line) => !line.includes('7f1d2a60'))).toBe(true);
  });

  it('names each crawl below six', async () => {
    const told = await tell({ scenarios: ['steady', 'failed'] });
    expect(told.log.some((line) => line.includes('[2/2]') && line.includes('failed'))).toBe(true);
  });
});

describe('the summary of many crawls', () => {
  it('names the worst crawls first, because few datasources are read for it', async () => {
    const scenarios = times(30, 'steady').with(13, 'failed').with(29, 'empty');
    const told = await tell({ scenarios });
    const named = told.sent.filter(({ kind }) => kind === 'datasource').map(({ path }) => path);
    expect(named.length).toBeLessThanOrEqual(10);
    expect(named[0]).toMatch(/0d$/);
    expect(named[1]).toMatch(/1d$/);
    expect(told.summary).toMatch(/\*\*`Documentation \(.*0d\)`\*\*: The crawl failed/);
  });
});
