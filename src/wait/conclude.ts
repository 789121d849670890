import { type Datasource, lastFinishedCrawl } from '../api/schemas.ts';
import type { CrawlFacts } from '../crawl.ts';
import type { Verdict } from '../outcomes.ts';
import { evaluateRule } from '../rules/evaluate.ts';
import { type EvaluatedRule, needsPageStats } from '../rules/metrics.ts';
import type { WaitContext } from './context.ts';
import { readDatasourceOnce, readPageStats } from './read-datasource.ts';
import type { Requester } from './retry.ts';
import { applyRules, finishVerdict, noPages } from './verdicts.ts';

/** The index can lag behind a crawl that has just finished (contract, section Rules). */
const INDEX_LAG_MS = 30_000;
const INDEX_INTERVAL_MS = 5_000;

/** What is known of a crawl that has finished. */
export interface Finished {
  datasourceId: string;
  crawl: CrawlFacts;
  /** As it was read after the crawl had finished, or `undefined`. */
  datasource: Datasource | undefined;
}

/** The verdict on a finished crawl, and all that was learned for it. */
export interface Conclusion {
  verdict: Verdict;
  crawl: CrawlFacts;
  rules: readonly EvaluatedRule[];
  datasource: Datasource | undefined;
}

/** The verdict on a crawl that has finished: how it finished first, then the rules. */
export async function conclude(
  { datasourceId, crawl, datasource }: Finished,
  context: WaitContext,
  requester: Requester,
): Promise<Conclusion> {
  const { settings, clock, signal, deadline } = context;
  const first = evaluate(crawl, datasource, context);
  const needing = settings.rules.filter(needsPageStats);
  // Without rules it is how the crawl finished that decides.
  if (needing.length === 0 || first.rules.length === 0) return first;

  const readOnce = () => readDatasourceOnce(datasourceId, context, requester.restGiveUpAt());
  let latest: Conclusion = first;
  if (!first.datasource?.page_stats) {
    if (needing.every(({ level }) => level === 'warn')) {
      const read = (await readOnce()) ?? datasource;
      return {
        ...first,
        rules: evaluateRules(crawl, read, context, first.rules),
        datasource: read,
      };
    }
    if (first.rules.some(isBrokenAnyway)) return evaluateAgain(first, await readOnce(), context);
    const read = await readPageStats(datasourceId, context, requester, clock.elapsed());
    if ('verdict' in read) return { ...first, verdict: read.verdict };
    latest = evaluateAgain(first, read.datasource, context);
  }
  const lagEnd = Math.min(clock.elapsed() + INDEX_LAG_MS, deadline);
  while (canCatchUp(latest) && clock.elapsed() < lagEnd) {
    await clock.sleepUntil(Math.min(clock.elapsed() + INDEX_INTERVAL_MS, lagEnd), signal);
    latest = evaluateAgain(latest, await readOnce(), context);
  }
  return latest;
}

function evaluate(
  crawl: CrawlFacts,
  datasource: Datasource | undefined,
  context: WaitContext,
  before?: readonly EvaluatedRule[],
): Conclusion {
  const finished = indexVerdict(crawl, datasource) ?? finishVerdict(crawl);
  if (finished.outcome !== 'succeeded') return { verdict: finished, crawl, rules: [], datasource };
  const rules = evaluateRules(crawl, datasource, context, before);
  return { verdict: applyRules(finished, rules), crawl, rules, datasource };
}

/** @param before what was evaluated already: only the rules on the index are evaluated again */
function evaluateRules(
  crawl: CrawlFacts,
  datasource: Datasource | undefined,
  { settings, apiClock }: WaitContext,
  before: readonly EvaluatedRule[] = [],
): EvaluatedRule[] {
  const evidence = { crawl, pageStats: datasource?.page_stats ?? undefined, now: apiClock.now() };
  return settings.rules.map((rule, index) => {
    const known = needsPageStats(rule) ? undefined : before[index];
    return known ?? evaluateRule(rule, evidence);
  });
}

/** With a newer reading, which can tell more of a crawl that only the datasource tells of. */
function evaluateAgain(
  before: Conclusion,
  datasource: Datasource | undefined,
  context: WaitContext,
): Conclusion {
  if (!datasource?.page_stats) return before;
  const { crawl, rules } = before;
  const told = crawl.status === undefined ? lastFinishedCrawl(datasource) : undefined;
  if (told === undefined) return evaluate(crawl, datasource, context, rules);
  // When a newer crawl has only started, the datasource no longer tells the start of this one.
  return told.completed_at === crawl.completed_at
    ? evaluate({ ...crawl, error_message: told.error_message }, datasource, context, rules)
    : evaluate(told, datasource, context);
}

/** A `require` rule that is not met, whatever the index says. */
function isBrokenAnyway({ rule, met }: EvaluatedRule): boolean {
  return rule.level === 'require' && !met && !needsPageStats(rule);
}

/** Whether only rules on the index are not met, and pages still wait to be processed. */
function canCatchUp({ rules, datasource }: Conclusion): boolean {
  const isBroken = rules.some(({ rule, met }) => rule.level === 'require' && !met);
  return isBroken && !rules.some(isBrokenAnyway) && (datasource?.page_stats?.pending ?? 0) > 0;
}

/** An index without a page is `empty`, when only the datasource tells of the crawl. */
function indexVerdict(crawl: CrawlFacts, datasource: Datasource | undefined): Verdict | undefined {
  const isEmpty = crawl.status === undefined && datasource?.page_stats?.total === 0;
  return isEmpty && crawl.error_message === null ? noPages : undefined;
}
