import type { Datasource } from '../api/schemas.ts';
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
  rules: readonly EvaluatedRule[];
  datasource: Datasource | undefined;
}

/** The verdict on a crawl that has finished: how it finished first, then the rules. */
export async function conclude(
  { datasourceId, crawl, datasource: known }: Finished,
  context: WaitContext,
  requester: Requester,
): Promise<Conclusion> {
  const { settings, clock, apiClock, deadline } = context;
  const verdict = indexVerdict(crawl, known) ?? finishVerdict(crawl);
  if (verdict.outcome !== 'succeeded') return { verdict, rules: [], datasource: known };

  const needing = settings.rules.filter(needsPageStats);
  const required = needing.filter(({ level }) => level === 'require');
  let datasource = known;
  if (required.length === 0 && needing.length > 0 && !datasource?.page_stats) {
    datasource = await readDatasourceOnce(datasourceId, context, requester.restGiveUpAt());
  }
  const lagEnd = Math.min(clock.elapsed() + INDEX_LAG_MS, deadline);
  for (let notBefore = clock.elapsed(); ; ) {
    if (required.length > 0 && (!datasource?.page_stats || notBefore > clock.elapsed())) {
      const read = await readPageStats(datasourceId, context, requester, notBefore);
      if (read.kind === 'over') return { verdict: read.verdict, rules: [], datasource };
      datasource = read.datasource ?? datasource;
    }
    const pageStats = datasource?.page_stats ?? undefined;
    const rules = settings.rules.map((rule) =>
      evaluateRule(rule, { crawl, pageStats, now: apiClock.now() }),
    );
    const canCatchUp =
      (pageStats?.pending ?? 0) > 0 &&
      rules.some(({ rule, met }) => !met && required.includes(rule));
    if (!canCatchUp || clock.elapsed() >= lagEnd) {
      return { verdict: applyRules(verdict, rules), rules, datasource };
    }
    notBefore = Math.min(clock.elapsed() + INDEX_INTERVAL_MS, lagEnd);
  }
}

/** An index without a page is `empty`, when only the datasource tells of the crawl. */
function indexVerdict(crawl: CrawlFacts, datasource: Datasource | undefined): Verdict | undefined {
  const isEmpty = crawl.status === undefined && datasource?.page_stats?.total === 0;
  return isEmpty && crawl.error_message === null ? noPages : undefined;
}
