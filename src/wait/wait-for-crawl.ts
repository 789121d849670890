import { type CrawlJob, factsOfJob } from '../api/schemas.ts';
import { type CrawlFacts, hasFinished, isDocumentedStatus } from '../crawl.ts';
import { roughDuration } from '../duration.ts';
import { ACTIVE, type Target } from '../inputs.ts';
import type { Verdict } from '../outcomes.ts';
import type { Observer } from '../ports/observer.ts';
import type { CrawlResult, Sample } from '../result.ts';
import { evaluateRule } from '../rules/evaluate.ts';
import { needsPageStats } from '../rules/metrics.ts';
import { describePages, describeState } from '../wording.ts';
import { WaitAborted, type WaitContext } from './context.ts';
import { findCrawl, NOT_VISIBLE_GRACE_MS } from './find-crawl.ts';
import { addSample, sampleOf } from './history.ts';
import { MIN_INTERVAL_MS, nextDelay } from './poll-interval.ts';
import { readDatasource, readDatasourceOnce } from './read-datasource.ts';
import { createRequester, lookEnd, type Requester } from './retry.ts';
import { applyRules, neverChecked, verdictOf } from './verdicts.ts';

/** What is known of the crawl so far; the watch fills it in as it learns. */
type Known = { -readonly [Field in keyof Omit<CrawlResult, 'verdict'>]: CrawlResult[Field] };

/**
 * One crawl, from the first look to its verdict. It never throws: when the run is ended, or when
 * the action itself fails, the report holds what was known by then.
 */
export async function waitForCrawl(
  target: Target,
  step: WaitContext,
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
  const line = createRequester(step, observer);
  try {
    return { verdict: await decide(known, step, observer, line), ...known };
  } catch (error) {
    const { signal } = step;
    if (!signal.aborted) step.abort(step.describeDefect(error));
    const verdict =
      signal.reason instanceof WaitAborted ? signal.reason.verdict : step.describeDefect(error);
    return { verdict: withState(verdict, known.facts), ...known };
  }
}

/** A wait that was cut short says how far the crawl had come. */
function withState(verdict: Verdict, crawl: CrawlFacts | undefined): Verdict {
  if (verdict.outcome !== 'aborted' || crawl === undefined || hasFinished(crawl)) return verdict;
  return { ...verdict, reason: `${verdict.reason}: ${describeState(crawl)}` };
}

async function decide(
  known: Known,
  step: WaitContext,
  observer: Observer,
  line: Requester,
): Promise<Verdict> {
  if (known.jobId === undefined) {
    const found = await findCrawl(known.datasourceId, step, line);
    if (found.kind === 'over') return found.verdict;
    if (found.kind === 'finished') {
      known.datasource = found.datasource;
      known.facts = found.crawl;
    } else {
      known.found = true;
      known.jobId = found.jobId;
      observer.found(found.jobId, found.startedAt);
    }
  }
  if (known.jobId !== undefined) {
    const verdict = await follow(known, known.jobId, step, observer, line);
    if (verdict !== undefined) return verdict;
  }
  return judge(known, step, line);
}

/** Looks until the crawl has ended; a verdict when the wait ends before the crawl does. */
async function follow(
  known: Known,
  jobId: string,
  step: WaitContext,
  observer: Observer,
  line: Requester,
): Promise<Verdict | undefined> {
  const { api, clock, settings, deadline } = step;
  const stall = createStallWatch(settings.stallTimeout);
  let notBefore = clock.elapsed();
  let interval = MIN_INTERVAL_MS;
  let patienceEnd: number | undefined;

  for (;;) {
    const asked = await line.request({
      send: (limits) => api.job(known.datasourceId, jobId, limits),
      notBefore,
      interval,
      giveUpAt: known.found ? line.restEnd() : lookEnd(step),
    });
    const now = clock.elapsed();
    if (asked.kind === 'over') return asked.verdict;
    if (asked.kind === 'too-late') {
      if (known.facts !== undefined) return timedOut(known.facts, settings.timeout);
      return patienceEnd === undefined ? neverChecked(settings) : noJob;
    }
    if (asked.kind === 'not-found') {
      if (known.facts !== undefined) {
        return {
          outcome: 'not-found',
          reason: 'The crawl job is gone: the API no longer knows it',
          fix: 'It was there before: look in the OpenCX dashboard, and start the crawl again if need be.',
        };
      }
      patienceEnd ??= now + NOT_VISIBLE_GRACE_MS;
      if (now >= Math.min(patienceEnd, deadline)) return noJob;
      notBefore = Math.min(now + MIN_INTERVAL_MS, patienceEnd, deadline);
      continue;
    }

    const crawl = factsOfJob(asked.value);
    learn(known, asked.value, crawl, { at: now, date: clock.now() });
    tellOddities(crawl, observer);
    observer.sampled(crawl, known.samples);
    if (hasFinished(crawl)) return undefined;

    const stalledAt = stall(crawl, now - line.lost());
    if (now - line.lost() >= stalledAt) {
      return {
        outcome: 'stalled',
        reason: `The crawl has not moved for ${roughDuration(settings.stallTimeout)}: ${describePages(crawl)}`,
      };
    }
    if (now >= deadline) return timedOut(crawl, settings.timeout);

    // A fixed interval says when a look is wanted, not how urgent it is beside other crawls.
    interval = nextDelay(known.samples);
    const wait = settings.pollInterval === 'auto' ? interval : settings.pollInterval;
    notBefore = Math.min(now + wait, stalledAt + line.lost(), deadline);
  }
}

