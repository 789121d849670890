import { removedForSure } from '../crawl.ts';
import type { Verdict } from '../outcomes.ts';
import { printCount } from '../page-count.ts';
import type { RunNumber } from '../ports/github.ts';
import {
  crawlNames,
  outcomeCell,
  outcomeMark,
  pagesCell,
  progressCell,
  quoteLeadIn,
  table,
} from '../report/markdown.ts';
import { headline } from '../report/message.ts';
import { type CrawlResult, fixOf, type RunResult } from '../result.ts';
import { foundOf } from '../rules/metrics.ts';
import { asCode, asCodeBlock, asCodeCell, sanitize } from '../untrusted-text.ts';
import { MARK_START } from './comment-mark.ts';

/** Characters of a comment; GitHub takes 65,536. */
export const MAX_COMMENT_LENGTH = 60_000;

const MAX_REASONS = 10;
const MAX_RULES = 20;
const MAX_QUOTE_LENGTH = 1_000;
const MAX_CELL_LENGTH = 200;

/**
 * The hidden start by which a comment is found again. It names the set of datasources: their
 * order, their letter case, and repetitions do not matter (contract, section What people see).
 */
export function commentMark(datasourceIds: readonly string[]): string {
  const ids = [...new Set(datasourceIds.map((id) => id.toLowerCase()))].sort();
  return `${MARK_START} ${ids.join(' ')} -->`;
}

/** Stands beside the mark, so that earlier versions still find the comment. */
function runMark(run: RunNumber | undefined): string {
  return run === undefined ? '' : `<!-- run ${run.id} attempt ${run.attempt} -->`;
}

/** The run that wrote a comment; `undefined` where an earlier version of the action did. */
export function runOfComment(body: string): RunNumber | undefined {
  const [, id, attempt] = /^<!--[^>]*--><!-- run (\d+) attempt (\d+) -->/.exec(body) ?? [];
  return id === undefined ? undefined : { id: Number(id), attempt: Number(attempt) };
}

/** The comment as Markdown: its mark, the outcome, a row for each crawl, and what to do. */
export function renderComment(
  report: RunResult,
  {
    mark,
    run,
    runUrl,
    sha,
  }: { mark: string; run?: RunNumber | undefined; runUrl: string; sha: string },
): string {
  const { outcome, crawls, tolerated } = report;
  const names = crawlNames(crawls);
  const head = `${mark}${runMark(run)}\n### ${outcomeMark(outcome, tolerated)} ${headline(report)}`;
  const commit = sha === '' ? '' : ` for commit ${sha.slice(0, 12)}`;
  const foot = `[View the full report](${runUrl})${commit}`;
  const parts = [
    head,
    ...reasons(report, names),
    crawlTable(report, names),
    ruleTable(crawls, names),
    fixOf(report),
    foot,
  ];
  const whole = parts.filter((part) => part !== '').join('\n\n');
  return whole.length <= MAX_COMMENT_LENGTH ? whole : `${head}\n\n${foot}`;
}

/** Why: our own words, and what others said as a quotation. */
function reasons(report: RunResult, names: ReadonlyMap<CrawlResult, string>): string[] {
  const { crawls, problems, verdict } = report;
  const [first, ...others] = crawls;
  if (problems.length > 0) {
    return [
      problems
        .slice(0, MAX_REASONS)
        .map((text) => `- ${asCode(text)}`)
        .join('\n'),
      problems.length > MAX_REASONS
        ? `… and ${printCount(problems.length - MAX_REASONS)} more.`
        : '',
    ];
  }
  const only = others.length === 0 ? (first?.verdict ?? verdict) : undefined;
  if (only !== undefined) return [only.standsAlone ? '' : `${only.reason}.`, ...quoteOf(only)];
  const bad = crawls.filter(({ verdict }) => verdict.outcome !== 'succeeded');
  return [
    ...bad
      .slice(0, MAX_REASONS)
      .flatMap((crawl) => [
        `**${asCode(names.get(crawl) ?? '')}**: ${crawl.verdict.reason}.`,
        ...quoteOf(crawl.verdict),
      ]),
    more(bad.length - MAX_REASONS),
  ];
}

function more(hidden: number): string {
  return hidden > 0 ? `… and ${printCount(hidden)} more (see the table)` : '';
}

/** Untrusted text stands alone, with a lead-in that says who speaks. */
function quoteOf(verdict: Verdict): string[] {
  const quote = sanitize(verdict.quote ?? '', [], MAX_QUOTE_LENGTH);
  return quote === '' ? [] : [quoteLeadIn(verdict), asCodeBlock(quote)];
}

/** A row for each crawl; nothing when there is nothing but dashes to show. */
function crawlTable(report: RunResult, names: ReadonlyMap<CrawlResult, string>): string {
  const { crawls, tolerated } = report;
  if (crawls.length < 2 && crawls.every(({ facts }) => facts?.completed_pages == null)) return '';
  return table(
    [
      { name: 'Crawl' },
      { name: 'Outcome' },
      ...['Pages', 'New', 'Updated', 'Removed'].map((name) => ({ name, numbers: true })),
    ],
    crawls.map((crawl) => {
      const { facts, verdict } = crawl;
      return [
        asCodeCell(names.get(crawl) ?? ''),
        outcomeCell(verdict.outcome, tolerated),
        progressCell(crawl),
        pagesCell(facts?.new_pages),
        pagesCell(facts?.updated_pages),
        pagesCell(facts && removedForSure(facts)),
      ];
    }),
  );
}

function ruleTable(
  crawls: readonly CrawlResult[],
  names: ReadonlyMap<CrawlResult, string>,
): string {
  const broken = crawls.flatMap((crawl) =>
    crawl.rules.filter(({ met }) => !met).map((evaluated) => ({ crawl, evaluated })),
  );
  if (broken.length === 0) return '';
  const several = crawls.length > 1;
  const cell = (text: string) => asCodeCell(sanitize(text, [], MAX_CELL_LENGTH));
  const rows = broken
    .slice(0, MAX_RULES)
    .map(({ crawl, evaluated }) => [
      ...(several ? [asCodeCell(names.get(crawl) ?? '')] : []),
      cell(evaluated.rule.text),
      evaluated.rule.level === 'require' ? 'required' : 'warning',
      cell(foundOf(evaluated)),
    ]);
  const columns = [...(several ? ['Crawl'] : []), 'Rule not met', 'Level', 'Actual'];
  const drawn = table(
    columns.map((name) => ({ name })),
    rows,
  );
  const hidden = broken.length - rows.length;
  return hidden > 0
    ? `${drawn}\n\n… and ${printCount(hidden)} more rules that were not met.`
    : drawn;
}
