import { describe, expect, it } from 'vitest';
import {
  activeJob,
  DATASOURCE_ID,
  datasourceResponse,
  jobResponse,
} from '../support/crawl-builders.ts';
import { START, type Story, type Told, tell } from '../support/virtual-world.ts';

// The whole search for a crawl (contract, section Finding the crawl), told with an API of our own.

const OLD = '00000000-0000-4000-8000-000000000001';
const NEW = '00000000-0000-4000-8000-000000000002';
const MINUTE = 60_000;
const iso = (ms: number) => new Date(START + ms).toISOString();

/** A crawl as the API knows it; times are milliseconds since the start of the step. */
interface Crawl {
  id: string;
  /** When the API shows it; at once when left out. */
  visibleAt?: number;
  startedAt: number;
  finishedAt: number;
  status?: string;
  /** How long it stays the datasource's active job after it has finished. */
  lingers?: number;
}

/** Plays these crawls, the newest last, of one datasource. */
function withCrawls(crawls: readonly Crawl[], story: Partial<Story> = {}): Promise<Told> {
  const isActive = ({ visibleAt = -Infinity, finishedAt, lingers = 0 }: Crawl, now: number) =>
    now >= visibleAt && now < finishedAt + lingers;
  return tell({
    scenarios: ['idle'],
    latency: 0,
    ...story,
    inputs: { 'datasource-id': DATASOURCE_ID, 'job-id': 'active', ...story.inputs },
    wrong: (request) => {
      const given = story.wrong?.(request);
      if (given !== undefined) return given;
      const { at, kind, path } = request;
      if (kind === 'job') {
        const crawl = crawls.find(({ id }) => path.endsWith(id));
        return crawl === undefined
          ? { status: 404 }
          : { status: 200, body: JSON.stringify(jobOf(crawl, at)) };
      }
      const active = crawls.find((crawl) => isActive(crawl, at));
      const last = crawls.findLast(({ finishedAt }) => finishedAt <= at);
      const body = datasourceResponse({
        last_crawl_started_at: last ? iso(last.startedAt) : iso(-24 * 60 * MINUTE),
        last_crawl_completed_at: last ? iso(last.finishedAt) : iso(-23 * 60 * MINUTE),
        active_crawl_job: active
          ? activeJob({
              id: active.id,
              started_at: active.startedAt <= at ? iso(active.startedAt) : null,
              status: at < active.startedAt ? 'pending' : 'scraping',
            })
          : null,
      });
      return { status: 200, body: JSON.stringify(body) };
    },
  });
}

function jobOf({ id, startedAt, finishedAt, status = 'completed' }: Crawl, at: number) {
  const isDone = at >= finishedAt;
  return jobResponse({
    id,
    status: isDone ? status : at < startedAt ? 'pending' : 'scraping',
    created_at: iso(startedAt - 1_000),
    started_at: at < startedAt ? null : iso(startedAt),
    completed_at: isDone ? iso(finishedAt) : null,
    completed_pages: isDone ? 800 : 100,
    updated_at: iso(isDone ? finishedAt : at),
  });
}

/** The datasource has an active job, and does not know when it started. */
const unknownStart = datasourceResponse({
  active_crawl_job: activeJob({ id: OLD, status: 'pending', started_at: null }),
});

const sinceStart = { require: `started_at >= ${iso(0)}` };

