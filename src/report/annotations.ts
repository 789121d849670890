import { type CrawlFacts, knownBefore } from '../crawl.ts';
import { roughDuration } from '../duration.ts';
import { printCount } from '../page-count.ts';
import type { Annotation } from '../ports/runner.ts';
import { type CrawlResult, decidingCrawl, fixOf, isGreen, type RunResult } from '../result.ts';
import { describeActual } from '../rules/metrics.ts';
import { oneLine, sanitize } from '../untrusted-text.ts';

/** GitHub shows so many warnings of a step (contract, section What people see). */
const MAX_WARNINGS = 10;
/** So many are printed while the step waits; the others come at the end, where they are counted. */
const MAX_EARLY_WARNINGS = 4;
/** The reporter for GitHub has its own one at the very end. */
const RESERVED_FOR_GITHUB = 1;
/** An API can say something new at every check: so many texts are remembered, and no more come. */
const MAX_TEXTS = 100;
/** The most characters of an annotation's message. */
const MAX_MESSAGE_LENGTH = 4_000;
/** A crawl that visited less of its total, or removed more of the known pages, causes a warning. */
const MIN_VISITED_PERCENT = 90;
const MAX_REMOVED_PERCENT = 50;
/** Two clocks that differ by more cause a warning (contract, section Rules: Whose clock). */
const MAX_CLOCK_DIFFERENCE_MS = 60_000;

/** The warnings of a step so far. */
export interface Warnings {
  shown: number;
  /** For the end, in the order in which they came. */
  kept: readonly Annotation[];
  /** Their texts, because each is a warning once; nothing is remembered of any beyond the limit. */
  texts: readonly string[];
}

/** Before the first warning. */
export const noWarnings: Warnings = { shown: 0, kept: [], texts: [] };

/** The warnings with one more, and whether it is to be shown now. */
export function addWarning(
  warnings: Warnings,
  { title, message }: Pick<Annotation, 'title' | 'message'>,
): { warnings: Warnings; show: Annotation | undefined } {
  const warning: Annotation = { level: 'warning', title, message: bounded(message) };
  const { texts: known } = warnings;
  if (known.length === MAX_TEXTS || known.includes(warning.message)) {
    return { warnings, show: undefined };
  }
  const texts = [...known, warning.message];
  return warnings.shown < MAX_EARLY_WARNINGS
    ? { warnings: { ...warnings, shown: warnings.shown + 1, texts }, show: warning }
    : { warnings: { ...warnings, kept: [...warnings.kept, warning], texts }, show: undefined };
}

/** What a person should know when the two clocks differ; `undefined` when they do not. */
export function clockWarning(
  runnerAheadMs: number,
): Pick<Annotation, 'title' | 'message'> | undefined {
  if (Math.abs(runnerAheadMs) <= MAX_CLOCK_DIFFERENCE_MS) return undefined;
  const howFar = `${roughDuration(Math.abs(runnerAheadMs))} ${runnerAheadMs < 0 ? 'behind' : 'ahead of'}`;
  return {
    title: "The runner's clock differs from the API's clock",
    message: `The runner's clock is ${howFar} the clock of the OpenCX API. Rules use the API's clock, so a time that this workflow took from the runner might be wrong.`,
  };
}

/**
 * The annotations of the end: one for an outcome that is not `succeeded`, and all warnings that were
 * not shown yet. Where they would be more than GitHub shows, the last one sums up the rest.
 */
export function closingAnnotations(result: RunResult, warnings: Warnings): Annotation[] {
  const outcome = outcomeAnnotation(result);
  let late: Warnings = { ...noWarnings, shown: MAX_EARLY_WARNINGS };
  // What a workflow asked for comes before what nobody expected.
  for (const warning of [...ruleWarnings(result), ...unaskedWarnings(result), ...warnings.kept]) {
    late = addWarning(late, warning).warnings;
  }
  const ofOutcome = outcome?.level === 'warning' ? 1 : 0;
  const room = MAX_WARNINGS - RESERVED_FOR_GITHUB - warnings.shown - ofOutcome;
  return [...(outcome === undefined ? [] : [outcome]), ...summedUp(late.kept, room)];
}

