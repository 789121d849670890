import type { Verdict } from '../report/report.ts';
import { judgeRule } from '../rules/judge.ts';
import { asksForFreshness, type Rule } from '../rules/rule.ts';
import { type Line, lookEnd } from './ask.ts';
import { type CrawlFacts, type Datasource, lastFinishedCrawl } from './job.ts';
import { SHORTEST } from './pace.ts';
import type { Step } from './step.ts';
import { neverLooked } from './verdict.ts';

/** Milliseconds of patience with a crawl that is not visible yet (contract, Finding the job). */
export const PATIENCE = 30_000;

/** What the datasource led to. */
export type Found =
  | { kind: 'job'; jobId: string; startedAt: string | null }
  | { kind: 'finished'; crawl: CrawlFacts; datasource: Datasource }
  | { kind: 'over'; verdict: Verdict };

/**
 * From a datasource to its crawl: the active one, or the last finished one when a freshness rule
 * will judge it (contract, section Finding the job).
 */
export async function findCrawl(datasourceId: string, step: Step, line: Line): Promise<Found> {
  const { api, clock, settings, deadline } = step;
  const required = settings.rules.filter(({ level }) => level === 'require');
  let patienceEnd: number | undefined;
  let seen: Datasource | undefined;

  for (let due = clock.elapsed(); ; ) {
    const asked = await line.ask({
      send: (limits) => api.datasource(datasourceId, limits),
      due,
      span: SHORTEST,
      end: lookEnd(step),
    });
    if (asked.kind === 'over') return asked;
    if (asked.kind === 'missing') return { kind: 'over', verdict: noDatasource };
    if (asked.kind === 'too-late') {
      return seen === undefined
        ? { kind: 'over', verdict: neverLooked(settings) }
        : withoutActive(seen, required);
    }

    seen = asked.value;
    const { active_crawl_job: active } = seen;
    if (active) return { kind: 'job', jobId: active.id, startedAt: active.started_at };

    const now = clock.elapsed();
    patienceEnd ??= now + PATIENCE;
    const crawl = lastFinishedCrawl(seen);
    const isTheOne =
      crawl !== undefined &&
      required.some(
        (rule) =>
          rule.metric === 'started_at' &&
          asksForFreshness(rule) &&
          judgeRule(rule, { crawl, pageStats: undefined, now: clock.now() }).holds,
      );
    if (isTheOne || now >= Math.min(patienceEnd, deadline)) return withoutActive(seen, required);
    due = Math.min(now + SHORTEST, patienceEnd, deadline);
  }
}

/** No crawl is active: the last finished one is judged, if a rule asks for a fresh one. */
function withoutActive(datasource: Datasource, required: readonly Rule[]): Found {
  const crawl = lastFinishedCrawl(datasource);
  return crawl !== undefined && required.some(asksForFreshness)
    ? { kind: 'finished', crawl, datasource }
    : { kind: 'over', verdict: noCrawl(crawl !== undefined) };
}

/** The API knows no datasource of this ID. */
export const noDatasource: Verdict = {
  outcome: 'not-found',
  reason: 'OpenCX knows no datasource with this ID',
  remedy:
    'Check `datasource-id`: it must be a website datasource of the organisation that the API key belongs to.',
};

function noCrawl(hasFinishedOne: boolean): Verdict {
  return {
    outcome: 'not-found',
    reason: hasFinishedOne
      ? 'No crawl is running, and the last one may have finished before your change'
      : 'No crawl is running, and none has finished yet',
    remedy: `Start the crawl before this step.${
      hasFinishedOne
        ? ' To accept a finished crawl that is new enough, add a rule such as `age < 2h` to `require`.'
        : ''
    }`,
  };
}
