import { describe, expect, it } from 'vitest';
import { DATASOURCE_ID, datasourceResponse } from '../support/crawl-builders.ts';
import { START, type Story, tell } from '../support/virtual-world.ts';

// What is read of the datasource when the crawl has finished (contract, section Rules).

/** A crawl that finished before the first check, with a rule about the index. */
const afterFinish = (story: Partial<Story>) =>
  tell({
    scenarios: ['finished'],
    latency: 0,
    ...story,
    inputs: { require: 'indexed_pages >= 1', ...story.inputs },
  });

const reads = ({ sent }: Awaited<ReturnType<typeof tell>>) =>
  sent.filter(({ kind }) => kind === 'datasource');

describe('a required rule about the index', () => {
  it('asks again for a datasource that is missing, and believes the fourth 404', async () => {
    const passing = await afterFinish({
      wrong: ({ kind, at }) => (kind === 'datasource' && at < 25_000 ? { status: 404 } : undefined),
    });
    expect(passing.outputs['outcome']).toBe('succeeded');
    const lasting = await afterFinish({
      wrong: ({ kind }) => (kind === 'datasource' ? { status: 404 } : undefined),
    });
    expect(lasting.outputs['outcome']).toBe('not-found');
    expect(lasting.outputs['message']).toContain('datasource');
    expect(lasting.took).toBe(30_000);
  });

  it('is not met when no turn comes for it in time, which is not an outage', async () => {
    const { outputs, log } = await afterFinish({
      scenarios: Array.from({ length: 30 }, () => 'finished'),
      inputs: { timeout: '1s', 'request-timeout': '1s' },
    });
    const { crawls } = JSON.parse(outputs['result'] ?? '') as {
      crawls: { outcome: string; rules?: { actual: string }[] }[];
    };
    const rejected = crawls.filter(({ outcome }) => outcome === 'rejected');
    expect(rejected.length).toBeGreaterThan(0);
    for (const { rules } of rejected) {
      expect(rules?.[0]?.actual).toBe('unknown: the datasource could not be read');
    }
    expect(log.join('\n')).not.toContain('no usable response');
  });
});

const HOUR = 3_600_000;
const completedBefore = (age: string) =>
  `"completed_at":"${new Date(START - (age === '2h' ? 2 * HOUR : 300_000)).toISOString()}"`;

