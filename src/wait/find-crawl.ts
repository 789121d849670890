import { activeJobOf, type Datasource, lastFinishedCrawl } from '../api/schemas.ts';
import { type CrawlFacts, hasFinished, isFinishedStatus } from '../crawl.ts';
import type { Settings } from '../inputs.ts';
import type { Verdict } from '../outcomes.ts';
import type { Observer } from '../ports/observer.ts';
import { startsLateEnough } from '../rules/evaluate.ts';
import { type Rule, requiresFreshCrawl, requiresLaterStart } from '../rules/metrics.ts';
import { checkGiveUpAt, type WaitContext } from './context.ts';
import { MIN_INTERVAL_MS } from './poll-interval.ts';
import { readJobOnce } from './read-datasource.ts';
import type { Requester } from './retry.ts';
import { neverChecked, noCrawl, noDatasource, olderCrawlStillRuns } from './verdicts.ts';

/** How long to wait for a crawl that is not visible yet by default, and the maximum for a datasource. */
const NOT_VISIBLE_GRACE_MS = 30_000;
/** After the first half minute the datasource is read less often. */
const MAX_FIND_INTERVAL_MS = 10_000;
const FIND_INTERVAL_SHARE = 1 / 15;

/** What the datasource led to. */
export type Found =
  | { kind: 'job'; jobId: string; startedAt: string | null }
  | { kind: 'finished'; crawl: CrawlFacts; datasource: Datasource }
  | { kind: 'over'; verdict: Verdict };

/** Why a job that the datasource calls active is not the one (contract, section Finding the crawl). */
export type NotTheOne =
  /** It has finished, and lingers there. */
  | { kind: 'finished' }
  /** It started too early for a rule on `started_at`. */
  | { kind: 'too-early'; startedAt: string };

/** What the search for a crawl has learned so far. */
export interface Search {
  /**
   * What the datasource's jobs that are not the one said of themselves, with the start that the
   * datasource told then: where it tells another one now, the job was started again.
   */
  dismissed: Readonly<Record<string, NotTheOne & { toldAs: string | null | undefined }>>;
  /** Since when the datasource has been read (`Clock.elapsed()` milliseconds). */
  since: number;
  /** Since when no crawl is active, older ones included. */
  idleSince: number | undefined;
  /** The last reading of the datasource, when it came, and the job that was seen running since. */
  latest: { datasource: Datasource; readAt: number; running?: string } | undefined;
}

/** A search that has not started. */
export function newSearch(now: number): Search {
  return { dismissed: {}, since: now, idleSince: undefined, latest: undefined };
}

/** The search when one of the datasource's jobs has turned out not to be the one. */
export function dismiss(search: Search, jobId: string, why: NotTheOne): Search {
  const toldAs = search.latest && activeJobOf(search.latest.datasource)?.started_at;
  return { ...search, dismissed: { ...search.dismissed, [jobId]: { ...why, toldAs } } };
}

/**
 * From a datasource to its crawl: the active one that can meet the rules, or the last finished one
 * when a rule asks for a fresh crawl (contract, section Finding the crawl).
 */
export async function findCrawl(
  datasourceId: string,
  context: WaitContext,
  requester: Requester,
  observer: Observer,
  before: Search,
): Promise<{ found: Found; search: Search }> {
  const { clock, settings, deadline } = context;
  let search = before;
  let notBefore = clock.elapsed();
  for (let isRead = before.latest !== undefined; ; ) {
    const read = isRead
      ? search
      : await readNext(datasourceId, context, requester, { search, notBefore });
    if ('verdict' in read) return { found: { kind: 'over', verdict: read.verdict }, search };
    if (read.latest === undefined) throw new Error('searched in a datasource that was never read');
    const { datasource, readAt, running } = read.latest;
    const step = afterDatasource(datasource, read, { now: readAt, deadline, settings });
    search = step.search;
    const { next } = step;
    if (next.kind !== 'wait' && next.kind !== 'too-early') return { found: next, search };
    isRead = false;
    notBefore = next.notBefore;
    if (next.kind === 'wait') continue;

    const { jobId, startedAt } = next;
    const limit = requester.restGiveUpAt();
    const crawl =
      running === jobId ? undefined : await readJobOnce({ datasourceId, jobId }, context, limit);
    const itsStart = crawl?.started_at ?? null;
    if (itsStart !== null && startsLateEnough(itsStart, settings.rules)) {
      return { found: { kind: 'job', jobId, startedAt: itsStart }, search };
    }
    if (crawl !== undefined && hasFinished(crawl)) {
      search = dismiss(search, jobId, { kind: 'finished' });
      isRead = true;
    } else if (readAt >= deadline) {
      const verdict = olderCrawlStillRuns(startedAt, settings.timeout);
      return { found: { kind: 'over', verdict }, search };
    } else observer.skipped(jobId, startedAt);
  }
}

