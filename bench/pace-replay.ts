import { keepLook, type Look, nextDelay } from '../src/wait/poll-interval.ts';
import type { Trace, TraceState } from './traces.ts';

/** When to look again, in milliseconds, from what was seen. */
export type Policy = (looks: readonly Look[]) => number;

/** One trace under one policy. */
export interface Replay {
  name: string;
  kind: string;
  policy: string;
  requests: number;
  /** Seconds from the end to the look that sees it. */
  lag: number;
  /** Whether the lag is at most the larger of 2 s and 2 % of the crawl's length. */
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

const fixed =
  (seconds: number): Policy =>
  () =>
    seconds * 1_000;

/** Every policy by its name. */
export const POLICIES: Readonly<Record<string, Policy>> = {
  auto: nextDelay,
  'fixed-2': fixed(2),
  'fixed-5': fixed(5),
  'fixed-10': fixed(10),
  'fixed-30': fixed(30),
};

/** Plays a trace in virtual time: the first look is at 0, the last one sees the end. */
export function replay(trace: Trace, policy: string, next: Policy): Replay {
  let looks: readonly Look[] = [];
  let requests = 0;
  let at = 0;
  for (;;) {
    requests += 1;
    if (at >= trace.end) break;
    const { status, completed_pages, total_pages } = stateAt(trace, at);
    looks = keepLook(looks, {
      at: at * 1_000,
      status,
      completed: completed_pages,
      total: total_pages,
    });
    at += next(looks) / 1_000;
  }
  const lag = at - trace.end;
  return {
    name: trace.name,
    kind: trace.kind,
    policy,
    requests,
    lag,
    within: lag <= Math.max(2, trace.end * 0.02),
  };
}

function stateAt({ name, states }: Trace, at: number): TraceState {
  const state = states.findLast((one) => one.at <= at);
  if (state === undefined) throw new Error(`the trace ${name} has no state at ${at} s`);
  return state;
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

/** Whether a crawl has a total and comes to its own end: what `auto` can foresee. */
export function isForeseeable({ states }: Trace): boolean {
  return (
    states.at(-1)?.status === 'completed' && states.some(({ total_pages }) => total_pages !== null)
  );
}
