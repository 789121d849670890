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
  finished: Finished,
  context: WaitContext,
  requester: Requester,
): Promise<Conclusion> {
  const { settings, clock, signal, deadline } = context;
  const { datasourceId, crawl } = finished;
  const first = evaluate(finished, context);
  const needing = settings.rules.filter(needsPageStats);
  // Without rules it is how the crawl finished that decides.
  if (needing.length === 0 || first.rules.length === 0) return first;

  const readOnce = () => readDatasourceOnce(datasourceId, context, requester.restGiveUpAt());
  if (needing.every(({ level }) => level === 'warn')) {
    const known = first.datasource;
    const datasource = known?.page_stats ? known : ((await readOnce()) ?? known);
    return { ...first, ...evaluateRules(crawl, datasource, context), datasource };
  }

  let latest: Conclusion = first;
  if (!first.datasource?.page_stats) {
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
  { crawl, datasource }: Omit<Finished, 'datasourceId'>,
  context: WaitContext,
): Conclusion {
  const verdict = indexVerdict(crawl, datasource) ?? finishVerdict(crawl);
  if (verdict.outcome !== 'succeeded') return { verdict, crawl, rules: [], datasource };
  return { crawl, datasource, ...evaluateRules(crawl, datasource, context) };
}

function evaluateRules(
  crawl: CrawlFacts,
  datasource: Datasource | undefined,
  { settings, apiClock }: WaitContext,
) {
  const evidence = { crawl, pageStats: datasource?.page_stats ?? undefined, now: apiClock.now() };
  const rules = settings.rules.map((rule) => evaluateRule(rule, evidence));
  return { verdict: applyRules(finishVerdict(crawl), rules), rules };
}

/** With a newer reading, which can tell more of a crawl that only the datasource tells of. */
function evaluateAgain(
  before: Conclusion,
  datasource: Datasource | undefined,
  context: WaitContext,
): Conclusion {
  if (!datasource?.page_stats) return before;
  const { crawl: known } = before;
  const crawl = known.status === undefined ? (lastFinishedCrawl(datasource) ?? known) : known;
  return evaluate({ crawl, datasource }, context);
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