/** The search with a new reading of the datasource, or the verdict that ends it. */
async function readNext(
  datasourceId: string,
  context: WaitContext,
  requester: Requester,
  { search, notBefore }: { search: Search; notBefore: number },
): Promise<Search | { verdict: Verdict }> {
  const { api, clock, settings } = context;
  const result = await requester.request({
    send: (limits) => api.datasource(datasourceId, limits),
    notBefore,
    interval: MIN_INTERVAL_MS,
    giveUpAt: checkGiveUpAt(context),
    notVisibleGraceMs: Math.min(NOT_VISIBLE_GRACE_MS, notVisibleGraceMs(settings)),
  });
  switch (result.kind) {
    case 'ok':
      return { ...search, latest: { datasource: result.value, readAt: clock.elapsed() } };
    case 'over':
      return result;
    case 'not-found':
      return { verdict: noDatasource };
    case 'too-late':
      // No turn came before the deadline: the last reading decides.
      return search.latest === undefined
        ? { verdict: neverChecked(settings) }
        : { ...search, latest: { ...search.latest, readAt: Number.POSITIVE_INFINITY } };
  }
}

/** How long a 404 of a job that was never seen is asked again. */
export function notVisibleGraceMs({ startTimeout }: Pick<Settings, 'startTimeout'>): number {
  return startTimeout === 'auto' ? NOT_VISIBLE_GRACE_MS : startTimeout;
}

type NextFind =
  | Found
  | { kind: 'wait'; notBefore: number }
  /** The active crawl cannot meet the rules. */
  | { kind: 'too-early'; notBefore: number; jobId: string; startedAt: string };

/** What a reading of the datasource means for the search; `now` is Infinity after the last one. */
function afterDatasource(
  datasource: Datasource,
  search: Search,
  { now, deadline, settings }: { now: number; deadline: number; settings: Settings },
): { search: Search; next: NextFind } {
  const { rules } = settings;
  const active = activeCrawl(datasource, search, rules);
  if (active?.kind === 'job') return { search, next: active };
  const crawl = lastFinishedCrawl(datasource);
  const waitsForStart = rules.some(requiresLaterStart);
  const lastOneMeets =
    waitsForStart &&
    crawl !== undefined &&
    crawl.started_at !== null &&
    startsLateEnough(crawl.started_at, rules);
  if (lastOneMeets) return { search, next: { kind: 'finished', crawl, datasource } };

  const notBefore = (end: number) => Math.min(now + findInterval(now - search.since), end);
  if (active !== undefined) {
    const next = { ...active, notBefore: notBefore(deadline) };
    return { search: { ...search, idleSince: undefined }, next };
  }

  const idleSince = search.idleSince ?? now;
  const limit =
    settings.startTimeout === 'auto' && waitsForStart
      ? Number.POSITIVE_INFINITY
      : notVisibleGraceMs(settings);
  const end = Math.min(deadline, idleSince + limit);
  const idle = { ...search, idleSince };
  if (now < end) return { search: idle, next: { kind: 'wait', notBefore: notBefore(end) } };
  return { search: idle, next: withoutActive(datasource, crawl, rules) };
}

/** The active crawl, and whether it started too early for the rules. */
function activeCrawl(
  datasource: Datasource,
  { dismissed }: Search,
  rules: readonly Rule[],
):
  | { kind: 'job'; jobId: string; startedAt: string | null }
  | { kind: 'too-early'; jobId: string; startedAt: string }
  | undefined {
  const active = activeJobOf(datasource);
  if (active === undefined || isFinishedStatus(active.status)) return undefined;
  const told = active.started_at;
  const known = dismissed[active.id]?.toldAs === told ? dismissed[active.id] : undefined;
  if (known?.kind === 'finished') return undefined;
  const startedAt = known?.startedAt ?? told;
  return startedAt === null || startsLateEnough(startedAt, rules)
    ? { kind: 'job', jobId: active.id, startedAt }
    : { kind: 'too-early', jobId: active.id, startedAt };
}

/** No crawl is active: the last finished one is evaluated, if a rule asks for a fresh one. */
function withoutActive(
  datasource: Datasource,
  crawl: CrawlFacts | undefined,
  rules: readonly Rule[],
): Found {
  const isEnough = rules.some((rule) => rule.level === 'require' && requiresFreshCrawl(rule));
  return crawl !== undefined && isEnough
    ? { kind: 'finished', crawl, datasource }
    : { kind: 'over', verdict: noCrawl({ hasFinishedOne: crawl !== undefined }) };
}

function findInterval(waitedMs: number): number {
  const slower = Math.min(MAX_FIND_INTERVAL_MS, waitedMs * FIND_INTERVAL_SHARE);
  return Math.max(MIN_INTERVAL_MS, slower);
}
