import { describe, expect, it } from 'vitest';
import { START, type Told, tell, type Wrong } from '../support/virtual-world.ts';

const MINUTE = 60_000;

/** A healthy crawl of a minute, with this response from second 20 on, for so long. */
function oneOddResponse(wrong: Wrong, lasting = 1, inputs: Record<string, string> = {}) {
  return tell({
    scenarios: ['steady'],
    inputs: { summary: 'false', ...inputs },
    wrong: ({ at }) => (at >= 20_000 && at < 20_000 + lasting ? wrong : undefined),
  });
}

describe('one odd response in the middle of a healthy crawl', () => {
  it.each([404, 401, 403, 304, 302, 400, 409, 410, 418, 421, 422])(
    '%d does not end it',
    async (status) => {
      const told = await oneOddResponse({ status }, 10_000);
      expect(told.outputs['outcome']).toBe('succeeded');
      expect(told.annotations).toEqual([]);
    },
  );

  it.each([
    [404, 'not-found'],
    [401, 'unauthorized'],
    [302, 'invalid-response'],
    [409, 'invalid-response'],
    [422, 'invalid-input'],
  ])('%d is believed when it goes on for 30 s: %s', async (status, outcome) => {
    const told = await oneOddResponse({ status }, MINUTE * 60);
    expect(told.outputs['outcome']).toBe(outcome);
    const odd = told.sent.filter(({ brought }) => brought?.status === status);
    const lasted = (odd.at(-1)?.done ?? 0) - (odd[0]?.done ?? 0);
    expect(lasted).toBeGreaterThanOrEqual(30_000);
    expect(lasted).toBeLessThanOrEqual(30_050);
  });

  it('is asked again every 2 s', async () => {
    const told = await oneOddResponse({ status: 404 }, MINUTE * 60);
    const odd = told.sent.filter(({ brought }) => brought?.status === 404).map(({ at }) => at);
    const gaps = odd.slice(1).map((at, index) => at - (odd[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(2_050);
  });

  it('does not stall the crawl', async () => {
    const told = await tell({
      scenarios: ['slow'],
      inputs: { 'stall-timeout': '20s', timeout: '2m' },
      wrong: ({ at }) => (at > 20_000 && at < 45_000 ? { status: 404 } : undefined),
    });
    expect(told.outputs['outcome']).toBe('timed-out');
  });

  it('of a cache is not usable when it is older than a minute', async () => {
    const yesterday = { headers: { age: '90000' }, status: 200, body: '{}' };
    const passing = await oneOddResponse(yesterday, 10_000);
    expect(passing.outputs['outcome']).toBe('succeeded');
    const lasting = await oneOddResponse(yesterday, 60 * MINUTE, { 'outage-timeout': '30s' });
    expect(lasting.outputs['outcome']).toBe('invalid-response');
    expect(lasting.outputs['message']).toContain('1d1h old');
  });

  it.each([400, 401, 403, 422])("of a CDN's page with %d is not the API's", async (status) => {
    const page = { status, headers: { 'content-type': 'text/html' }, body: '<html>' };
    const told = await tell({
      scenarios: ['steady'],
      inputs: { 'outage-timeout': '10s' },
      wrong: () => page,
    });
    expect(told.outputs['outcome']).toBe('invalid-response');
    expect(told.outputs['message']).toContain('HTML page');
    expect((await oneOddResponse(page, 15_000)).outputs['outcome']).toBe('succeeded');
  });
});

describe('the reading of page_stats after a good crawl', () => {
  it.each([404, 401, 302, 503])('survives one %d', async (status) => {
    let failed = false;
    const told = await tell({
      scenarios: ['steady'],
      inputs: { require: 'indexed_pages >= 1' },
      wrong: ({ kind }) => {
        if (kind !== 'datasource' || failed) return undefined;
        failed = true;
        return { status };
      },
    });
    expect(told.outputs['outcome']).toBe('succeeded');
  });

  /** `pending_pages` counts down to 0 this long after the crawl has finished. */
  const indexing = (length: number, inputs: Record<string, string>) => {
    let finishedAt: number | undefined;
    return tell({
      scenarios: ['steady'],
      latency: 0,
      inputs: { summary: 'false', ...inputs },
      wrong: ({ kind, at }) => {
        if (kind === 'job') return undefined;
        finishedAt ??= at;
        const pending = at >= finishedAt + length ? 0 : 12;
        const change = (right: string) => {
          const datasource = JSON.parse(right);
          return JSON.stringify({
            ...datasource,
            page_stats: { ...datasource.page_stats, pending },
          });
        };
        return { change };
      },
    });
  };
  const readsOf = ({ sent }: Told) => sent.filter(({ kind }) => kind === 'datasource');

  it('goes on while pages are pending, every 5 s for 30 s', async () => {
    const told = await indexing(22_000, { require: 'pending_pages == 0' });
    expect(told.outputs['outcome']).toBe('succeeded');
    expect(readsOf(told)).toHaveLength(6);
    const never = await indexing(60_000, { require: 'pending_pages == 0' });
    expect(never.outputs['outcome']).toBe('rejected');
    expect(readsOf(never)).toHaveLength(7);
  });

  it('is over at once when the rules are met, or only warn', async () => {
    expect(readsOf(await indexing(60_000, { require: 'indexed_pages >= 1' }))).toHaveLength(1);
    expect(readsOf(await indexing(60_000, { warn: 'pending_pages == 0' }))).toHaveLength(1);
  });
});

describe('whose clock', () => {
  it("a runner's clock that is a day slow makes no old crawl fresh", async () => {
    const told = await tell({
      scenarios: ['idle'],
      active: true,
      apiAhead: 24 * 60 * MINUTE,
      inputs: { require: 'age < 1h' },
    });
    expect(told.outputs['outcome']).toBe('rejected');
  });

  it('one warning says how far the two differ, and none when they agree', async () => {
    const clockWarnings = ({ annotations }: Told) =>
      annotations.filter(({ message }) => message.includes('clock'));
    const slow = await tell({ scenarios: ['tiny', 'tiny'], apiAhead: 24 * 60 * MINUTE });
    expect(clockWarnings(slow)).toHaveLength(1);
    expect(clockWarnings(slow)[0]?.message).toContain('1d behind');
    const fast = await tell({ scenarios: ['tiny'], apiAhead: -90_000 });
    expect(clockWarnings(fast)[0]?.message).toContain('1m30s ahead');
    expect(clockWarnings(await tell({ scenarios: ['tiny'], apiAhead: 50_000 }))).toEqual([]);
    expect(clockWarnings(await tell({ scenarios: ['tiny'], apiAhead: 'none' }))).toEqual([]);
  });
});

describe('a rule that can no longer be met', () => {
  it.each([
    `started_at >= ${new Date(START + 10 * MINUTE).toISOString()}`,
    `created_at > ${new Date(START + 10 * MINUTE).toISOString()}`,
    'queue_time < 1s',
  ])('"%s" rejects the crawl at once, and says that it goes on', async (require) => {
    const told = await tell({ scenarios: ['slow'], inputs: { require } });
    expect(told.outputs['outcome']).toBe('rejected');
    expect(told.outputs['message']).toContain('The crawl continues');
    expect(told.took).toBeLessThan(10_000);
    const { rules } = JSON.parse(told.outputs['result'] ?? '').crawls[0];
    expect(rules).toMatchObject([{ rule: require, holds: false }]);
  });

  it('is none on the start of a former run, while the job waits to start again', async () => {
    const former = new Date(START - 60 * MINUTE).toISOString();
    const told = await tell({
      scenarios: ['queued'],
      inputs: { require: `started_at >= ${new Date(START).toISOString()}` },
      wrong: ({ at }) =>
        at < 20_000
          ? { change: (job) => job.replace(/"started_at": ?null/, `"started_at":"${former}"`) }
          : undefined,
    });
    expect(told.outputs['outcome']).toBe('succeeded');
  });

  it('of a failed crawl is not what decides', async () => {
    const told = await tell({ scenarios: ['failed'], inputs: { require: 'removed_pages <= 5%' } });
    expect(told.outputs['outcome']).toBe('failed');
  });

  it('on a counter is waited for, because counters can go back', async () => {
    const told = await tell({ scenarios: ['steady'], inputs: { require: 'new_pages <= 1' } });
    expect(told.outputs).toMatchObject({ outcome: 'rejected', status: 'completed' });
  });
});

describe('timeout: 0s', () => {
  it('checks each of 60 finished crawls once, however long that takes', async () => {
    const scenarios = Array.from({ length: 60 }, () => 'finished');
    const told = await tell({ scenarios, inputs: { timeout: '0s', summary: 'false' } });
    expect(told.outputs['outcome']).toBe('succeeded');
    expect(told.sent).toHaveLength(60);
  });
});

describe('a finished crawl', () => {
  it.each(['canceled', 'partial', 'timed_out', ''])(
    'with status "%s" is unrecognized',
    async (status) => {
      const told = await tell({
        scenarios: ['steady'],
        wrong: () => ({
          change: (right) => {
            const job = JSON.parse(right);
            return JSON.stringify(job.status === 'completed' ? { ...job, status } : job);
          },
        }),
      });
      expect(told.outputs['outcome']).toBe('unrecognized');
      expect(told.green).toBe(false);
      expect(told.annotations.map(({ level }) => level)).toEqual(['error']);
    },
  );
});
