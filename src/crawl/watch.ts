import { roughDuration } from '../duration.ts';
import { ACTIVE, type Target } from '../inputs.ts';
import type { CrawlReport, Verdict } from '../report/report.ts';
import { judgeRule } from '../rules/judge.ts';
import { needsPageStats } from '../rules/rule.ts';
import { type Line, lookEnd, type OutageObserver, openLine } from './ask.ts';
import { findCrawl, PATIENCE } from './find.ts';
import { type CrawlFacts, type CrawlJob, factsOfJob, hasEnded, isDocumentedStatus } from './job.ts';
import { keepLook, type Look, nextLook, SHORTEST } from './pace.ts';
import { readOnce, readPatiently } from './site.ts';
import { RunEnded, type Step } from './step.ts';
import { addPoint } from './timeline.ts';
import { describePages, describeState, judgeEnd, judgeWithRules, neverLooked } from './verdict.ts';

/** Is told what the watch of one crawl sees, as it sees it. */
export interface Observer extends OutageObserver {
  /** The job was found through its datasource. */
  found(jobId: string, startedAt: string | null): void;
  looked(crawl: CrawlFacts): void;
  /** Something odd that a person should know, told once for each text. */
  odd(text: string): void;
}

/** What is known of the crawl so far; the watch fills it in as it learns. */
type Known = { -readonly [Field in keyof Omit<CrawlReport, 'verdict'>]: CrawlReport[Field] };

/**
 * One crawl, from the first look to its verdict. It never throws: when the run is ended, or when
 * the action itself fails, the report holds what was known by then.
 */
export async function watchCrawl(
  target: Target,
  step: Step,
  observer: Observer,
): Promise<CrawlReport> {
  const known: Known = {
    datasourceId: target.datasourceId,
    jobId: target.jobId === ACTIVE ? undefined : target.jobId,
    found: false,
    facts: undefined,
    job: undefined,
    datasource: undefined,
    rules: [],
    timeline: [],
  };
  const line = openLine(step, observer);
  try {
    return { verdict: await decide(known, step, observer, line), ...known };
  } catch (error) {
    const { signal } = step;
    if (!signal.aborted) step.end(step.defect(error));
    const verdict = signal.reason instanceof RunEnded ? signal.reason.verdict : step.defect(error);
    return { verdict: withState(verdict, known.facts), ...known };
  }
}

/** A wait that was cut short says how far the crawl had come. */
function withState(verdict: Verdict, crawl: CrawlFacts | undefined): Verdict {
  if (verdict.outcome !== 'aborted' || crawl === undefined || hasEnded(crawl)) return verdict;
  return { ...verdict, reason: `${verdict.reason}: ${describeState(crawl)}` };
}

async function decide(known: Known, step: Step, observer: Observer, line: Line): Promise<Verdict> {
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
  step: Step,
  observer: Observer,
  line: Line,
): Promise<Verdict | undefined> {
  const { api, clock, settings, deadline } = step;
  let looks: readonly Look[] = [];
  const stall = createStallWatch(settings.stallTimeout);
  let due = clock.elapsed();
  let span = SHORTEST;
  let patienceEnd: number | undefined;

  for (;;) {
    const asked = await line.ask({
      send: (limits) => api.job(known.datasourceId, jobId, limits),
      due,
      span,
      end: known.found ? line.restEnd() : lookEnd(step),
    });
    const now = clock.elapsed();
    if (asked.kind === 'over') return asked.verdict;
    if (asked.kind === 'too-late') {
      if (known.facts !== undefined) return timedOut(known.facts, settings.timeout);
      return patienceEnd === undefined ? neverLooked(settings) : noJob;
    }
    if (asked.kind === 'missing') {
      if (known.facts !== undefined) {
        return {
          outcome: 'not-found',
          reason: 'The crawl job is gone: the API no longer knows it',
          remedy:
            'It was there before: look in the OpenCX dashboard, and start the crawl again if need be.',
        };
      }
      patienceEnd ??= now + PATIENCE;
      if (now >= Math.min(patienceEnd, deadline)) return noJob;
      due = Math.min(now + SHORTEST, patienceEnd, deadline);
      continue;
    }

    const crawl = factsOfJob(asked.value);
    learn(known, asked.value, crawl, clock.now());
    tellOddities(crawl, observer);
    observer.looked(crawl);
    if (hasEnded(crawl)) return undefined;

    const stalledAt = stall(crawl, now - line.lost());
    if (now - line.lost() >= stalledAt) {
      return {
        outcome: 'stalled',
        reason: `The crawl has not moved for ${roughDuration(settings.stallTimeout)}: ${describePages(crawl)}`,
      };
    }
    if (now >= deadline) return timedOut(crawl, settings.timeout);

    looks = keepLook(looks, {
      at: now,
      status: crawl.status ?? '',
      completed: asked.value.completed_pages,
      total: crawl.total_pages,
    });
    // A fixed interval says when a look is wanted, not how urgent it is beside other crawls.
    span = nextLook(looks);
    const wait = settings.pollInterval === 'auto' ? span : settings.pollInterval;
    due = Math.min(now + wait, stalledAt + line.lost(), deadline);
  }
}

const noJob: Verdict = {
  outcome: 'not-found',
  reason: 'The datasource has no crawl job with this ID',
};

function learn(known: Known, job: CrawlJob, crawl: CrawlFacts, date: number): void {
  known.job = job;
  known.facts = crawl;
  known.timeline = addPoint(known.timeline, crawl, date);
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
    observer.odd(
      `The crawl has a status that OpenCX does not document, and the wait goes on: ${status || '(empty)'}`,
    );
  }
  if (crawl.error_message !== null && !hasEnded(crawl)) {
    observer.odd(
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
async function judge(known: Known, step: Step, line: Line): Promise<Verdict> {
  const { facts: crawl } = known;
  if (crawl === undefined) throw new Error('judged a crawl that was never seen');
  const { settings, clock } = step;
  const verdict = judgeEnd(crawl);
  if (verdict.outcome !== 'succeeded') return verdict;

  const needing = settings.rules.filter(needsPageStats);
  if (needing.length > 0 && known.datasource === undefined) {
    if (needing.some(({ level }) => level === 'require')) {
      const read = await readPatiently(known.datasourceId, step, line);
      if (read.kind === 'over') return read.verdict;
      known.datasource = read.datasource;
    } else {
      known.datasource = await readOnce(known.datasourceId, step, line.restEnd());
    }
  }
  known.rules = settings.rules.map((rule) =>
    judgeRule(rule, { crawl, pageStats: known.datasource?.page_stats, now: clock.now() }),
  );
  return judgeWithRules(verdict, known.rules);
}
