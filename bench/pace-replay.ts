import type { Sample } from '../src/result.ts';
import { addSample } from '../src/wait/history.ts';
import { MAX_INTERVAL_MS, nextDelay } from '../src/wait/poll-interval.ts';
import type { Trace } from './traces.ts';

/** Milliseconds until the next check, from the samples so far. */
export type Policy = (samples: readonly Sample[]) => number;

/** One trace under one policy. */
export interface Replay {
  name: string;
  kind: string;
  policy: string;
  requests: number;
  /** Seconds from the end to the check that sees it. */
  lag: number;
  /** Whether the lag is up to the larger of 2 s and 2% of the crawl's length. */
  within: boolean;
}

/** What a policy costs over many traces. */
export interface Cost {
  requests: number;
  mean_lag_s: number;
  p95_lag_s: number;
  max_lag_s: number;
  within: number;
}

const every =
  (seconds: number): Policy =>
  () =>
    seconds * 1_000;

/** Every policy by its name. */
export const POLICIES = {
  auto: nextDelay,
  'fixed-2': every(2),
  'fixed-5': every(5),
  'fixed-10': every(10),
  'fixed-30': every(30),
} as const satisfies Readonly<Record<string, Policy>>;
export type PolicyName = keyof typeof POLICIES;

/** The API's clock at the first check: milliseconds since 1970. */
const FIRST_CHECK = Date.parse('2026-11-23T10:00:00.000Z');

/** Plays a trace in virtual time: the first check is at 0, the last one sees the end. */
export function replay(trace: Trace, policy: PolicyName): Replay {
  const checks = checksOf(trace, POLICIES[policy]);
  const lag = checks.foundAt - trace.end;
  return {
    name: trace.name,
    kind: trace.kind,
    policy,
    requests: checks.samples.length + 1,
    lag,
    within: lag <= Math.max(2, trace.end * 0.02),
  };
}

/** Every check before the end, and when (s) the one comes that finds the end. */
export function checksOf(
  trace: Trace,
  policy: Policy,
): { samples: readonly Sample[]; foundAt: number } {
  const samples: Sample[] = [];
  let history: readonly Sample[] = [];
  let at = 0;
  for (let reached = 0; at < trace.end; ) {
    while ((trace.states[reached + 1]?.at ?? Number.POSITIVE_INFINITY) <= at) reached += 1;
    const sample = sampleAt(trace, reached, at);
    samples.push(sample);
    history = addSample(history, sample);
    at += policy(history) / 1_000;
  }
  return { samples, foundAt: at };
}

function sampleAt({ name, states }: Trace, reached: number, at: number): Sample {
  const state = states[reached];
  if (state === undefined || state.at > at) throw new Error(`${name} has no state at ${at} s`);
  const start = states.find(({ status }) => status !== 'pending');
  return {
    at: at * 1_000,
    date: FIRST_CHECK + at * 1_000,
    status: state.status,
    total: state.total_pages,
    completed: state.completed_pages,
    added: state.completed_pages,
    updated: 0,
    removed: 0,
    unchanged: 0,
    lostMs: 0,
    startedAt: start === undefined || start.at > at ? null : FIRST_CHECK + start.at * 1_000,
    updatedAt: FIRST_CHECK + state.at * 1_000,
  };
}

/** Adds up replays of one policy. */
export function costOf(replays: readonly Replay[]): Cost {
  const lags = replays.map(({ lag }) => lag).toSorted((one, other) => one - other);
  const count = Math.max(1, replays.length);
  return {
    requests: replays.reduce((sum, { requests }) => sum + requests, 0),
    mean_lag_s: lags.reduce((sum, lag) => sum + lag, 0) / count,
    p95_lag_s: lags[Math.ceil(lags.length * 0.95) - 1] ?? 0,
    max_lag_s: lags.at(-1) ?? 0,
    within: replays.filter(({ within }) => within).length / count,
  };
}

/** An oracle that knows every end still has to check this often: no wait is longer. */
export function fewestRequests(traces: readonly Trace[]): number {
  return traces.reduce((sum, { end }) => sum + Math.ceil((end * 1_000) / MAX_INTERVAL_MS) + 1, 0);
}

/** Whether a crawl has a total and comes to its own end: what `auto` can foresee. */
export function isForeseeable({ states }: Trace): boolean {
  return (
    states.at(-1)?.status === 'completed' && states.some(({ total_pages }) => total_pages !== null)
  );
}
