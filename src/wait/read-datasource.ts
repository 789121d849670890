import type { ApiResponse, RequestLimits } from '../api/client.ts';
import { type Datasource, type DatasourceWithPageStats, factsOfJob } from '../api/schemas.ts';
import type { CrawlFacts } from '../crawl.ts';
import type { Verdict } from '../outcomes.ts';
import type { WaitContext } from './context.ts';
import { obeyRetryAfter, type Requester } from './retry.ts';
import { noDatasource } from './verdicts.ts';

/**
 * The datasource for a rule that needs its `page_stats`: asked for like a crawl job, outages and
 * second thoughts included.
 *
 * @param notBefore `Clock.elapsed()` milliseconds
 * @returns the datasource, `undefined` when there was no time left for it, or the verdict that
 *   ends the wait
 */
export async function readPageStats(
  datasourceId: string,
  context: WaitContext,
  requester: Requester,
  notBefore: number,
): Promise<{ datasource: DatasourceWithPageStats | undefined } | { verdict: Verdict }> {
  const result = await requester.request({
    send: (limits) => context.api.datasourceWithPageStats(datasourceId, limits),
    notBefore,
    interval: 1,
    giveUpAt: requester.restGiveUpAt(),
    notVisibleGraceMs: 0,
  });
  switch (result.kind) {
    case 'ok':
      return { datasource: result.value };
    case 'not-found':
      return { verdict: noDatasource };
    case 'too-late':
      // The crawl finished in time; only the rule stays without a value.
      return { datasource: undefined };
    case 'over':
      return result;
  }
}

/**
 * The datasource for what can do without it: one try, whose failure changes nothing, not even
 * that of a wait that is aborted meanwhile.
 *
 * @param giveUpAt when nothing is waited for any more (`Clock.elapsed()` milliseconds)
 */
export async function readDatasourceOnce(
  datasourceId: string,
  context: WaitContext,
  giveUpAt: number,
): Promise<Datasource | undefined> {
  try {
    return await sendOnce(
      (limits) => context.api.datasource(datasourceId, limits),
      context,
      giveUpAt,
    );
  } catch (error) {
    if (context.signal.aborted) return undefined;
    throw error;
  }
}

/**
 * A job that the datasource calls active although it cannot meet the rules: one try, because the
 * wait goes on without it.
 *
 * @param giveUpAt when nothing is waited for any more (`Clock.elapsed()` milliseconds)
 */
export async function readJobOnce(
  { datasourceId, jobId }: { datasourceId: string; jobId: string },
  context: WaitContext,
  giveUpAt: number,
): Promise<CrawlFacts | undefined> {
  const { api } = context;
  const job = await sendOnce((limits) => api.job(datasourceId, jobId, limits), context, giveUpAt);
  return job && factsOfJob(job);
}

async function sendOnce<T>(
  send: (limits: RequestLimits) => Promise<ApiResponse<T>>,
  context: WaitContext,
  latest: number,
): Promise<T | undefined> {
  const { clock, rateLimiter, signal, countRequest, settings } = context;
  const giveUpAt = Math.min(latest, clock.elapsed() + settings.requestTimeout);
  const wanted = {
    notBefore: clock.elapsed(),
    interval: 1,
    ignoreHoldFrom: Number.POSITIVE_INFINITY,
    giveUpAt,
  };
  const acquired = await rateLimiter.acquire(wanted, signal);
  const timeout = giveUpAt - clock.elapsed();
  if (!acquired || timeout <= 0) return undefined;
  countRequest();
  const response = await send({ timeout, signal, resent: countRequest });
  if (response.kind === 'retryable') obeyRetryAfter(context, response);
  return response.kind === 'ok' ? response.value : undefined;
}
