import { type CrawlJob, factsOfJob, newerCrawlStarted } from '../api/schemas.ts';
import { type CrawlFacts, hasFinished, isDocumentedStatus } from '../crawl.ts';
import type { Verdict } from '../outcomes.ts';
import type { Observer } from '../ports/observer.ts';
import type { CrawlResult } from '../result.ts';
import { certainlyNotMet, startsLateEnough } from '../rules/evaluate.ts';
import type { EvaluatedRule } from '../rules/metrics.ts';
import { ACTIVE, type Target } from '../targets.ts';
import { conclude } from './conclude.ts';
import { checkGiveUpAt, WaitAborted, type WaitContext } from './context.ts';
import {
  dismiss,
  findCrawl,
  type NotTheOne,
  newSearch,
  notVisibleGraceMs,
  type Search,
} from './find-crawl.ts';
import { addSample, sampleOf } from './history.ts';
import { MIN_INTERVAL_MS, nextDelay } from './poll-interval.ts';
import { createRequester, type Requester } from './retry.ts';
import { stallsAt } from './stall.ts';
import {
  activeJobGone,
  jobGone,
  neverChecked,
  noJob,
  rejectedEarly,
  stalled,
  timedOut,
  withState,
} from './verdicts.ts';

/** What is known of the crawl so far; the wait fills it in as it learns. */
type Known = Omit<CrawlResult, 'verdict'>;

/** One crawl that is waited for, and all that its wait needs. */
interface Wait {
  known: Known;
  context: WaitContext;
  requester: Requester;
  observer: Observer;
  /** What has been warned of already: each causes one warning. */
  warned: Set<'status' | 'error'>;
}

/** A job that lingers as active for longer than this before the step started is none. */
const LINGERING_MS = 60_000;

/**
 * One crawl, from the first check to its verdict. It never throws: when the wait is aborted, or
 * when the action itself fails, the result holds what was known by then.
 */
export async function waitForCrawl(
  target: Target,
  context: WaitContext,
  observer: Observer,
): Promise<CrawlResult> {
  const known: Known = {
    datasourceId: target.datasourceId,
    jobId: target.jobId === ACTIVE ? undefined : target.jobId,
    found: false,
    facts: undefined,
    job: undefined,
    datasource: undefined,
    rules: [],
    samples: [],
  };
  const requester = createRequester(context, observer);
  try {
    return {
      verdict: await decide({ known, context, requester, observer, warned: new Set() }),
      ...known,
    };
  } catch (error) {
    const { signal } = context;
    if (!signal.aborted) context.abort(context.describeDefect(error));
    const { verdict } =
      signal.reason instanceof WaitAborted
        ? signal.reason
        : { verdict: context.describeDefect(error) };
    const { facts } = known;
    const isCut = verdict.outcome === 'aborted' && facts !== undefined && !hasFinished(facts);
    return { verdict: isCut ? withState(verdict, facts) : verdict, ...known };
  }
}

async function decide(wait: Wait): Promise<Verdict> {
  const { known, context, requester, observer } = wait;
  let search = newSearch(context.clock.elapsed());
  const isGiven = known.jobId !== undefined;
  for (;;) {
    if (!isGiven) {
      const step = await findCrawl(known.datasourceId, context, requester, observer, search);
      search = step.search;
      if (step.found.kind === 'over') return step.found.verdict;
      if (step.found.kind === 'finished') {
        known.datasource = step.found.datasource;
        known.facts = step.found.crawl;
        warnOfNewerCrawl(wait);
        return concludeWith(wait, step.found.crawl);
      }
      known.found = true;
      known.jobId = step.found.jobId;
    }
    const followed = await follow(wait, known.jobId ?? '');
    if (followed.kind === 'over') return followed.verdict;
    if (followed.kind === 'finished') return concludeWith(wait, followed.crawl);
    search = withoutJob(search, followed, { isFirstResponse: known.samples.length === 0 });
    Object.assign(known, { jobId: undefined, found: false, facts: undefined, job: undefined });
    known.samples = [];
  }
}

/** How the following of a job ended. */
type Followed =
  | { kind: 'finished'; crawl: CrawlFacts }
  | { kind: 'over'; verdict: Verdict }
  | { kind: 'not-the-one'; jobId: string; why: NotTheOne };

function withoutJob(
  before: Search,
  { jobId, why }: { jobId: string; why: NotTheOne },
  { isFirstResponse }: { isFirstResponse: boolean },
): Search {
  const search = dismiss(before, jobId, why);
  // What the datasource said before a long wait says nothing now.
  if (!isFirstResponse || search.latest === undefined) return { ...search, latest: undefined };
  return why.kind === 'finished'
    ? search
    : { ...search, latest: { ...search.latest, running: jobId } };
}

async function concludeWith(
  { known, context, requester }: Wait,
  crawl: CrawlFacts,
): Promise<Verdict> {
  const { datasourceId, datasource } = known;
  const conclusion = await conclude({ datasourceId, crawl, datasource }, context, requester);
  known.facts = conclusion.crawl;
  known.rules = conclusion.rules;
  known.datasource = conclusion.datasource;
  return conclusion.verdict;
}

