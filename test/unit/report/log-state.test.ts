import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../src/outcomes.ts';
import {
  initialLogState,
  type LogConfig,
  type LogEvent,
  logStep,
  nextMinuteAt,
} from '../../../src/report/log-state.ts';
import { facts } from '../../support/crawl-builders.ts';
import { idOf } from '../../support/run-results.ts';
import { sample } from '../../support/samples.ts';

type Told = readonly [second: number, event: LogEvent];

/** The lines that these events cause, for a step with so many crawls. */
function tell(
  events: readonly Told[],
  { crawls = 1, ...config }: Partial<LogConfig> & { crawls?: number } = {},
) {
  const whole: LogConfig = {
    datasourceIds: Array.from({ length: crawls }, (_, index) => idOf(index)),
    outageTimeout: 600_000,
    startedAt: 0,
    paint: (_, text) => text,
    ...config,
  };
  let state = initialLogState(whole);
  const lines: string[] = [];
  for (const [second, event] of events) {
    const next = logStep(whole, state, event, second * 1_000);
    state = next.state;
    lines.push(...next.lines);
  }
  return { state, lines };
}

function sampled(completed: number, { index = 0, status = 'scraping', at = 0 } = {}): LogEvent {
  const done = status === 'scraping' || status === 'pending' ? null : '2026-11-23T10:20:00Z';
  const crawl = facts({ status, completed_pages: completed, total_pages: 800, completed_at: done });
  return { type: 'sampled', index, crawl, history: [sample({ at, completed })] };
}

const failed: Verdict = { outcome: 'failed', reason: 'The crawl failed', standsAlone: true };
const succeeded: Verdict = { outcome: 'succeeded', reason: 'The crawl succeeded' };

describe('progress', () => {
  it('is a line when the status changes, and when it moved by 5%', () => {
    const { lines } = tell([
      [0, sampled(0, { status: 'pending' })],
      [2, sampled(0, { status: 'pending' })],
      [4, sampled(0)],
      [6, sampled(39)],
      [8, sampled(40)],
      [10, sampled(79)],
      [12, sampled(800, { status: 'completed' })],
    ]);
    expect(lines.map((line) => line.trim().slice(0, 14))).toEqual([
      '0s  pending: w',
      '4s  scraping  ',
      '8s  scraping  ',
      '12s  completed',
    ]);
  });

  it('is a line at least once a minute', () => {
    const { state, lines } = tell([
      [5, sampled(0)],
      [65, { type: 'minute' }],
    ]);
    expect(lines).toHaveLength(2);
    expect(nextMinuteAt(state)).toBe(125_000);
    expect(tell([[60, { type: 'minute' }]]).lines).toEqual(['    1m  no crawl found yet']);
  });

  it('stays under 100 lines in an hour, however odd the API', () => {
    const events = Array.from(
      { length: 3_600 },
      (_, second): Told => [
        second,
        sampled(second % 2 === 0 ? 0 : 400, { status: second % 3 === 0 ? 'pending' : 'scraping' }),
      ],
    );
    expect(tell(events).lines.length).toBeLessThan(100);
  });

  it('for which there was no room is a line as soon as there is', () => {
    const flips = Array.from(
      { length: 40 },
      (_, second): Told => [
        second,
        sampled(0, { status: second % 2 === 0 ? 'pending' : 'scraping' }),
      ],
    );
    const { lines } = tell([...flips, [50, sampled(400)], [110, sampled(400)]]);
    expect(lines.at(-1)).toMatch(/1m50s {2}scraping .* 50%/);
  });

  it('of an undocumented status is one line, whatever its text', () => {
    const events = ['a', 'b', 'c'].map(
      (status, second): Told => [
        second,
        {
          type: 'sampled',
          index: 0,
          crawl: facts({ status, completed_at: null, completed_pages: 0 }),
          history: [],
        },
      ],
    );
    expect(tell(events).lines).toHaveLength(1);
  });
});

describe('the search for the crawl', () => {
  it('says which crawl was found, and when it started', () => {
    const found = { type: 'found', index: 0, jobId: 'job' } as const;
    const { lines } = tell([
      [1, { ...found, startedAt: null }],
      [2, { ...found, startedAt: '2026-11-23T10:00:00Z' }],
    ]);
    expect(lines).toEqual([
      '    1s  found active crawl job (not started yet)',
      '    2s  found active crawl job (started at 2026-11-23T10:00:00Z)',
    ]);
  });

  it('says once that an older crawl is skipped', () => {
    const skipped: LogEvent = { type: 'skipped', index: 0, jobId: 'old', startedAt: 'then' };
    const { lines } = tell([
      [1, skipped],
      [3, skipped],
      [5, { ...skipped, jobId: 'other' }],
    ]);
    expect(lines).toEqual([
      '    1s  crawl old started at then, too early for the rules: waiting for a later one',
      '    5s  crawl other started at then, too early for the rules: waiting for a later one',
    ]);
  });

  it('tells no more of a crawl that turned out to be too early', () => {
    const { lines } = tell([
      [1, sampled(0)],
      [2, { type: 'skipped', index: 0, jobId: 'old', startedAt: 'then' }],
      [62, { type: 'minute' }],
    ]);
    expect(lines.at(-1)).toBe('  1m2s  waiting for a later crawl');
  });

  it('stays short when the API names another crawl at every check', () => {
    const found = (second: number): [number, LogEvent] => [
      second,
      { type: 'found', index: 0, jobId: `${second}`, startedAt: null },
    ];
    const { lines } = tell(Array.from({ length: 3_600 }, (_, second) => found(second)));
    expect(lines.length).toBeLessThan(100);
  });
});

