/**
 * `npm run bench:pace -- [--traces FILE] [--json]`: replays crawls in virtual time under the pace
 * `auto` and under fixed intervals: how many requests each needs, and how long after the end of a
 * crawl it sees that end.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { MAX_INTERVAL_MS } from '../src/wait/poll-interval.ts';
import { type Cost, costOf, isForeseeable, POLICIES, type Replay, replay } from './pace-replay.ts';
import { makeTraces, type Trace } from './traces.ts';

/** The project's own traces: 40 of each of the ten kinds. */
const SEED = 2026;
const OF_EACH_KIND = 40;

const { values } = parseArgs({
  options: { traces: { type: 'string' }, json: { type: 'boolean', default: false } },
});

function readTraces(file: string | undefined): Trace[] {
  return file === undefined
    ? makeTraces(SEED, OF_EACH_KIND)
    : (JSON.parse(readFileSync(file, 'utf8')) as Trace[]);
}

function costs(replays: readonly Replay[]): Record<string, Cost> {
  return Object.fromEntries(
    Object.keys(POLICIES).map((policy) => [
      policy,
      costOf(replays.filter((one) => one.policy === policy)),
    ]),
  );
}

/** No rule may wait longer than `LONGEST`, so none can do with fewer looks than these. */
function fewestLooks(traces: readonly Trace[]): number {
  return traces.reduce((sum, { end }) => sum + Math.ceil((end * 1_000) / MAX_INTERVAL_MS) + 1, 0);
}

function printTable(title: string, of: Record<string, Cost>): void {
  console.log(`\n${title}`);
  console.log('                requests   mean lag    p95 lag    max lag     within');
  for (const [policy, { requests, mean_lag_s, p95_lag_s, max_lag_s, within }] of Object.entries(
    of,
  )) {
    const cells = [
      String(requests),
      ...[mean_lag_s, p95_lag_s, max_lag_s].map((seconds) => `${seconds.toFixed(2)} s`),
      `${(within * 100).toFixed(1)} %`,
    ];
    console.log(`  ${policy.padEnd(12)}${cells.map((cell) => cell.padStart(11)).join('')}`);
  }
}

/** How much the answer depends on the set: the same over ten others, 20 crawls of each kind. */
function printSpread(): void {
  const sets = Array.from({ length: 10 }, (_, seed) => {
    const own = makeTraces(seed + 1, 20).filter(isForeseeable);
    const of = (policy: string) =>
      costOf(own.map((trace) => replay(trace, policy, POLICIES[policy] ?? (() => Number.NaN))));
    const [auto, five] = [of('auto'), of('fixed-5')];
    return {
      requests: auto.requests / five.requests,
      lag: auto.mean_lag_s / five.mean_lag_s,
      within: auto.within,
    };
  });
  const spread = (values: readonly number[]) =>
    `${(values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(3)} on average, from ${Math.min(...values).toFixed(3)} to ${Math.max(...values).toFixed(3)}`;
  console.log(`
The same over ten other sets of ${makeTraces(1, 20).filter(isForeseeable).length} crawls that can be foreseen:
  requests ${spread(sets.map(({ requests }) => requests))}
  mean lag ${spread(sets.map(({ lag }) => lag))}
  within   ${spread(sets.map(({ within }) => within))}`);
}

function ratio(one: number, other: number): string {
  return (one / other).toFixed(3);
}

const traces = readTraces(values.traces);
const replays = traces.flatMap((trace) =>
  Object.entries(POLICIES).map(([policy, next]) => replay(trace, policy, next)),
);
const kinds = [...new Set(traces.map(({ kind }) => kind))];

if (values.json) {
  console.log(
    JSON.stringify({
      policies: costs(replays),
      kinds: Object.fromEntries(
        kinds.map((kind) => [kind, costs(replays.filter((one) => one.kind === kind))]),
      ),
      traces: replays.map(({ name, policy, requests, lag }) => ({
        name,
        policy,
        requests,
        lag_s: lag,
      })),
    }),
  );
} else {
  const foreseeable = traces.filter(isForeseeable);
  const names = new Set(foreseeable.map(({ name }) => name));
  const groups = {
    seen: costs(replays.filter(({ name }) => names.has(name))),
    other: costs(replays.filter(({ name }) => !names.has(name))),
  };
  printTable(`${foreseeable.length} crawls that have a total and come to their end`, groups.seen);
  printTable(
    `${traces.length - foreseeable.length} crawls without a total, or that break off`,
    groups.other,
  );
  for (const kind of kinds) {
    printTable(kind, costs(replays.filter((one) => one.kind === kind)));
  }
  const [auto, five] = [groups.seen['auto'], groups.seen['fixed-5']];
  const [autoOther, ten] = [groups.other['auto'], groups.other['fixed-10']];
  if (auto && five && autoOther && ten) {
    const floor = fewestLooks(foreseeable);
    console.log(`
auto against fixed-5, crawls that can be foreseen:
  requests ${ratio(auto.requests, five.requests)} (wanted: at most 0.30), mean lag ${ratio(auto.mean_lag_s, five.mean_lag_s)} (at most 0.8), within ${auto.within.toFixed(3)} (at least 0.95)
auto against fixed-10, the others:
  requests ${ratio(autoOther.requests, ten.requests)} (at most 1), longest lag ${autoOther.max_lag_s.toFixed(1)} s (at most 30)
The best that any rule could do, which knows each end beforehand and may wait 30 s at most:
  requests ${ratio(floor, five.requests)} of fixed-5 without any lag; auto needs ${ratio(auto.requests, floor)} times that`);
  }
  if (values.traces === undefined) printSpread();
}