describe('a crawl that starts after the step', () => {
  it.each([45_000, 10 * MINUTE, 40 * MINUTE])('by %d ms is waited for', async (startedAt) => {
    const told = await withCrawls(
      [{ id: NEW, visibleAt: startedAt, startedAt, finishedAt: startedAt + 5 * MINUTE }],
      { inputs: sinceStart },
    );
    expect(told.outputs).toMatchObject({ outcome: 'succeeded', 'job-id': NEW });
    expect(told.log.length).toBeLessThan(100);
  });

  it.each(['20261123T100100Z', '2026-11-23T10:01:00+00', '2026-11-23T10:01:00,123Z'])(
    'is found however the API writes its start: %s',
    async (written) => {
      const told = await withCrawls([{ id: NEW, startedAt: MINUTE, finishedAt: 5 * MINUTE }], {
        inputs: { require: `started_at > ${iso(0)}` },
        wrong: ({ kind, at }) =>
          kind === 'datasource'
            ? {
                status: 200,
                body: JSON.stringify(
                  datasourceResponse({
                    active_crawl_job:
                      at < 5 * MINUTE ? activeJob({ id: NEW, started_at: written }) : null,
                  }),
                ),
              }
            : undefined,
      });
      expect(told.outputs).toMatchObject({ outcome: 'succeeded', 'job-id': NEW });
    },
  );

  it('is found when only the job itself tells its own start', async () => {
    const told = await withCrawls([{ id: NEW, startedAt: 10_000, finishedAt: 5 * MINUTE }], {
      inputs: sinceStart,
      wrong: ({ kind, at }) =>
        kind === 'datasource' && at < 5 * MINUTE
          ? {
              status: 200,
              body: JSON.stringify(
                datasourceResponse({
                  active_crawl_job: activeJob({ id: NEW, started_at: iso(-24 * 60 * MINUTE) }),
                }),
              ),
            }
          : undefined,
    });
    expect(told.outputs).toMatchObject({ outcome: 'succeeded', 'job-id': NEW });
  });

  it('is too late after an explicit start-timeout', async () => {
    const told = await withCrawls(
      [{ id: NEW, visibleAt: 5 * MINUTE, startedAt: 5 * MINUTE, finishedAt: 6 * MINUTE }],
      { inputs: { ...sinceStart, 'start-timeout': '2m' } },
    );
    expect(told.outputs['outcome']).toBe('rejected');
    expect(told.took).toBe(2 * MINUTE);
  });

  it('is recognized when it was over between two checks', async () => {
    const told = await withCrawls(
      [{ id: NEW, visibleAt: 5 * MINUTE, startedAt: 5 * MINUTE, finishedAt: 5 * MINUTE + 500 }],
      { inputs: sinceStart },
    );
    expect(told.outputs['outcome']).toBe('succeeded');
  });

  it('is not waited for longer than 30 s without a rule that asks for its start', async () => {
    const crawl = { id: NEW, visibleAt: MINUTE, startedAt: MINUTE, finishedAt: 5 * MINUTE };
    const told = await withCrawls([crawl]);
    expect(told.outputs['outcome']).toBe('not-found');
    const patient = await withCrawls([crawl], { inputs: { 'start-timeout': '2m' } });
    expect(patient.outputs).toMatchObject({ outcome: 'succeeded', 'job-id': NEW });
  });

  it('never comes: the last finished crawl is rejected at the deadline', async () => {
    const told = await withCrawls([], { inputs: { ...sinceStart, timeout: '10m' } });
    expect(told.outputs['outcome']).toBe('rejected');
    expect(told.took).toBe(10 * MINUTE);
  });
});

