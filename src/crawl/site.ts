import type { Verdict } from '../report/report.ts';
import { type Line, obeyRetryAfter } from './ask.ts';
import { noDatasource } from './find.ts';
import type { Datasource } from './job.ts';
import type { Step } from './step.ts';

/** The datasource for a rule that must be judged: asked for like a crawl job, outages and all. */
export async function readPatiently(
  datasourceId: string,
  step: Step,
  line: Line,
): Promise<
  { kind: 'read'; datasource: Datasource | undefined } | { kind: 'over'; verdict: Verdict }
> {
  const asked = await line.ask({
    send: (limits) => step.api.datasource(datasourceId, limits),
    due: step.clock.elapsed(),
    span: 1,
    end: line.restEnd(),
  });
  switch (asked.kind) {
    case 'news':
      return { kind: 'read', datasource: asked.value };
    case 'missing':
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
export async function readOnce(
  datasourceId: string,
  step: Step,
  until: number,
): Promise<Datasource | undefined> {
  const { clock, turns, api, signal, settings } = step;
  const now = clock.elapsed();
  const end = Math.min(until, now + settings.requestTimeout);
  try {
    const turn = await turns.take({ due: now, span: 1, insistAt: Infinity, until: end }, signal);
    const timeout = end - clock.elapsed();
    if (!turn || timeout <= 0) return undefined;
    step.sending();
    const answer = await api.datasource(datasourceId, { timeout, signal, again: step.sending });
    if (answer.kind === 'unusable') obeyRetryAfter(step, answer);
    return answer.kind === 'news' ? answer.value : undefined;
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}