/** Checks until the crawl has finished, or until the wait ends before the crawl does. */
async function follow(wait: Wait, jobId: string): Promise<Followed> {
  const { known, context, requester, observer } = wait;
  const { api, clock, settings } = context;
  let notBefore = clock.elapsed();
  let interval = MIN_INTERVAL_MS;

  for (;;) {
    const result = await requester.request({
      send: (limits) => api.job(known.datasourceId, jobId, limits),
      notBefore,
      interval,
      giveUpAt: known.found ? requester.restGiveUpAt() : checkGiveUpAt(context),
      notVisibleGraceMs: notVisibleGraceMs(settings),
    });
    if (result.kind !== 'ok') return { kind: 'over', verdict: withoutResponse(wait, result) };

    const crawl = factsOfJob(result.value);
    const why = known.found ? notTheOne(wait, crawl) : undefined;
    if (why !== undefined) return { kind: 'not-the-one', jobId, why };
    if (known.found && known.facts === undefined) observer.found(jobId, crawl.started_at);
    learn(wait, result.value, crawl);
    if (hasFinished(crawl)) return { kind: 'finished', crawl };

    const notMet = rulesNotMet(wait, crawl);
    if (notMet.length > 0) known.rules = notMet;
    const verdict = rejectedEarly(notMet) ?? endOfWait(wait, crawl);
    if (verdict !== undefined) return { kind: 'over', verdict };
    // A fixed interval says when a check is wanted, not how urgent it is beside other crawls.
    interval = nextDelay(known.samples);
    const delay = settings.pollInterval === 'auto' ? interval : settings.pollInterval;
    const stallAt = stallsAt(known.samples, settings.stallTimeout);
    notBefore = Math.min(clock.elapsed() + delay, stallAt, context.deadline);
  }
}

function withoutResponse(
  { known, context }: Wait,
  result: { kind: 'not-found' } | { kind: 'too-late' } | { kind: 'over'; verdict: Verdict },
): Verdict {
  const { settings } = context;
  switch (result.kind) {
    case 'over':
      return result.verdict;
    case 'not-found':
      if (known.facts !== undefined) return jobGone;
      return known.found ? activeJobGone : noJob;
    case 'too-late':
      return known.facts === undefined
        ? neverChecked(settings)
        : timedOut(known.facts, settings.timeout);
  }
}

/** Whether a job that the datasource named turns out not to be the one that is waited for. */
function notTheOne({ known, context }: Wait, crawl: CrawlFacts): NotTheOne | undefined {
  const { apiClock, clock, startedAt: stepStart, settings } = context;
  const finishedAt = crawl.completed_at ?? crawl.updated_at;
  const isFirst = known.facts === undefined;
  if (isFirst && hasFinished(crawl) && finishedAt !== null) {
    const stepStartedAt = apiClock.now() - (clock.elapsed() - stepStart);
    if (Date.parse(finishedAt) < stepStartedAt - LINGERING_MS) return { kind: 'finished' };
  }
  const { started_at: startedAt } = crawl;
  if (startedAt === null || startsLateEnough(startedAt, settings.rules)) return undefined;
  return hasFinished(crawl) ? { kind: 'finished' } : { kind: 'too-early', startedAt };
}

function learn(wait: Wait, job: CrawlJob, crawl: CrawlFacts): void {
  const { known, context, requester, observer } = wait;
  const { clock, apiClock } = context;
  const when = { at: clock.elapsed(), lostMs: requester.lostMs(), date: apiClock.now() };
  known.job = job;
  known.facts = crawl;
  known.samples = addSample(known.samples, sampleOf(crawl, when));
  warnOfOddities(wait, crawl);
  observer.sampled(crawl, known.samples);
}

/** The rules that a crawl that still runs can no longer meet. */
function rulesNotMet({ context }: Wait, crawl: CrawlFacts): EvaluatedRule[] {
  const { settings, apiClock } = context;
  // What waits to start has no start yet: one that it tells is of its former run.
  const told = crawl.status === 'pending' ? { ...crawl, started_at: null } : crawl;
  const evidence = { crawl: told, pageStats: undefined, now: apiClock.now() };
  return certainlyNotMet(settings.rules, evidence);
}

/** The verdict that ends the wait for a crawl that still runs, if there is one. */
function endOfWait({ known, context }: Wait, crawl: CrawlFacts): Verdict | undefined {
  const { settings, clock, deadline } = context;
  const now = clock.elapsed();
  if (now >= stallsAt(known.samples, settings.stallTimeout)) {
    return stalled(crawl, settings.stallTimeout);
  }
  return now >= deadline ? timedOut(crawl, settings.timeout) : undefined;
}

function warnOfOddities({ observer, warned }: Wait, crawl: CrawlFacts): void {
  if (hasFinished(crawl)) return;
  const status = crawl.status ?? '';
  if (!isDocumentedStatus(status) && !warned.has('status')) {
    warned.add('status');
    observer.warnOnce(
      `The crawl has an undocumented status. This step keeps waiting. OpenCX reported: ${status || '(empty)'}`,
    );
  }
  if (crawl.error_message !== null && !warned.has('error')) {
    warned.add('error');
    observer.warnOnce(
      `The crawl reported an error but is still running. This step keeps waiting. OpenCX reported: ${crawl.error_message || '(empty)'}`,
    );
  }
}

function warnOfNewerCrawl({ known, observer }: Wait): void {
  const { datasource } = known;
  if (datasource === undefined || !newerCrawlStarted(datasource)) return;
  observer.warnOnce(
    `A newer crawl started at ${datasource.last_crawl_started_at} and did not finish. The rules were checked against the last finished crawl.`,
  );
}