describe('an older crawl that is still active', () => {
  const older = { id: OLD, startedAt: -MINUTE, finishedAt: 8 * MINUTE };
  const newer = {
    id: NEW,
    visibleAt: 9 * MINUTE,
    startedAt: 9 * MINUTE,
    finishedAt: 12 * MINUTE,
  };

  it('runs to its end, and the right one is taken then', async () => {
    const told = await withCrawls([older, newer], { inputs: sinceStart });
    expect(told.outputs).toMatchObject({ outcome: 'succeeded', 'job-id': NEW });
    const said = told.log.filter((line) => line.includes(OLD));
    expect(said.length).toBeLessThanOrEqual(1);
  });

  it('does not use up start-timeout', async () => {
    const told = await withCrawls([older, newer], {
      inputs: { ...sinceStart, 'start-timeout': '90s' },
    });
    expect(told.outputs).toMatchObject({ outcome: 'succeeded', 'job-id': NEW });
    const tooLate = await withCrawls([older, newer], {
      inputs: { ...sinceStart, 'start-timeout': '30s' },
    });
    expect(tooLate.outputs['outcome']).toBe('rejected');
  });

  it('until the deadline means timed-out, with timeout: 0s too', async () => {
    const told = await withCrawls([older, newer], { inputs: { ...sinceStart, timeout: '5m' } });
    expect(told.outputs).toMatchObject({ outcome: 'timed-out', 'job-id': '' });
    expect(told.outputs['message']).toContain(iso(-MINUTE));
    const once = await withCrawls([older], { inputs: { ...sinceStart, timeout: '0s' } });
    expect(once.outputs['outcome']).toBe('timed-out');
    expect(once.sent.map(({ kind }) => kind)).toEqual(['datasource', 'job']);
  });

  it('is active no more when the job itself has finished, whatever the datasource says', async () => {
    const day = 24 * 60 * MINUTE;
    const lingering = {
      id: OLD,
      startedAt: -day,
      finishedAt: 20 * MINUTE - day,
      lingers: 30 * day,
    };
    const inputs = { ...sinceStart, 'start-timeout': '1m' };
    const told = await withCrawls([lingering], { inputs });
    expect(told.outputs['outcome']).toBe('rejected');
    expect(told.took).toBe(MINUTE);
    expect(told.log.join('\n')).not.toContain('too early');

    const later = { id: OLD, startedAt: -MINUTE, finishedAt: MINUTE, lingers: 30 * day };
    const over = await withCrawls([later], { inputs });
    expect(over.outputs['outcome']).toBe('rejected');
    expect(over.took).toBeLessThan(3 * MINUTE);

    const once = await withCrawls([lingering], { inputs: { ...inputs, timeout: '0s' } });
    expect(once.outputs['outcome']).toBe('rejected');
  });

  it('is active no more when it has finished by its first response', async () => {
    const finished = { id: OLD, startedAt: -MINUTE, finishedAt: 0, lingers: 60 * MINUTE };
    const told = await withCrawls([finished], {
      inputs: { ...sinceStart, timeout: '5m', 'start-timeout': '1m' },
      wrong: ({ kind }) =>
        kind === 'datasource' ? { status: 200, body: JSON.stringify(unknownStart) } : undefined,
    });
    expect(told.outputs['outcome']).toBe('rejected');
    expect(told.took).toBe(MINUTE);
  });

  it('is asked for with pauses, even when every job is too early', async () => {
    let reading = 0;
    const told = await withCrawls([older], {
      inputs: { ...sinceStart, timeout: '20s' },
      wrong: ({ kind, path }) => {
        if (kind === 'datasource') {
          reading += 1;
          const id = `00000000-0000-4000-8000-${String(reading).padStart(12, '0')}`;
          const active_crawl_job = activeJob({ id, status: 'pending', started_at: null });
          return { status: 200, body: JSON.stringify(datasourceResponse({ active_crawl_job })) };
        }
        return {
          status: 200,
          body: JSON.stringify(jobOf({ ...older, id: path.slice(-36) }, 0)),
        };
      },
    });
    expect(told.outputs['outcome']).toBe('timed-out');
    expect(told.sent.length).toBeLessThanOrEqual(24);
  });

  it('can be started again under its own ID', async () => {
    const again = { id: OLD, startedAt: 20_000, finishedAt: MINUTE };
    const told = await withCrawls([again], {
      inputs: { ...sinceStart, timeout: '2m' },
      wrong: ({ kind, at }) =>
        at >= 20_000
          ? undefined
          : {
              status: 200,
              body: JSON.stringify(kind === 'datasource' ? unknownStart : jobOf(older, at)),
            },
    });
    expect(told.outputs['outcome']).toBe('succeeded');
  });

  it('is followed when no rule asks for a later start', async () => {
    const told = await withCrawls([older]);
    expect(told.outputs).toMatchObject({ outcome: 'succeeded', 'job-id': OLD });
  });

  it('that was pending when it was found is left when it turns out to be too early', async () => {
    const inputs = { require: `started_at >= ${iso(5 * MINUTE)}` };
    const early = { id: OLD, startedAt: MINUTE, finishedAt: 8 * MINUTE };
    const told = await withCrawls([early, newer], { inputs });
    expect(told.outputs).toMatchObject({ outcome: 'succeeded', 'job-id': NEW });
  });
});

describe('a `warn` rule on the start', () => {
  it('skips no crawl', async () => {
    const pending = { id: OLD, startedAt: MINUTE, finishedAt: 8 * MINUTE };
    const inputs = { warn: `started_at >= ${iso(5 * MINUTE)}` };
    const told = await withCrawls([pending], { inputs });
    expect(told.outputs).toMatchObject({ outcome: 'succeeded', 'job-id': OLD });
  });
});