describe('what is only for the reader', () => {
  const warning = { require: '', warn: 'indexed_pages >= 1', summary: 'false' };

  it('is tried once', async () => {
    for (const wrong of [{ status: 404 }, { status: 500 }, 'network error'] as const) {
      const told = await afterFinish({
        inputs: warning,
        wrong: ({ kind }) => (kind === 'datasource' ? wrong : undefined),
      });
      expect(told.outputs['outcome']).toBe('succeeded');
      expect(reads(told)).toHaveLength(1);
    }
  });

  it('is dropped when the workflow is canceled meanwhile', async () => {
    const told = await afterFinish({
      inputs: warning,
      stopAt: 5_000,
      wrong: ({ kind }) => (kind === 'datasource' ? 'hang' : undefined),
    });
    expect(told.outputs['outcome']).toBe('succeeded');
    expect(told.took).toBe(5_000);
  });

  it('gets no longer than request-timeout', async () => {
    const told = await afterFinish({
      inputs: { ...warning, 'request-timeout': '7s' },
      wrong: ({ kind }) => (kind === 'datasource' ? 'hang' : undefined),
    });
    expect(told.outputs['outcome']).toBe('succeeded');
    expect(told.took).toBe(7_000);
  });

  it('is not sent when the time is up', async () => {
    const told = await afterFinish({
      scenarios: Array.from({ length: 30 }, () => 'finished'),
      inputs: { ...warning, timeout: '1s', 'request-timeout': '1s' },
    });
    expect(told.took).toBeLessThanOrEqual(3_000);
    expect(reads(told).every(({ at }) => at < 2_000)).toBe(true);
  });

  it.each([
    ['is not older', 2 * HOUR, 'succeeded', '5m'],
    ['is not younger', -2 * HOUR, 'rejected', '2h'],
  ])('changes no other rule: the crawl %s by then', async (_, ahead, outcome, age) => {
    const told = await afterFinish({
      inputs: { ...warning, require: `age < 1h` },
      wrong: ({ kind }) =>
        kind === 'job'
          ? { change: (job) => job.replaceAll(/"completed_at": ?"[^"]*"/g, completedBefore(age)) }
          : { status: 503, headers: { date: new Date(START + ahead).toUTCString() } },
    });
    expect(told.outputs['outcome']).toBe(outcome);
  });

  it('hides no defect of the action', async () => {
    const told = await afterFinish({
      inputs: warning,
      wrong: ({ kind }) => {
        if (kind === 'datasource') throw new TypeError('x is not a function');
        return undefined;
      },
    });
    expect(told.outputs['outcome']).toBe('internal-error');
  });
});

describe('a rule that is not met, whatever the index says', () => {
  const broken = { require: 'removed_pages <= 0\nerror_pages == 0' };

  it.each([503, 401])(
    'rejects the crawl although the datasource responds with %d',
    async (status) => {
      const told = await afterFinish({
        inputs: { ...broken, tolerate: 'unreachable, unauthorized' },
        wrong: ({ kind }) => (kind === 'datasource' ? { status } : undefined),
      });
      expect(told.outputs['outcome']).toBe('rejected');
      expect(told.outputs['message']).toContain('"removed_pages <= 0" was not met');
      expect(told.took).toBeLessThan(5_000);
    },
  );
});

/** Of the crawl of `datasourceResponse`, in milliseconds. */
const AGE = START - Date.parse('2026-11-22T10:20:00Z');

describe('an index that is read again', () => {
  /** A crawl of yesterday that only the datasource tells of; its readings, the last one for ever. */
  const lastCrawl = (require: string, ...readings: object[]) => {
    let reading = 0;
    return tell({
      scenarios: ['idle'],
      latency: 0,
      inputs: { 'datasource-id': DATASOURCE_ID, 'job-id': 'active', timeout: '20m', require },
      wrong: () => {
        const body = readings[Math.min(reading, readings.length - 1)];
        reading += 1;
        return body !== undefined && 'status' in body
          ? { status: 503 }
          : { status: 200, body: JSON.stringify(datasourceResponse({ ...body })) };
      },
    });
  };
  const since = 'started_at >= 2026-11-22T09:00:00Z\nerror_pages <= 5%';
  const index = (total: number, pending: number, error: number) => ({
    page_stats: { total, synced: total - pending - error, pending, error, excluded: 0 },
  });

  it.each([
    ['after a reading without page_stats', { page_stats: null }],
    ['while pages were pending', index(5, 4, 1)],
  ])('and has no page is empty: %s', async (_, first) => {
    const told = await lastCrawl(since, first, index(0, 0, 0));
    expect(told.outputs['outcome']).toBe('empty');
  });

  it('and now reports an error fails', async () => {
    const told = await lastCrawl(
      since,
      { page_stats: null },
      { ...index(100, 0, 0), error_message: 'boom' },
    );
    expect(told.outputs).toMatchObject({ outcome: 'failed', 'error-message': 'boom' });
  });

  it('does not age the crawl: other rules are evaluated once', async () => {
    const told = await lastCrawl(
      `${since}\nage < ${(AGE + 10_000) / 1_000}s`,
      index(100, 10, 20),
      index(100, 10, 20),
      index(100, 10, 20),
      index(100, 10, 20),
      index(100, 0, 0),
    );
    expect(told.outputs['outcome']).toBe('succeeded');
  });

  it('and tells of a newer crawl that has started says no less of this one', async () => {
    const newer = { last_crawl_started_at: new Date(START).toISOString() };
    const told = await lastCrawl(
      since,
      { page_stats: null },
      index(100, 10, 20),
      { ...newer, ...index(100, 10, 20) },
      { ...newer, ...index(100, 0, 0) },
    );
    expect(told.outputs).toMatchObject({
      outcome: 'succeeded',
      'started-at': '2026-11-22T10:00:00.000Z',
    });
  });

  it('and tells of a newer crawl that has finished is evaluated as that one', async () => {
    const newer = {
      last_crawl_started_at: new Date(START).toISOString(),
      last_crawl_completed_at: new Date(START + 5_000).toISOString(),
    };
    const told = await lastCrawl(since, index(100, 10, 20), { ...newer, ...index(100, 0, 0) });
    expect(told.outputs).toMatchObject({
      outcome: 'succeeded',
      'completed-at': newer.last_crawl_completed_at,
    });
  });

  it('keeps its last reading when no other comes within 30 s', async () => {
    const told = await lastCrawl(since, index(200, 1, 99), { status: 503 });
    expect(told.outputs['outcome']).toBe('rejected');
    expect(told.outputs['message']).toContain('49.5% (99 of 200)');
    expect(told.took).toBeLessThan(62_000);
  });
});
