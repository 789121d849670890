import type { Verdict } from '../report/report.ts';
import type { Line } from './ask.ts';
import { noDatasource } from './find.ts';
import type { Datasource } from './job.ts';
import type { Step } from './step.ts';

/** Milliseconds until nothing is read any more (contract, section When a request goes wrong). */
function lastEnd({ deadline, settings }: Step): number {
  return deadline + 2 * settings.requestTimeout;
}

/** The datasource for a rule that must be judged: asked for like a crawl job, outages and all. */
export async function readPatiently(
  datasourceId: string,
  step: Step,
  line: Line,
): Promise<
  { kind: 'read'; datasource: Datasource | undefined } | { kind: 'over'; verdict: Verdict }
> {
  const now = step.clock.elapsed();
  const asked = await line.ask({
    send: (limits) => step.api.datasource(datasourceId, limits),
    due: now,
    span: 1,
    end: lastEnd(step),
  });
  switch (asked.kind) {
    case 'news':
      return { kind: 'read', datasource: asked.value };
    case 'missing':
      return { kind: 'over', verdict: noDatasource };
    case 'over':
      // The crawl has ended in time; only the rule remains without an answer.
      return asked.verdict.outcome === 'timed-out'
        ? { kind: 'read', datasource: undefined }
        : asked;
  }
}

/**
 * The datasource for what can do without it: one try, whose failure changes nothing, not even
 * that of a run that is ended meanwhile.
 *
 * @param patience milliseconds for the try and for the turn to make it
 */
export async function readOnce(
  datasourceId: string,
  step: Step,
  patience: number,
): Promise<Datasource | undefined> {
  const { clock, turns, api, signal } = step;
  const now = clock.elapsed();
  const end = Math.min(now + patience, lastEnd(step));
  try {
    const turn = await turns.take({ due: now, span: 1, insistAt: Infinity, until: end }, signal);
    const timeout = end - clock.elapsed();
    if (!turn || timeout <= 0) return undefined;
    step.sending();
    const answer = await api.datasource(datasourceId, { timeout, signal });
    return answer.kind === 'news' ? answer.value : undefined;
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}
