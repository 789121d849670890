import { createApiClock } from '../api/api-clock.ts';
import { createCrawlApi } from '../api/client.ts';
import type { Settings } from '../inputs.ts';
import { apiResponds, outcomes, type Verdict } from '../outcomes.ts';
import type { Clock } from '../ports/clock.ts';
import type { HttpClient } from '../ports/http.ts';
import type { Observer } from '../ports/observer.ts';
import type { CrawlResult } from '../result.ts';
import { WaitAborted, type WaitContext } from './context.ts';
import { createRateLimiter } from './rate-limit.ts';
import { readDatasourceOnce } from './read-datasource.ts';
import { waitForCrawl } from './wait-for-crawl.ts';

/** What a wait needs of the outside, and who follows it. */
export interface WaitPorts {
  http: HttpClient;
  clock: Clock;
  random: () => number;
  /** What no text of the API must repeat. */
  secrets: readonly string[];
  /** Aborts, with a `WaitAborted` or with an error that nobody caught, to end the wait. */
  signal: AbortSignal;
  /** The verdict on an error that nobody expected. */
  describeDefect(error: unknown): Verdict;
  /** Follows the wait for the crawl with this place in the input. */
  observe(index: number): Observer & { finished(verdict: Verdict): void };
}

/** How all crawls of a step ended. */
export interface WaitResult {
  crawls: CrawlResult[];
  requests: number;
  /** Milliseconds from the first request to the last response. */
  waitedMs: number;
  /** How far the runner's clock is ahead of the API's, in milliseconds. */
  runnerAheadMs: number;
}

/** For the summary alone this many datasources are read (contract, section When a request goes wrong). */
const MAX_DATASOURCES_READ = 10;
/** Milliseconds that such a read can take. */
const DATASOURCE_READ_MS = 3_000;

/** Waits for every crawl; the outcome of each is decided when it returns. */
export async function waitForAll(settings: Settings, ports: WaitPorts): Promise<WaitResult> {
  const { clock } = ports;
  let requests = 0;
  const context = createContext(settings, ports, () => {
    requests += 1;
  });
  const crawls = await Promise.all(
    settings.targets.map(async (target, index) => {
      const observer = ports.observe(index);
      const crawl = await waitForCrawl(target, context, observer);
      observer.finished(crawl.verdict);
      return crawl;
    }),
  );
  const waitedMs = clock.elapsed() - context.startedAt;
  const complete = settings.summary ? await readDatasources(crawls, context) : crawls;
  return {
    crawls: complete,
    requests,
    waitedMs,
    runnerAheadMs: context.apiClock.runnerAhead(),
  };
}

function createContext(
  settings: Settings,
  { http, clock, random, secrets, signal, describeDefect }: WaitPorts,
  countRequest: () => void,
): WaitContext {
  const ending = new AbortController();
  const stop = () => {
    const { reason } = signal;
    ending.abort(reason instanceof WaitAborted ? reason : new WaitAborted(describeDefect(reason)));
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop);
  const { apiUrl, token, timeout, targets } = settings;
  const apiClock = createApiClock(clock);
  const startedAt = clock.elapsed();
  return {
    settings,
    api: createCrawlApi(http, { apiUrl, token, secrets, apiClock }),
    clock,
    apiClock,
    rateLimiter: createRateLimiter(clock, { limited: targets.length > 1 }),
    random,
    startedAt,
    deadline: startedAt + timeout,
    signal: ending.signal,
    countRequest,
    abort: (verdict) => ending.abort(new WaitAborted(verdict)),
    describeDefect,
  };
}

/** Adds to some crawls what the datasource says of the website; it is only for the summary. */
async function readDatasources(
  crawls: readonly CrawlResult[],
  context: WaitContext,
): Promise<CrawlResult[]> {
  const { clock, deadline, settings } = context;
  const unread = crawls.filter(
    ({ facts, datasource, verdict }) =>
      facts !== undefined && datasource === undefined && apiResponds(verdict.outcome),
  );
  // The worst first: their names are what a reader looks for.
  const rank = ({ verdict }: CrawlResult) => outcomes.indexOf(verdict.outcome);
  const chosen = unread
    .toSorted((one, other) => rank(one) - rank(other))
    .slice(0, MAX_DATASOURCES_READ);
  const end = clock.elapsed() + DATASOURCE_READ_MS;
  const limit = settings.timeout === 0 ? end : deadline + 2 * settings.requestTimeout;
  const read = new Map(
    await Promise.all(
      chosen.map(async (crawl) => {
        const id = crawl.datasourceId;
        return [crawl, await readDatasourceOnce(id, context, Math.min(end, limit))] as const;
      }),
    ),
  );
  return crawls.map((crawl) => ({ ...crawl, datasource: crawl.datasource ?? read.get(crawl) }));
}