describe('the log', () => {
  it('says once which active crawl was found', async () => {
    const told = await withCrawls([{ id: NEW, startedAt: 1_000, finishedAt: 8 * MINUTE }]);
    const found = told.log.filter((line) => line.includes('found active crawl'));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${NEW} (not started yet)`);
  });
});

describe('a job that lingers as active', () => {
  const lingering = (status: string): Crawl => ({
    id: OLD,
    startedAt: -5 * 24 * 60 * MINUTE,
    finishedAt: -5 * 24 * 60 * MINUTE + 5 * MINUTE,
    status,
    lingers: 30 * 24 * 60 * MINUTE,
  });

  it.each(['completed', 'failed', 'archived'])(
    'with status %s is no active crawl',
    async (status) => {
      const told = await withCrawls([lingering(status)], {
        wrong: ({ kind }) =>
          kind === 'datasource'
            ? {
                status: 200,
                body: JSON.stringify(
                  datasourceResponse({ active_crawl_job: activeJob({ id: OLD, status }) }),
                ),
              }
            : undefined,
      });
      expect(told.outputs).toMatchObject({ outcome: 'not-found', 'job-id': '', status: '' });
    },
  );

  it('is none when the datasource calls it scraping', async () => {
    const told = await withCrawls([lingering('completed')]);
    expect(told.outputs).toMatchObject({ outcome: 'not-found', 'job-id': '' });
  });

  it('counts when it is started again under its ID', async () => {
    const crawls = [lingering('completed')];
    const told = await withCrawls(crawls, {
      wrong: ({ at }) => {
        const again = { id: OLD, startedAt: 10_000, finishedAt: 5 * MINUTE };
        if (at >= 10_000) crawls[0] = again;
        return undefined;
      },
    });
    expect(told.outputs).toMatchObject({ outcome: 'succeeded', 'job-id': OLD });
  });

  it('is checked once with timeout: 0s', async () => {
    const told = await withCrawls([lingering('completed')], {
      inputs: { timeout: '0s', summary: 'false' },
    });
    expect(told.outputs['outcome']).toBe('not-found');
    expect(told.sent.map(({ kind }) => kind)).toEqual(['datasource', 'job']);
  });

  it('finished less than a minute before the step, and counts', async () => {
    const just = { id: OLD, startedAt: -5 * MINUTE, finishedAt: -50_000, lingers: 5 * MINUTE };
    expect((await withCrawls([just])).outputs['outcome']).toBe('succeeded');
    const earlier = { ...just, finishedAt: -70_000 };
    expect((await withCrawls([earlier])).outputs['outcome']).toBe('not-found');
  });

  it('is measured at the start of the step, however late the responses come', async () => {
    const just = { id: OLD, startedAt: -5 * MINUTE, finishedAt: -50_000, lingers: 5 * MINUTE };
    const told = await withCrawls([just], { latency: 25_000 });
    expect(told.outputs['outcome']).toBe('succeeded');
  });

  it('is measured by its last update when it does not say when it finished', async () => {
    const days = -5 * 24 * 60 * MINUTE;
    const job = jobResponse({
      id: OLD,
      status: 'failed',
      started_at: iso(days),
      completed_at: null,
      updated_at: iso(days + MINUTE),
    });
    const active = activeJob({ id: OLD, started_at: iso(days), status: 'scraping' });
    const told = await withCrawls([], {
      wrong: ({ kind }) => ({
        status: 200,
        body: JSON.stringify(
          kind === 'job' ? job : datasourceResponse({ active_crawl_job: active }),
        ),
      }),
    });
    expect(told.outputs['outcome']).toBe('not-found');
  });

  it("is measured by the API's clock", async () => {
    const just = { id: OLD, startedAt: -5 * MINUTE, finishedAt: -50_000, lingers: 5 * MINUTE };
    const told = await withCrawls([just], { apiAhead: 10 * MINUTE });
    expect(told.outputs['outcome']).toBe('not-found');
  });
});

describe('what the datasource says of its last finished crawl', () => {
  const idle = (overrides: Record<string, unknown>, inputs: Record<string, string>) =>
    withCrawls([], {
      inputs,
      wrong: () => ({ status: 200, body: JSON.stringify(datasourceResponse(overrides)) }),
    });
  const fresh = {
    last_crawl_started_at: iso(-60 * MINUTE),
    last_crawl_completed_at: iso(-50 * MINUTE),
  };

  it('is empty when its index has no page', async () => {
    const none = { total: 0, synced: 0, pending: 0, error: 0, excluded: 0 };
    const told = await idle({ ...fresh, page_stats: none }, { require: 'age < 8d' });
    expect(told.outputs['outcome']).toBe('empty');
  });

  it('warns once when a newer crawl started and did not finish', async () => {
    const told = await idle(
      { ...fresh, last_crawl_started_at: iso(-10 * MINUTE) },
      { require: 'age < 8d' },
    );
    expect(told.outputs).toMatchObject({ outcome: 'succeeded', 'started-at': '' });
    expect(told.annotations.map(({ level }) => level)).toEqual(['warning']);
    expect(told.annotations[0]?.message).toContain('newer crawl');
  });

  it('is not fresh in the year 9999', async () => {
    const told = await idle(
      { ...fresh, last_crawl_completed_at: '9999-12-31T23:59:59Z' },
      { require: 'age < 8d' },
    );
    expect(told.outputs['outcome']).toBe('rejected');
    expect(told.outputs['message']).toContain('unknown');
  });

  it.each([null, undefined])(
    'can lack url and page_stats where nothing needs them',
    async (none) => {
      const told = await idle({ ...fresh, url: none, page_stats: none }, { require: 'age < 8d' });
      expect(told.outputs['outcome']).toBe('succeeded');
    },
  );
});
