import { outcomeTitle } from '../outcomes.ts';
import {
  crawlName,
  outcomeCell,
  outcomeMark,
  pagesCell,
  progressCell,
  table,
} from '../report/markdown.ts';
import { type CrawlResult, fixOf, isGreen, type RunResult } from '../result.ts';
import { asCode, asCodeBlock, asCodeCell, sanitize } from '../untrusted-text.ts';

/** The most characters of a comment; GitHub takes 65,536. */
export const LONGEST_COMMENT = 60_000;

const MOST_REASONS = 10;
const MOST_RULES = 20;
const LONGEST_QUOTE = 1_000;
const LONGEST_CELL = 200;

/**
 * The hidden first line by which a comment is found again. It names the set of datasources: their
 * order, their letter case and repetitions do not matter (contract, section What people see).
 */
export function commentMark(datasourceIds: readonly string[]): string {
  const ids = [...new Set(datasourceIds.map((id) => id.toLowerCase()))].sort();
  return `<!-- opencx-crawl-gate: ${ids.join(' ')} -->`;
}

/** The comment as Markdown: its mark, the outcome, a row for each crawl, and what to do. */
export function renderComment(
  report: RunResult,
  { mark, runUrl, sha }: { mark: string; runUrl: string; sha: string },
): string {
  const { outcome, crawls } = report;
  const tolerated = outcome !== 'succeeded' && isGreen(report) ? ' (tolerated)' : '';
  const head = `${mark}\n### ${outcomeMark(outcome, report.tolerated)} ${outcomeTitle(outcome)}${tolerated}`;
  const commit = sha === '' ? '' : ` for commit ${sha.slice(0, 12)}`;
  const foot = `[OpenCX Crawl Gate](${runUrl})${commit}`;
  const parts = [
    head,
    ...reasons(report),
    crawls.length === 0 ? '' : crawlTable(report),
    ruleTable(crawls),
    fixOf(report),
    foot,
  ];
  const whole = parts.filter((part) => part !== '').join('\n\n');
  return whole.length <= LONGEST_COMMENT ? whole : `${head}\n\n${foot}`;
}

/** Why it ended so: in the gate's own words, and what OpenCX said as a quotation. */
function reasons({ crawls, message }: RunResult): string[] {
  const [first, ...others] = crawls;
  if (first === undefined) return [asCode(message)];
  if (others.length === 0) return reason(first, '');

  const bad = crawls.filter(({ verdict }) => verdict.outcome !== 'succeeded');
  const hidden = bad.length - MOST_REASONS;
  return [
    `${crawls.length - bad.length} of ${crawls.length} crawls succeeded.`,
    ...bad
      .slice(0, MOST_REASONS)
      .flatMap((crawl) => reason(crawl, `${asCode(crawlName(crawl))}: `)),
    hidden > 0 ? `… and ${hidden} more, in the table.` : '',
  ];
}

function reason({ verdict }: CrawlResult, before: string): string[] {
  const quote = sanitize(verdict.quote ?? '', [], LONGEST_QUOTE);
  return [`${before}${verdict.reason}.`, ...(quote === '' ? [] : [asCodeBlock(quote)])];
}

function crawlTable(report: RunResult): string {
  return table(
    [
      { name: 'Crawl' },
      { name: 'Outcome' },
      ...['Pages', 'New', 'Updated', 'Removed'].map((name) => ({ name, numbers: true })),
    ],
    report.crawls.map((crawl) => {
      const { facts, verdict } = crawl;
      return [
        asCodeCell(crawlName(crawl)),
        outcomeCell(verdict.outcome, report.tolerated),
        progressCell(crawl),
        pagesCell(facts?.new_pages),
        pagesCell(facts?.updated_pages),
        pagesCell(facts?.removed_pages),
      ];
    }),
  );
}

function ruleTable(crawls: readonly CrawlResult[]): string {
  const broken = crawls.flatMap((crawl) =>
    crawl.rules.filter(({ met }) => !met).map((judged) => ({ crawl, ...judged })),
  );
  if (broken.length === 0) return '';
  const several = crawls.length > 1;
  const cell = (text: string) => asCodeCell(sanitize(text, [], LONGEST_CELL));
  const rows = broken
    .slice(0, MOST_RULES)
    .map(({ crawl, rule, actual }) => [
      ...(several ? [asCodeCell(crawlName(crawl))] : []),
      cell(rule.text),
      rule.level === 'require' ? 'required' : 'warns',
      cell(actual),
    ]);
  const names = [...(several ? ['Crawl'] : []), 'Rule that does not hold', '', 'Found'];
  const hidden = broken.length - rows.length;
  const drawn = table(
    names.map((name) => ({ name })),
    rows,
  );
  return hidden > 0 ? `${drawn}\n\n… and ${hidden} more rules that do not hold.` : drawn;
}