describe('an outage', () => {
  const out = (index = 0): LogEvent => ({ type: 'outage', index, why: '503 Service Unavailable' });
  const over = (recovered: boolean, index = 0): LogEvent => ({
    type: 'outage-over',
    index,
    recovered,
  });

  it('is reported when it starts, once a minute, and when it is over', () => {
    const { lines } = tell([
      [10, out()],
      [12, out()],
      [70, { type: 'minute' }],
      [80, over(true)],
    ]);
    expect(lines).toEqual([
      '   10s  no usable response from the API (503 Service Unavailable), retrying for up to 10m',
      ' 1m10s  still no usable response from the API after 1m (503 Service Unavailable)',
      ' 1m20s  the API responded again after 1m10s',
    ]);
  });

  it('is one for all crawls, and over with the last one in it', () => {
    const { lines } = tell(
      [
        [0, out(0)],
        [1, out(1)],
        [2, over(true, 0)],
        [3, over(false, 1)],
      ],
      {
        crawls: 2,
      },
    );
    expect(lines).toHaveLength(2);
    expect(lines[1]).toBe('    3s  the API responded again, too late for 1 crawl, after 3s');
  });

  it('that no crawl outlasts says so', () => {
    const { lines } = tell(
      [
        [0, out(0)],
        [1, out(1)],
        [2, over(false, 0)],
        [3, over(false, 1)],
      ],
      { crawls: 2 },
    );
    expect(lines[1]).toBe('    3s  gave up on the API after 3s');
  });

  it('is not mentioned where nothing is waited for', () => {
    expect(
      tell(
        [
          [0, out()],
          [0, over(false)],
        ],
        { outageTimeout: 0 },
      ).lines,
    ).toEqual([]);
  });
});

describe('several crawls', () => {
  it('have a line each when they have a verdict, and nothing is said twice', () => {
    const unmet: Verdict = { outcome: 'rejected', reason: 'The rule "a < 1" was not met' };
    const { lines } = tell(
      [
        [3, { type: 'finished', index: 1, verdict: failed }],
        [4, { type: 'finished', index: 0, verdict: unmet }],
      ],
      { crawls: 3 },
    );
    expect(lines).toEqual([
      `    3s  [2/3] ${idOf(1).slice(0, 8)}  The crawl failed.`,
      `    4s  [1/3] ${idOf(0).slice(0, 8)}  rejected: The rule "a < 1" was not met.`,
    ]);
  });

  it('from six on say how many wait for a later crawl', () => {
    const skipped = (index: number): LogEvent => ({
      type: 'skipped',
      index,
      jobId: 'old',
      startedAt: 'then',
    });
    const { lines } = tell(
      [
        [1, skipped(0)],
        [1, skipped(1)],
        [61, { type: 'minute' }],
        [62, { type: 'found', index: 0, jobId: 'new', startedAt: null }],
        [121, { type: 'minute' }],
      ],
      { crawls: 6 },
    );
    expect(lines.map((line) => line.replace(/^.*%/, ''))).toEqual([
      '  0 of 6 crawls finished, 1 waiting for a later crawl',
      '  0 of 6 crawls finished, 2 waiting for a later crawl',
      '  0 of 6 crawls finished, 1 waiting for a later crawl',
    ]);
  });

  it('stay under 100 lines in an hour, although the API is odd and twenty of them fail', () => {
    const hour = Array.from({ length: 3_600 }, (_, second): Told[] => [
      [second, { type: 'outage', index: second % 6, why: '503 Service Unavailable' }],
      [second, { type: 'outage-over', index: second % 6, recovered: true }],
      [second, sampled(second % 800, { index: second % 30 })],
      ...(second % 61 === 60 ? [[second, { type: 'minute' }] as Told] : []),
    ]).flat();
    const end: Told[] = [
      ...Array.from(
        { length: 30 },
        (_, index): Told => [3_600, { type: 'finished', index, verdict: failed }],
      ),
      [3_600, { type: 'all-finished' }],
    ];
    expect(tell([...hour, ...end], { crawls: 30 }).lines.length).toBeLessThan(100);
  });

  it('from six on share one line, and those that did not succeed have one each at the end', () => {
    const events: Told[] = [
      [1, { type: 'found', index: 0, jobId: 'job', startedAt: null }],
      [2, sampled(400, { index: 0 })],
      ...Array.from(
        { length: 30 },
        (_, index): Told => [
          3,
          { type: 'finished', index, verdict: index < 25 ? failed : succeeded },
        ],
      ),
      [4, { type: 'all-finished' }],
    ];
    const { lines } = tell(events, { crawls: 30 });
    const own = lines.filter((line) => line.includes('The crawl failed.'));
    expect(own).toHaveLength(20);
    expect(lines.at(-1)).toContain('… and 5 more');
    expect(
      lines.filter((line) => line.includes('30 of 30 crawls finished, 25 unsuccessful')),
    ).toHaveLength(1);
    expect(lines.some((line) => line.includes('found active crawl'))).toBe(false);
  });
});
