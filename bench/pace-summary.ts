import {
  type Cost,
  costOf,
  fewestRequests,
  isForeseeable,
  POLICIES,
  type PolicyName,
  type Replay,
  replay,
} from './pace-replay.ts';
import { GROUPS, groupOf, type Trace } from './traces.ts';

/** What some crawls cost under every policy, and what they would cost an oracle. */
export interface Summary {
  name: string;
  crawls: number;
  policies: Readonly<Record<PolicyName, Cost>>;
  /** The requests of an oracle, which knows every end and has no lag. */
  fewest: number;
}

/** A set of crawls and their replays. */
export interface ReplayedSet {
  traces: readonly Trace[];
  replays: readonly Replay[];
  /** All crawls, those whose end can be foreseen, and the others. */
  all: Summary;
  foreseeable: Summary;
  others: Summary;
  /** The project's own groups of kinds; none for other crawls. */
  groups: readonly Summary[];
  kinds: readonly Summary[];
}

/** Replays crawls under every policy. */
export function replaySet(traces: readonly Trace[]): ReplayedSet {
  const names = Object.keys(POLICIES) as PolicyName[];
  const replays = new Map(
    traces.map((trace) => [trace, names.map((policy) => replay(trace, policy))]),
  );
  const summaryOf = (name: string, wanted: (trace: Trace) => boolean): Summary => {
    const some = traces.filter(wanted);
    const played = some.flatMap((trace) => replays.get(trace) ?? []);
    const costs = names.map((policy) => [
      policy,
      costOf(played.filter((one) => one.policy === policy)),
    ]);
    return {
      name,
      crawls: some.length,
      policies: Object.fromEntries(costs),
      fewest: fewestRequests(some),
    };
  };
  return {
    traces,
    replays: [...replays.values()].flat(),
    all: summaryOf('all crawls', () => true),
    foreseeable: summaryOf('crawls that have a total and finish', isForeseeable),
    others: summaryOf('crawls without a total, or that break off', (one) => !isForeseeable(one)),
    groups: Object.entries(GROUPS)
      .map(([group, about]) => summaryOf(about, ({ kind }) => groupOf(kind) === group))
      .filter(({ crawls }) => crawls > 0),
    kinds: [...new Set(traces.map(({ kind }) => kind))].map((kind) =>
      summaryOf(kind, (trace) => trace.kind === kind),
    ),
  };
}

/** The heading of the cells of `cellsOf`. */
export const HEADINGS = [
  'Crawls',
  'Number',
  'Requests ÷ fixed 5 s',
  'Lag ÷ fixed 5 s',
  'Mean lag',
  'Within',
  'Oracle ÷ fixed 5 s',
  'Requests ÷ oracle',
] as const;

/** `auto` against a fixed interval of 5 seconds and against the oracle, as texts. */
export function cellsOf({ name, crawls, policies, fewest }: Summary): readonly string[] {
  const { auto, 'fixed-5': five } = policies;
  return [
    name,
    String(crawls),
    ratio(auto.requests, five.requests),
    ratio(auto.mean_lag_s, five.mean_lag_s),
    `${auto.mean_lag_s.toFixed(1)} s`,
    percent(auto.within),
    ratio(fewest, five.requests),
    ratio(auto.requests, fewest),
  ];
}

/** `0.27`. */
export function ratio(one: number, other: number): string {
  return (one / other).toFixed(2);
}

/** `97.9%`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