function summedUp(warnings: readonly Annotation[], room: number): Annotation[] {
  if (warnings.length <= room) return [...warnings];
  const shown = warnings.slice(0, room - 1);
  const rest = warnings.slice(shown.length);
  const message = rest.map((warning) => `- ${oneLine(warning.message)}`).join('\n');
  const title = `${printCount(rest.length)} more warnings`;
  return [...shown, { level: 'warning', title, message: bounded(message) }];
}

function outcomeAnnotation(result: RunResult): Annotation | undefined {
  const { outcome, message } = result;
  if (outcome === 'succeeded') return undefined;
  const tolerated = isGreen(result);
  const help = [whichCrawl(result), fixOf(result)].filter((part) => part !== '').join('\n');
  // A long reason must not push out what helps.
  const reason = sanitize(message, [], MAX_MESSAGE_LENGTH - help.length - 1);
  return {
    level: tolerated ? 'warning' : 'error',
    // The message starts with what the outcome's own title says.
    title: `OpenCX crawl: ${outcome}${tolerated ? ' (tolerated)' : ''}`,
    message: help === '' ? reason : `${reason}\n${help}`,
  };
}

function whichCrawl(result: RunResult): string {
  const crawl = decidingCrawl(result);
  if (crawl === undefined) return '';
  const { jobId, datasourceId } = crawl;
  const job = jobId === undefined ? '' : `Crawl job: ${jobId}.`;
  // With several crawls the message has named the datasource already.
  return result.crawls.length > 1 ? job : `${job} Datasource: ${datasourceId}.`.trim();
}

function ruleWarnings({ crawls }: RunResult): Annotation[] {
  return crawls.flatMap((crawl) =>
    crawl.rules
      .filter(({ rule, met }) => rule.level === 'warn' && !met)
      .map((evaluated) => ({
        level: 'warning' as const,
        title: 'A `warn` rule was not met',
        message: `The rule "${evaluated.rule.text}" was not met${ofWhich(crawl, crawls)}: ${describeActual(evaluated)}.`,
      })),
  );
}

/** What is said without being asked of a crawl that succeeded (contract, section Rules). */
function unaskedWarnings({ crawls }: RunResult): Annotation[] {
  return crawls.flatMap((crawl) => {
    if (crawl.verdict.outcome !== 'succeeded' || crawl.facts === undefined) return [];
    const which = ofWhich(crawl, crawls);
    return [skippedPages(crawl.facts, which), removedPages(crawl.facts, which)].flatMap(
      (warning) => warning ?? [],
    );
  });
}

function skippedPages(crawl: CrawlFacts, which: string): Annotation | undefined {
  const { completed_pages: visited, total_pages: total } = crawl;
  if (visited === null || total === null || visited * 100 >= total * MIN_VISITED_PERCENT) {
    return undefined;
  }
  return {
    level: 'warning',
    title: 'The crawl did not visit every page',
    message: `The crawl${which} visited ${printCount(visited)} of ${printCount(total)} pages, which is less than ${MIN_VISITED_PERCENT}%. To make this fail the step, add a rule such as \`completed_pages >= ${MIN_VISITED_PERCENT}%\` to \`require\`.`,
  };
}

function removedPages(crawl: CrawlFacts, which: string): Annotation | undefined {
  const known = knownBefore(crawl);
  const { removed_pages: removed } = crawl;
  if (known === null || removed === null || removed * 100 <= known * MAX_REMOVED_PERCENT) {
    return undefined;
  }
  return {
    level: 'warning',
    title: 'The crawl removed more than half of the pages',
    message: `The crawl${which} removed ${printCount(removed)} of the ${printCount(known)} pages known before. To make this fail the step, add a rule such as \`removed_pages <= ${MAX_REMOVED_PERCENT}%\` to \`require\`.`,
  };
}

function ofWhich({ datasourceId }: CrawlResult, crawls: readonly CrawlResult[]): string {
  return crawls.length > 1 ? ` for datasource ${datasourceId}` : '';
}

function bounded(message: string): string {
  return sanitize(message, [], MAX_MESSAGE_LENGTH);
}
