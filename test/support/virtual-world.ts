import { type Backend, createBackend } from '../../emulator/backend.ts';
import { readAction } from '../../emulator/runner.ts';
import { runGate } from '../../src/gate.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { type HttpClient, type HttpResponse, NetworkError } from '../../src/ports/http.ts';
import type { Annotation, Runner } from '../../src/ports/runner.ts';
import { WaitAborted } from '../../src/wait/context.ts';
import { workflowCancelled } from '../../src/wait/verdicts.ts';
import { checkResult } from './result-schema.ts';

/** A clock whose hours pass in a moment: it jumps to the next thing that somebody sleeps for. */
export interface VirtualClock extends Clock {
  /** Lets time pass until the promise has settled. */
  settle<T>(promise: Promise<T>): Promise<T>;
  /** Sets the date, not the time that passes. */
  setDate(now: number): void;
}

/** When every story starts: milliseconds since 1970. */
export const START = Date.parse('2026-11-23T10:00:00.000Z');

/** Starts at 2026-11-23T10:00:00Z. */
export function createVirtualClock(): VirtualClock {
  let elapsed = 0;
  let offset = START;
  let atOnce = 0;
  const sleepers = new Set<{ until: number; wake(): void }>();

  return {
    now: () => offset + elapsed,
    elapsed: () => elapsed,
    setDate: (now) => {
      offset = now - elapsed;
    },
    sleepUntil(until, signal) {
      if (until <= elapsed) atOnce += 1;
      if (atOnce > 10_000) throw new Error('somebody asks for ever, and no time passes');
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        if (until <= elapsed) return resolve();
        const stop = () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        };
        const sleeper = {
          until,
          wake() {
            sleepers.delete(sleeper);
            signal.removeEventListener('abort', stop);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal.addEventListener('abort', stop, { once: true });
      });
    },
    async settle(promise) {
      let settled = false;
      const mark = () => {
        settled = true;
      };
      promise.then(mark, mark);
      for (;;) {
        // Everything that can happen without time passing happens first.
        for (let turn = 0; turn < 3; turn += 1) await new Promise((next) => setImmediate(next));
        if (settled) return promise;
        const next = Math.min(...[...sleepers].map(({ until }) => until));
        if (!Number.isFinite(next)) throw new Error('nobody sleeps, and it has not ended');
        elapsed = Math.max(elapsed, next);
        atOnce = 0;
        for (const sleeper of [...sleepers]) if (sleeper.until <= elapsed) sleeper.wake();
      }
    },
  };
}

/** What comes in place of the right response. */
export type Wrong =
  | {
      status: number;
      retryAfter?: string;
      headers?: Readonly<Record<string, string>>;
      body?: string;
      late?: number;
    }
  | 'network error'
  | 'hang'
  | { late: number }
  | { change: (right: string) => string; late?: number };

/** A request as the step sent it; times are milliseconds since its start. */
export interface Sent {
  at: number;
  path: string;
  kind: 'job' | 'datasource';
  /** When it was over; `Infinity` while it is under way, and when it was broken off. */
  done: number;
  /** `undefined` when no whole response came. */
  brought: HttpResponse | undefined;
}

/** How a step is told in virtual time. */
export interface Story {
  scenarios: readonly string[];
  inputs?: Readonly<Record<string, string>>;
  /** Whether the jobs are to be found; their ids are given when left out. */
  active?: boolean;
  /** What goes wrong; `undefined` lets the right response come. `count` is from 1. */
  wrong?: (request: Sent & { count: number }) => Wrong | undefined;
  /** The runner has NODE_TLS_REJECT_UNAUTHORIZED=0. */
  ignoresCertificates?: boolean;
  /** Milliseconds by which the API's clock is ahead of the runner's; no `Date` when `none`. */
  apiAhead?: number | 'none';
  /** Milliseconds that a response takes. */
  latency?: number;
  /** Seconds of a crawl for each second of the virtual clock. */
  speed?: number;
  random?: () => number;
  /** What of the runner cannot be written. */
  unwritable?: 'outputs' | 'summary';
  /** Keeps no record of the requests, so that the step's own memory can be measured. */
  forgetful?: boolean;
  /** When the workflow is cancelled: milliseconds since the start; 0 is before the step. */
  stopAt?: number;
  /** Is called before every request, such as to end the run. */
  onRequest?: (request: Sent & { count: number }, stop: AbortController) => void;
}

/** A step that is over. */
export interface Told {
  green: boolean;
  outputs: Record<string, string>;
  annotations: Annotation[];
  log: string[];
  summary: string;
  masks: string[];
  sent: Sent[];
  /** Milliseconds of virtual time. */
  took: number;
}

