/**
 * `npm run bench:pace -- [--traces FILE] [--json] [--write]`: replays crawls in virtual time with
 * `poll-interval: auto` and with fixed intervals, and prints the requests that each crawl needs and
 * the lag until a check detects its end. `--write` updates docs/performance.md and its picture.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { describeSets, withPaceSection } from './pace-document.ts';
import { drawPace } from './pace-picture.ts';
import { cellsOf, HEADINGS, percent, type ReplayedSet, ratio, replaySet } from './pace-summary.ts';
import { HELD_OUT_SET, makeTraces, type Trace, TUNED_SET } from './traces.ts';

const DOCUMENT = 'docs/performance.md';
const PICTURE = 'docs/pictures/pace.svg';

function printSet(title: string, { foreseeable, others, groups, kinds }: ReplayedSet): void {
  console.log(`\n${title}\n`);
  printTable([HEADINGS, ...[...kinds, ...groups, foreseeable, others].map(cellsOf)]);
  for (const { name, crawls, policies } of [foreseeable, others]) {
    if (crawls === 0) continue;
    console.log(`\n${crawls} ${name}\n`);
    printTable([
      ['Polling', 'Requests', 'Mean lag', '95th percentile', 'Longest lag', 'Within'],
      ...Object.entries(policies).map(([policy, cost]) => [
        policy,
        String(cost.requests),
        ...[cost.mean_lag_s, cost.p95_lag_s, cost.max_lag_s].map((lag) => `${lag.toFixed(2)} s`),
        percent(cost.within),
      ]),
    ]);
  }
  const { auto, 'fixed-10': ten } = others.policies;
  console.log(`
Compared with fixed-10, for crawls without a total or that break off:
  requests ${ratio(auto.requests, ten.requests)} (wanted: at most 1), longest lag ${auto.max_lag_s.toFixed(1)} s (at most 30)`);
}

function printTable(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  for (const [first = '', ...others] of rows) {
    const cells = others.map((cell, index) => cell.padStart((widths[index + 1] ?? 0) + 2));
    console.log(`  ${first.padEnd(widths[0] ?? 0)}${cells.join('')}`);
  }
}

function toJson({ all, foreseeable, others, groups, kinds, replays }: ReplayedSet) {
  const byName = (summaries: typeof kinds) =>
    Object.fromEntries(summaries.map(({ name, policies }) => [name, policies]));
  const sums = [all, foreseeable, others, ...groups, ...kinds];
  return {
    policies: all.policies,
    kinds: byName(kinds),
    groups: byName([foreseeable, others, ...groups]),
    oracle_requests: Object.fromEntries(sums.map(({ name, fewest }) => [name, fewest])),
    traces: replays.map(({ name, policy, requests, lag }) => ({
      name,
      policy,
      requests,
      lag_s: lag,
    })),
  };
}

const { values } = parseArgs({
  options: {
    traces: { type: 'string' },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

if (values.traces !== undefined) {
  const given = replaySet(JSON.parse(readFileSync(values.traces, 'utf8')) as Trace[]);
  if (values.json) console.log(JSON.stringify(toJson(given)));
  else printSet(`The crawls of ${values.traces}`, given);
} else {
  const tuned = replaySet(makeTraces(TUNED_SET));
  const heldOut = replaySet(makeTraces(HELD_OUT_SET));
  if (values.json) {
    console.log(JSON.stringify({ ...toJson(tuned), held_out: toJson(heldOut) }));
  } else {
    printSet('The crawls that the numbers were tuned with', tuned);
    printSet('Crawls that nothing was tuned with', heldOut);
  }
  if (values.write) {
    const section = describeSets(tuned, heldOut);
    writeFileSync(DOCUMENT, withPaceSection(readFileSync(DOCUMENT, 'utf8'), section));
    writeFileSync(PICTURE, drawPace());
  }
}