const noJob: Verdict = {
  outcome: 'not-found',
  reason: 'The datasource has no crawl job with this ID',
};

function learn(
  known: Known,
  job: CrawlJob,
  crawl: CrawlFacts,
  when: Pick<Sample, 'at' | 'date'>,
): void {
  known.job = job;
  known.facts = crawl;
  known.samples = addSample(known.samples, sampleOf(crawl, when));
}

function timedOut(crawl: CrawlFacts, timeout: number): Verdict {
  const waited =
    timeout === 0
      ? 'The crawl has not ended'
      : `The crawl had not ended after ${roughDuration(timeout)}`;
  return { outcome: 'timed-out', reason: `${waited}: ${describeState(crawl)}` };
}

function tellOddities(crawl: CrawlFacts, observer: Observer): void {
  const status = crawl.status ?? '';
  if (!isDocumentedStatus(status)) {
    observer.warnOnce(
      `The crawl has a status that OpenCX does not document, and the wait goes on: ${status || '(empty)'}`,
    );
  }
  if (crawl.error_message !== null && !hasFinished(crawl)) {
    observer.warnOnce(
      `The crawl reports an error but has not ended, so the wait goes on: ${crawl.error_message || '(empty)'}`,
    );
  }
}

/**
 * Tells when a crawl that is scraping counts as stalled: `stallTimeout` after its last change.
 * Times are milliseconds without the time lost in outages.
 */
function createStallWatch(stallTimeout: number): (crawl: CrawlFacts, now: number) => number {
  let state = '';
  let changedAt = 0;
  return (crawl, now) => {
    const { total_pages, completed_pages, new_pages, updated_pages, removed_pages } = crawl;
    const counters = [total_pages, completed_pages, new_pages, updated_pages, removed_pages];
    const seen = JSON.stringify([crawl.status, counters, crawl.unchanged_pages]);
    if (seen !== state) changedAt = now;
    state = seen;
    return stallTimeout === 0 || crawl.status !== 'scraping' ? Infinity : changedAt + stallTimeout;
  };
}

/** The verdict on the crawl that has ended: its own end first, then the rules. */
async function judge(known: Known, step: WaitContext, line: Requester): Promise<Verdict> {
  const { facts: crawl } = known;
  if (crawl === undefined) throw new Error('judged a crawl that was never seen');
  const { settings, clock } = step;
  const verdict = verdictOf(crawl);
  if (verdict.outcome !== 'succeeded') return verdict;

  const needing = settings.rules.filter(needsPageStats);
  if (needing.length > 0 && known.datasource === undefined) {
    if (needing.some(({ level }) => level === 'require')) {
      const read = await readDatasource(known.datasourceId, step, line);
      if (read.kind === 'over') return read.verdict;
      known.datasource = read.datasource;
    } else {
      known.datasource = await readDatasourceOnce(known.datasourceId, step, line.restEnd());
    }
  }
  known.rules = settings.rules.map((rule) =>
    evaluateRule(rule, { crawl, pageStats: known.datasource?.page_stats, now: clock.now() }),
  );
  return applyRules(verdict, known.rules);
}
