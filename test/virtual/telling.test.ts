import { describe, expect, it } from 'vitest';
import { tell } from '../support/virtual-world.ts';

describe('the log', () => {
  it('of a crawl of one hour stays under 100 lines', async () => {
    const told = await tell({
      scenarios: ['slow'],
      speed: 1 / 3,
      inputs: { timeout: '2h', 'poll-interval': '2s' },
    });
    expect(told.outputs['outcome']).toBe('succeeded');
    expect(told.log.length).toBeLessThan(100);
  });

  it('says something at least once a minute', async () => {
    const told = await tell({ scenarios: ['pending'], inputs: { timeout: '10m' } });
    expect(told.log.filter((line) => line.includes('pending')).length).toBeGreaterThanOrEqual(10);
  });

  it('shows a bar, the pages, the speed and the time left', async () => {
    const told = await tell({ scenarios: ['slow'] });
    expect(told.log).toContainEqual(
      expect.stringMatching(
        /scraping {3}[█░]{20} +\d+% {2}[\d,]+ of 5,000 pages, [\d.]+ pages\/s, about \S+ left$/,
      ),
    );
  });

  it('does without bar and share while the total is unknown', async () => {
    const told = await tell({ scenarios: ['no-total'] });
    expect(told.log).toContainEqual(
      expect.stringMatching(/scraping {3}\d+ pages so far, \d+ pages\/s$/),
    );
  });

  it('and the annotations stay short when an undocumented status changes at every look', async () => {
    const told = await tell({
      scenarios: ['slow'],
      inputs: { timeout: '10m', 'poll-interval': '2s' },
      wrong: ({ count }) => ({ change: (body) => body.replace('scraping', `indexing-${count}`) }),
    });
    expect(told.log.length).toBeLessThan(30);
    expect(told.annotations.filter(({ level }) => level === 'warning')).toHaveLength(1);
  });

  it('holds no token and no command of the API', async () => {
    const told = await tell({ scenarios: ['hostile'] });
    const text = told.log.join('\n');
    expect(text).not.toMatch(/^\s*::/m);
    expect(text).not.toContain('##[');
  });
});

describe('annotations', () => {
  it('are none for a green crawl', async () => {
    expect((await tell({ scenarios: ['steady'] })).annotations).toEqual([]);
  });

  it.each([
    ['odd-status', 'indexing'],
    ['passing-error', 'A page timed out, trying again'],
  ])('warn once about %s, and the wait goes on', async (scenario, text) => {
    const told = await tell({ scenarios: [scenario] });
    expect(told.outputs['outcome']).toBe('succeeded');
    expect(told.annotations).toEqual([
      expect.objectContaining({ level: 'warning', message: expect.stringContaining(text) }),
    ]);
  });

  it('warn once a step for each text, not once a crawl', async () => {
    const told = await tell({ scenarios: ['odd-status', 'odd-status', 'odd-status'] });
    expect(told.annotations).toHaveLength(1);
  });

  it('are one error with reason, crawl, and fix for a red step', async () => {
    const told = await tell({ scenarios: ['failed'] });
    expect(told.annotations).toEqual([
      {
        level: 'error',
        title: 'OpenCX crawl: failed',
        message: expect.stringMatching(
          /Robots\.txt.*\nCrawl job: 7f1d2a60-.*\. Datasource: 3c90c3cc-.*\n.*start the crawl again/,
        ),
      },
    ]);
  });

  it('are a warning for a tolerated outcome', async () => {
    const told = await tell({ scenarios: ['failed'], inputs: { tolerate: 'failed, stalled' } });
    expect(told.green).toBe(true);
    expect(told.annotations).toEqual([
      expect.objectContaining({ level: 'warning', title: 'OpenCX crawl: failed (tolerated)' }),
    ]);
  });

  it('warn for each rule of `warn` that is not met', async () => {
    const told = await tell({
      scenarios: ['page-errors'],
      inputs: { warn: 'error_pages <= 5%\nnew_pages >= 1\nremoved_pages == 0' },
    });
    expect(told.green).toBe(true);
    expect(told.annotations.map(({ message }) => message)).toEqual([
      'The rule "error_pages <= 5%" was not met: the actual value is 46.8% (380 of 812).',
      'The rule "removed_pages == 0" was not met: the actual value is 4.',
    ]);
  });
});

describe('what is read of the datasource', () => {
  const datasourceReads = (sent: readonly { kind: string }[]) =>
    sent.filter(({ kind }) => kind === 'datasource').length;

  it('is nothing without a summary and without a rule that needs it', async () => {
    const told = await tell({ scenarios: ['steady'], inputs: { summary: 'false' } });
    expect(datasourceReads(told.sent)).toBe(0);
    expect(told.summary).toBe('');
  });

  it('is read once for rules and summary together', async () => {
    const told = await tell({ scenarios: ['steady'], inputs: { require: 'synced_pages >= 90%' } });
    expect(datasourceReads(told.sent)).toBe(1);
  });

  it('changes nothing when the summary alone wanted it', async () => {
    const told = await tell({
      scenarios: ['steady'],
      wrong: ({ kind }) => (kind === 'datasource' ? { status: 403 } : undefined),
    });
    expect(told.outputs['outcome']).toBe('succeeded');
  });

  it('is tried once for a rule that warns, which then warns', async () => {
    const told = await tell({
      scenarios: ['steady'],
      inputs: { warn: 'error_pages == 0', summary: 'false' },
      wrong: ({ kind }) => (kind === 'datasource' ? { status: 503 } : undefined),
    });
    expect(told.outputs['outcome']).toBe('succeeded');
    expect(datasourceReads(told.sent)).toBe(1);
    expect(told.annotations[0]?.message).toContain('unknown');
  });

  it('is waited for by a rule that is required', async () => {
    let failures = 0;
    const told = await tell({
      scenarios: ['steady'],
      inputs: { require: 'error_pages <= 10' },
      wrong: ({ kind }) => {
        if (kind !== 'datasource' || failures === 3) return undefined;
        failures += 1;
        return { status: 503 };
      },
    });
    expect(told.outputs['outcome']).toBe('succeeded');
    expect(datasourceReads(told.sent)).toBe(4);
  });

  it('is read for ten crawls at most', async () => {
    const told = await tell({ scenarios: Array.from({ length: 14 }, () => 'queued') });
    expect(datasourceReads(told.sent)).toBeGreaterThan(1);
    expect(datasourceReads(told.sent)).toBeLessThanOrEqual(10);
  });
});

describe('the log of an hour', () => {
  it.each([1, 2, 5, 6])('stays under 100 lines with %i crawls', async (count) => {
    const told = await tell({
      scenarios: Array.from({ length: count }, () => 'slow'),
      speed: 1 / 3,
      inputs: { timeout: '2h', 'poll-interval': '20s' },
    });
    expect(told.outputs['outcome']).toBe('succeeded');
    expect(told.log.length).toBeLessThan(100);
    expect(told.log.length).toBeGreaterThan(60);
  });

  it.each([
    [
      'a status that flips at every look',
      { change: (body: string) => body.replace('scraping', 'pending') },
    ],
    ['an API that fails at every other look', { status: 503 }],
  ])('stays under 100 lines with %s', async (_, wrong) => {
    const told = await tell({
      scenarios: ['slow'],
      speed: 1 / 3,
      inputs: { timeout: '1h', 'poll-interval': '5s' },
      wrong: ({ count }) => (count % 2 === 0 ? wrong : undefined),
    });
    expect(told.log.length).toBeLessThan(100);
  });
});
