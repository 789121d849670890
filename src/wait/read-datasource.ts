import type { Datasource } from '../api/schemas.ts';
import type { Verdict } from '../outcomes.ts';
import type { WaitContext } from './context.ts';
import { noDatasource } from './find-crawl.ts';
import { obeyRetryAfter, type Requester } from './retry.ts';

/** The datasource for a rule that must be judged: asked for like a crawl job, outages and all. */
export async function readDatasource(
  datasourceId: string,
  step: WaitContext,
  line: Requester,
): Promise<
  { kind: 'read'; datasource: Datasource | undefined } | { kind: 'over'; verdict: Verdict }
> {
  const asked = await line.request({
    send: (limits) => step.api.datasource(datasourceId, limits),
    notBefore: step.clock.elapsed(),
    interval: 1,
    giveUpAt: line.restEnd(),
  });
  switch (asked.kind) {
    case 'ok':
      return { kind: 'read', datasource: asked.value };
    case 'not-found':
      return { kind: 'over', verdict: noDatasource };
    case 'too-late':
      // The crawl has ended in time; only the rule remains without an answer.
      return { kind: 'read', datasource: undefined };
    case 'over':
      return asked;
  }
}

/**
 * The datasource for what can do without it: one try, whose failure changes nothing, not even
 * that of a run that is ended meanwhile.
 *
 * @param until when nothing is waited for any more (`Clock.elapsed()` milliseconds)
 */
export async function readDatasourceOnce(
  datasourceId: string,
  step: WaitContext,
  until: number,
): Promise<Datasource | undefined> {
  const { clock, rateLimiter, api, signal, settings } = step;
  const now = clock.elapsed();
  const end = Math.min(until, now + settings.requestTimeout);
  try {
    const turn = await rateLimiter.acquire(
      { notBefore: now, interval: 1, ignoreHoldFrom: Infinity, giveUpAt: end },
      signal,
    );
    const timeout = end - clock.elapsed();
    if (!turn || timeout <= 0) return undefined;
    step.countRequest();
    const answer = await api.datasource(datasourceId, {
      timeout,
      signal,
      resent: step.countRequest,
    });
    if (answer.kind === 'retryable') obeyRetryAfter(step, answer);
    return answer.kind === 'ok' ? answer.value : undefined;
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}
