import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { fastClock } from '../support/fast-clock.ts';
import { play } from '../support/play.ts';

const twelve = Array.from({ length: 12 }, (_, n) => (n === 4 ? 'failed' : 'steady'));

describe.concurrent('the log of the built bundle', () => {
  it('has a line for each status and each 5%, with bar, pages, speed and time left', async () => {
    const clock = fastClock(10);
    const inputs = { ...clock.inputs, 'poll-interval': '2s' };
    const { log } = await play({ ...clock, scenario: 'queued', inputs });
    const [first, ...lines] = log;
    expect(first).toMatch(/^Waiting up to 1h for crawl 7f1d2a60-\S+ of datasource 3c90c3cc-\S+$/);
    expect(lines[0]).toMatch(/^ +\d+s {2}pending: waiting for the crawl to start$/);
    expect(lines.at(-2)).toMatch(/completed {2}█{20} 100% {2}812 of 812 pages$/);
    expect(lines.at(-1)).toMatch(/^The crawl succeeded in \S+: 812 pages, 47 changed\.$/);
    const shares = lines
      .map((line) => /scraping {3}[█░]{20} +(\d+)% {2}[\d,]+ of 812 pages/.exec(line)?.[1])
      .filter((share) => share !== undefined)
      .map(Number);
    expect(shares.length).toBeGreaterThan(3);
    for (const [index, share] of shares.slice(2).entries()) {
      expect(share).toBeGreaterThanOrEqual((shares[index + 1] ?? 0) + 4);
    }
    expect(lines).toContainEqual(expect.stringMatching(/, [\d.]+ pages\/s, about \S+ left$/));
  });

  it('of an hour stays under 100 lines', async () => {
    const clock = fastClock(600);
    const { log, outputs } = await play({
      ...clock,
      speed: 200,
      scenario: 'slow',
      inputs: { ...clock.inputs, timeout: '2h', 'poll-interval': '5s' },
    });
    expect(outputs['outcome']).toBe('succeeded');
    expect(Number(outputs['waited-seconds'])).toBeGreaterThan(3_600);
    expect(log.length).toBeLessThan(100);
    expect(log.length).toBeGreaterThan(20);
  });

  it('has one line for all from six crawls on, and says at the end which failed', async () => {
    const clock = fastClock(20);
    const { log, outputs } = await play({ ...clock, scenarios: twelve });
    expect(outputs['outcome']).toBe('failed');
    expect(log[0]).toBe('Waiting up to 1h for 12 crawls');
    for (const line of log.slice(1, -1)) {
      expect(line).toMatch(/[█░]{20} +\d+% {2}\d+ of 12 crawls finished(, 1 unsuccessful)?$/);
    }
    expect(log.at(-2)).toMatch(/100% {2}12 of 12 crawls finished, 1 unsuccessful$/);
    expect(log.at(-1)).toMatch(/\[5\/12\] \w+ {2}The crawl failed: /);
  });

  it('tells an outage once for all crawls: when it starts, and when it is over', async () => {
    const { log, outputs } = await play({
      scenarios: ['steady', 'steady', 'steady'],
      faults: [{ fault: '503', from: 4, times: 5 }],
    });
    expect(outputs['outcome']).toBe('succeeded');
    const told = log.filter((line) => / API /.test(line));
    expect(told).toHaveLength(2);
    expect(told[0]).toContain('no usable response from the API (503 Service Unavailable)');
    expect(told[1]).toContain('the API responded again after ');
  });
});

describe.concurrent('annotations of the built bundle', () => {
  it.each([
    ['odd-status', /undocumented status.*: indexing$/],
    ['passing-error', /still running.*: A page timed out, trying again$/],
  ])('warn once about %s, however many looks and crawls see it', async (scenario, message) => {
    const told = await play({ scenarios: [scenario, scenario] });
    expect(told.outputs['outcome']).toBe('succeeded');
    expect(told.annotations).toEqual([
      { level: 'warning', title: expect.any(String), message: expect.stringMatching(message) },
    ]);
  });

  it('are one error with a title, the reason, the crawl, and the fix', async () => {
    const told = await play({ scenario: 'stalled', inputs: { 'stall-timeout': '1s' } });
    expect(told.annotations).toEqual([
      {
        level: 'error',
        title: 'OpenCX crawl: stalled',
        message: expect.stringMatching(
          /^The crawl stalled: no progress for 1s at 324 of 812 pages\.\nCrawl job: \S+ Datasource: \S+\n.*start it again/,
        ),
      },
    ]);
  });
});

describe.concurrent('the summary of the built bundle', () => {
  it('has headline, counters, rules, two charts, times, and names', async () => {
    const { summary } = await play({
      inputs: { require: 'removed_pages <= 5%', 'poll-interval': '500ms' },
    });
    expect(summary).toMatch(/^## ✅ The crawl succeeded in 2s: 812 pages, 47 changed\n/);
    expect(summary).toContain('| 812 of 812 | 12 | 31 | 4 | 769 |');
    expect(summary).toContain('| ✅ | `removed_pages <= 5%` | `0.5% (4 of 804)` | required |');
    expect(summary.match(/^```mermaid$/gm)).toHaveLength(2);
    expect(summary).toMatch(/Started \| Finished \| Time in queue \| Crawl time \| Wait time/);
    expect(summary).toContain('- Website: `Documentation` `https://help.example.com`');
    expect(summary).toContain('[Open the OpenCX dashboard](https://platform.open.cx)');
  });

  it('has no picture where there is nothing to draw', async () => {
    const { summary } = await play({ scenario: 'empty' });
    expect(summary).toMatch(/^## ❌ The crawl found no pages\n/);
    expect(summary).not.toContain('mermaid');
  });

  it('is one table for several crawls, the red ones first, with their reasons', async () => {
    const { summary } = await play({ scenarios: ['steady', 'failed', 'growing'] });
    expect(summary).toMatch(/^## ❌ 1 of 3 crawls did not pass\n/);
    expect(summary).toMatch(/^- \*\*`.*0001\)?`\*\*: The crawl failed\. OpenCX reported: `Robots/m);
    expect(summary).toMatch(/failed` \|[^\n]+\n[^\n]+succeeded` \|[^\n]+\n[^\n]+succeeded` \|/);
  });

  it('does not decide: a gate whose summary cannot be written says so and stays green', async () => {
    const told = await play({ env: { GITHUB_STEP_SUMMARY: tmpdir() } });
    expect(told.outputs['outcome']).toBe('succeeded');
    expect(told.exitCode).toBe(0);
    expect(told.annotations.map(({ title }) => title)).toEqual(['Could not write the job summary']);
  });

  it('is left out when it is not wanted', async () => {
    expect((await play({ inputs: { summary: 'false' } })).summary).toBe('');
  });
});
