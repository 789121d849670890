import type { ApiResponse, RequestLimits } from '../api/client.ts';
import type { Datasource, DatasourceWithPageStats } from '../api/schemas.ts';
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
): Promise<
  | { kind: 'read'; datasource: DatasourceWithPageStats | undefined }
  | { kind: 'over'; verdict: Verdict }
> {
  const result = await requester.request({
    send: (limits) => context.api.datasourceWithPageStats(datasourceId, limits),
    notBefore,
    interval: 1,
    giveUpAt: requester.restGiveUpAt(),
    notVisibleGraceMs: 0,
  });
  switch (result.kind) {
    case 'ok':
      return { kind: 'read', datasource: result.value };
    case 'not-found':
      return { kind: 'over', verdict: noDatasource };
    case 'too-late':
      // The crawl finished in time; only the rule stays without a value.
      return { kind: 'read', datasource: undefined };
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
  const { api, clock, signal } = context;
  try {
    const response = await sendOnce(
      (limits) => api.datasource(datasourceId, limits),
      context,
      Math.min(giveUpAt, clock.elapsed() + context.settings.requestTimeout),
    );
    if (response?.kind === 'retryable') obeyRetryAfter(context, response);
    return response?.kind === 'ok' ? response.value : undefined;
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

async function sendOnce<T>(
  send: (limits: RequestLimits) => Promise<ApiResponse<T>>,
  { clock, rateLimiter, signal, countRequest }: WaitContext,
  giveUpAt: number,
): Promise<ApiResponse<T> | undefined> {
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
  return send({ timeout, signal, resent: countRequest });
}
