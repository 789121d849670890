import { type Datasource, lastFinishedCrawl } from '../api/schemas.ts';
import type { CrawlFacts } from '../crawl.ts';
import type { Verdict } from '../outcomes.ts';
import { evaluateRule } from '../rules/evaluate.ts';
import { type Rule, requiresFreshCrawl } from '../rules/metrics.ts';
import type { WaitContext } from './context.ts';
import { MIN_INTERVAL_MS } from './poll-interval.ts';
import { lookEnd, type Requester } from './retry.ts';
import { neverChecked } from './verdicts.ts';

/** Milliseconds of patience with a crawl that is not visible yet (contract, section Finding the crawl). */
export const NOT_VISIBLE_GRACE_MS = 30_000;

/** What the datasource led to. */
export type Found =
  | { kind: 'job'; jobId: string; startedAt: string | null }
  | { kind: 'finished'; crawl: CrawlFacts; datasource: Datasource }
  | { kind: 'over'; verdict: Verdict };

/**
 * From a datasource to its crawl: the active one, or the last finished one when a freshness rule
 * will judge it (contract, section Finding the crawl).
 */
export async function findCrawl(
  datasourceId: string,
  step: WaitContext,
  line: Requester,
): Promise<Found> {
  const { api, clock, settings, deadline } = step;
  const required = settings.rules.filter(({ level }) => level === 'require');
  let patienceEnd: number | undefined;
  let seen: Datasource | undefined;

  for (let notBefore = clock.elapsed(); ; ) {
    const asked = await line.request({
      send: (limits) => api.datasource(datasourceId, limits),
      notBefore,
      interval: MIN_INTERVAL_MS,
      giveUpAt: lookEnd(step),
    });
    if (asked.kind === 'over') return asked;
    if (asked.kind === 'not-found') return { kind: 'over', verdict: noDatasource };
    if (asked.kind === 'too-late') {
      return seen === undefined
        ? { kind: 'over', verdict: neverChecked(settings) }
        : withoutActive(seen, required);
    }

    seen = asked.value;
    const { active_crawl_job: active } = seen;
    if (active) return { kind: 'job', jobId: active.id, startedAt: active.started_at };

    const now = clock.elapsed();
    patienceEnd ??= now + NOT_VISIBLE_GRACE_MS;
    const crawl = lastFinishedCrawl(seen);
    const isTheOne =
      crawl !== undefined &&
      required.some(
        (rule) =>
          rule.metric === 'started_at' &&
          requiresFreshCrawl(rule) &&
          evaluateRule(rule, { crawl, pageStats: undefined, now: clock.now() }).met,
      );
    if (isTheOne || now >= Math.min(patienceEnd, deadline)) return withoutActive(seen, required);
    notBefore = Math.min(now + MIN_INTERVAL_MS, patienceEnd, deadline);
  }
}

/** No crawl is active: the last finished one is judged, if a rule asks for a fresh one. */
function withoutActive(datasource: Datasource, required: readonly Rule[]): Found {
  const crawl = lastFinishedCrawl(datasource);
  return crawl !== undefined && required.some(requiresFreshCrawl)
    ? { kind: 'finished', crawl, datasource }
    : { kind: 'over', verdict: noCrawl(crawl !== undefined) };
}

/** The API knows no datasource of this ID. */
export const noDatasource: Verdict = {
  outcome: 'not-found',
  reason: 'OpenCX knows no datasource with this ID',
  fix: 'Check `datasource-id`: it must be a website datasource of the organisation that the API key belongs to.',
};

function noCrawl(hasFinishedOne: boolean): Verdict {
  return {
    outcome: 'not-found',
    reason: hasFinishedOne
      ? 'No crawl is running, and the last one may have finished before your change'
      : 'No crawl is running, and none has finished yet',
    fix: `Start the crawl before this step.${
      hasFinishedOne
        ? ' To accept a finished crawl that is new enough, add a rule such as `age < 2h` to `require`.'
        : ''
    }`,
  };
}