/** Runs the whole gate in virtual time against the emulator's own responses. */
export async function tell(story: Story): Promise<Told> {
  const { scenarios, inputs = {}, active = false, speed = 1, random = () => 1 } = story;
  const clock = createVirtualClock();
  const ahead = story.apiAhead === 'none' ? 0 : (story.apiAhead ?? 0);
  const backend = createBackend({
    scenarios,
    speed,
    token: 'key',
    now: () => clock.now() + ahead,
  });
  const { declared, told, runner } = recordingRunner(story.unwritable);
  const given: Record<string, string> = {
    token: 'key',
    'datasource-id': backend.sites.map(({ datasourceId }) => datasourceId).join('\n'),
    'job-id': active ? 'active' : backend.sites.map(({ jobId }) => jobId).join('\n'),
    'api-url': 'http://127.0.0.1:1',
    ...inputs,
  };
  const stop = new AbortController();
  if (story.stopAt !== undefined) {
    const aborted = new WaitAborted(workflowCancelled('SIGTERM'));
    if (story.stopAt === 0) stop.abort(aborted);
    else void clock.sleepUntil(story.stopAt, stop.signal).then(() => stop.abort(aborted));
  }
  const green = await clock.settle(
    runGate({
      runner: { ...runner, input: (name) => given[name] ?? declared[name]?.default ?? '' },
      clock,
      random,
      http: virtualHttp(story, backend, clock, told.sent, stop),
      secrets: [],
      routeProblem: () => undefined,
      ignoresCertificates: story.ignoresCertificates ?? false,
      openGithub: () => Promise.reject(new Error('there is no GitHub here')),
      signal: stop.signal,
    }),
  );
  if (told.outputs['result'] !== undefined) checkResult(told.outputs['result']);
  return { ...told, green, took: clock.elapsed() };
}

function recordingRunner(unwritable: Story['unwritable']) {
  const told = {
    outputs: {} as Record<string, string>,
    annotations: [] as Annotation[],
    log: [] as string[],
    summary: '',
    masks: [] as string[],
    sent: [] as Sent[],
  };
  const runner: Omit<Runner, 'input'> = {
    mask: (secret) => void told.masks.push(secret),
    info: (line) => void told.log.push(line),
    paint: (_, text) => text,
    annotate: (annotation) => void told.annotations.push(annotation),
    writeOutputs: (outputs) => {
      if (unwritable === 'outputs') throw new Error('no space left');
      Object.assign(told.outputs, outputs);
    },
    writeSummary: async (markdown) => {
      if (unwritable === 'summary') throw new Error('no space left');
      told.summary += markdown;
    },
    repositoryUrl: 'https://github.com/owner/opencx-crawl-gate',
  };
  return { declared: readAction().inputs, told, runner };
}

function virtualHttp(
  { wrong, onRequest, forgetful = false, latency = 50, apiAhead = 0 }: Story,
  backend: Backend,
  clock: VirtualClock,
  sent: Sent[],
  stop: AbortController,
): HttpClient {
  let count = 0;
  const dated = (): HttpResponse['headers'] =>
    apiAhead === 'none' ? {} : { date: new Date(clock.now() + apiAhead).toUTCString() };
  return {
    async send({ url, timeout, signal }) {
      const path = new URL(url).pathname;
      const kind = path.includes('/crawls/') ? ('job' as const) : ('datasource' as const);
      const started = clock.elapsed();
      const request: Sent = {
        at: started,
        path,
        kind,
        done: Number.POSITIVE_INFINITY,
        brought: undefined,
      };
      count += 1;
      if (!forgetful) sent.push(request);
      const counted = { ...request, count };
      onRequest?.(counted, stop);
      const fault = wrong?.(counted);
      const takes =
        fault === 'hang'
          ? Number.POSITIVE_INFINITY
          : typeof fault === 'object'
            ? (fault.late ?? latency)
            : latency;
      await clock.sleepUntil(started + Math.min(takes, timeout), signal);
      request.done = clock.elapsed();
      if (takes > timeout) throw new NetworkError('no whole response came in time');
      if (fault === 'network error') throw new NetworkError('the connection was refused');
      const right = { ...backend.respond('GET', path, 'Bearer key'), headers: dated() };
      request.brought =
        typeof fault === 'object' && 'status' in fault
          ? {
              status: fault.status,
              headers: { ...dated(), 'retry-after': fault.retryAfter, ...fault.headers },
              body: fault.body ?? '',
            }
          : typeof fault === 'object' && 'change' in fault
            ? { ...right, body: fault.change(right.body) }
            : right;
      return request.brought;
    },
  };
}
