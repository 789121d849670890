import { expect, it } from 'vitest';
import { createLog } from '../../../src/report/log.ts';
import { facts } from '../../support/crawl-builders.ts';
import { settingsOf } from '../../support/input-builders.ts';
import { idOf } from '../../support/run-results.ts';
import { sample } from '../../support/samples.ts';
import { createVirtualClock } from '../../support/virtual-world.ts';

/** A log, and what it has said so far. */
function openLog(inputs: Readonly<Record<string, string>> = {}) {
  const clock = createVirtualClock();
  const lines: string[] = [];
  const warnings: [title: string, message: string][] = [];
  const log = createLog(settingsOf(inputs), clock, {
    info: (line) => lines.push(line),
    warn: (title, message) => warnings.push([title, message]),
    paint: (_, text) => text,
  });
  return { log, clock, lines, warnings };
}

const datasource = idOf(1);
const job = idOf(2);

it.each([
  [{ 'job-id': job }, `Waiting up to 1h for crawl ${job} of datasource ${datasource}`],
  [
    { 'job-id': 'active', timeout: '2h' },
    `Waiting up to 2h for the active crawl of datasource ${datasource}`,
  ],
  [
    { 'job-id': 'active', timeout: '0s' },
    `Checking the active crawl of datasource ${datasource} once`,
  ],
  [
    { 'datasource-id': `${datasource}\n${idOf(3)}`, 'job-id': 'active' },
    'Waiting up to 1h for 2 crawls',
  ],
])('opens with what is waited for, and how long: %j', (inputs, opening) => {
  const { lines } = openLog({ 'datasource-id': datasource, ...inputs });
  expect(lines).toEqual([opening]);
});

it('says what happens to a crawl, with its place in the input', () => {
  const { log, lines } = openLog({
    'datasource-id': `${datasource}\n${idOf(3)}`,
    'job-id': 'active',
  });
  const observer = log.observe(1);
  observer.skipped(idOf(4), '2026-11-23T09:00:00Z');
  observer.found(job, '2026-11-23T10:00:00Z');
  observer.sampled(facts({ status: 'scraping', completed_pages: 400 }), [sample()]);
  observer.outage('429');
  observer.outageOver(true);
  log.finished(1, { outcome: 'rejected', reason: 'A rule was not met' });
  expect(lines.slice(1)).toEqual([
    expect.stringContaining(`[2/2] 00000000  crawl ${idOf(4)} started at 2026-11-23T09:00:00Z`),
    expect.stringContaining(`[2/2] 00000000  found active crawl ${job} (started at 2026`),
    expect.stringMatching(/\[2\/2\] 00000000 {2}scraping .* 50% {2}400 of 800 pages$/),
    expect.stringContaining('no usable response from the API (429)'),
    expect.stringContaining('the API responded again'),
    expect.stringContaining('[2/2] 00000000  rejected: A rule was not met.'),
  ]);
});

it('closes a compact log with each crawl that did not succeed', () => {
  const ids = Array.from({ length: 6 }, (_, index) => idOf(index));
  const { log, lines } = openLog({ 'datasource-id': ids.join('\n'), 'job-id': 'active' });
  ids.forEach((_, index) => {
    log.finished(index, { outcome: index < 5 ? 'succeeded' : 'failed', reason: `Reason ${index}` });
  });
  const before = lines.length;
  log.close();
  expect(lines.slice(before)).toEqual([expect.stringContaining('Reason 5')]);
});

it('passes a warning on under one title', () => {
  const { log, warnings, lines } = openLog();
  log.observe(0).warnOnce('More pages than the total');
  expect(warnings).toEqual([['Unexpected crawl data', 'More pages than the total']]);
  expect(lines).toHaveLength(1);
});

it('says something every minute while nothing happens, until the signal aborts', async () => {
  const { log, clock, lines } = openLog();
  const talking = new AbortController();
  const talk = log.keepTalking(talking.signal);
  await clock.settle(clock.sleepUntil(150_000, new AbortController().signal));
  talking.abort();
  await talk;
  expect(lines.slice(1).map((line) => line.trim())).toEqual([
    '1m  no crawl found yet',
    '2m  no crawl found yet',
  ]);
});

it('counts a minute from the last line', async () => {
  const { log, clock, lines } = openLog();
  const talking = new AbortController();
  const talk = log.keepTalking(talking.signal);
  const pass = (until: number) =>
    clock.settle(clock.sleepUntil(until, new AbortController().signal));
  await pass(30_000);
  log.observe(0).found(job, null);
  await pass(89_000);
  expect(lines).toHaveLength(2);
  await pass(91_000);
  expect(lines).toHaveLength(3);
  talking.abort();
  await talk;
});
