import { changedPages } from '../crawl.ts';
import { roughDuration } from '../duration.ts';
import { outcomeFix, outcomes, type Verdict } from '../outcomes.ts';
import { printCount } from '../page-count.ts';
import { type CrawlResult, fixOf, type RunResult } from '../result.ts';
import { asCode, asCodeBlock, asCodeCell } from '../untrusted-text.ts';
import {
  asHtmlCode,
  crawlNames,
  list,
  narrowProgressCell,
  outcomeCell,
  outcomeMark,
  pagesCell,
  quoteLeadIn,
  table,
} from './markdown.ts';
import { headline } from './message.ts';
import { crawlSection, shortReason } from './summary-crawl.ts';

/** GitHub takes 1 MiB for all steps of a job together. */
export const MAX_SUMMARY_BYTES = 200_000;
/** For what stands between the parts that are counted. */
const SPARE_BYTES = 400;

/** Links to a datasource in the dashboard are not documented. */
const DASHBOARD = '[Open the OpenCX dashboard](https://platform.open.cx)';

/** More crawls that succeeded than these are folded into one. */
const MAX_UNFOLDED = 3;
/** Of several crawls, those whose reasons stand above the table. */
const MAX_REASONS = 20;

type Names = ReadonlyMap<CrawlResult, string>;

/**
 * The job summary as Markdown (contract, section What people see).
 *
 * @param repositoryUrl the page of the action's repository, for a link to its README
 */
export function renderSummary(report: RunResult, repositoryUrl?: string): string {
  const [first, ...others] = report.crawls;
  const readme = repositoryUrl === undefined ? '' : `[Open the README](${repositoryUrl}#inputs)`;
  // The dashboard does not help with inputs.
  const foot = report.outcome === 'invalid-input' ? readme : DASHBOARD;
  const parts =
    first === undefined
      ? aboutNoCrawl(report)
      : others.length === 0
        ? [...aboutVerdict(first.verdict, report), crawlSection(first, report)]
        : aboutSeveralCrawls(report, sizeOf([foot]));
  return `${[...parts, foot].filter((part) => part !== '').join('\n\n')}\n`;
}

function heading(report: RunResult): string {
  return `## ${outcomeMark(report.outcome, report.tolerated)} ${headline(report)}`;
}

function aboutNoCrawl(report: RunResult): string[] {
  const { problems, verdict } = report;
  if (problems.length === 0 && verdict !== undefined) return aboutVerdict(verdict, report);
  return [heading(report), list(problems.map(asCode)), fixOf(report)];
}

/** What happened in our own words, what others said, and what to do. */
function aboutVerdict(verdict: Verdict, report: RunResult): string[] {
  const { reason, standsAlone, quote = '' } = verdict;
  return [
    heading(report),
    standsAlone ? '' : `${reason}.`,
    quote.trim() === '' ? '' : `${quoteLeadIn(verdict)}\n\n${asCodeBlock(quote)}`,
    fixOf(report),
  ];
}

/** The tables are always whole; there are as many details as there is room for. */
function aboutSeveralCrawls(report: RunResult, footBytes: number): string[] {
  const names = crawlNames(report.crawls);
  const sorted = worstFirst(report);
  const bad = sorted.filter(({ verdict }) => verdict.outcome !== 'succeeded');
  const good = sorted.slice(bad.length);
  const foldsGood = good.length > MAX_UNFOLDED;
  const visibleTable = crawlTable(foldsGood ? bad : sorted, names, report);
  const foldedTable = foldsGood ? crawlTable(good, names, report) : '';
  const head = [
    heading(report),
    ...reasonsAndFixes(bad, names),
    visibleTable,
    `Wait time: ${roughDuration(report.waitedMs)}. API requests: ${printCount(report.requests)}.`,
  ];
  const room = MAX_SUMMARY_BYTES - sizeOf([...head, foldedTable]) - footBytes - SPARE_BYTES;
  const details = detailsThatFit(sorted, names, report, room);
  const goodDetails = details.slice(bad.length);
  const hidden = sorted.length - details.length;
  return [
    ...head,
    ...details.slice(0, bad.length),
    ...(foldsGood
      ? [fold(`✅ ${good.length} successful crawls`, [foldedTable, ...goodDetails].join('\n\n'))]
      : goodDetails),
    hidden === 0
      ? ''
      : `Details for ${hidden} more ${hidden === 1 ? 'crawl' : 'crawls'} are omitted because the summary would be too long.`,
  ];
}

function reasonsAndFixes(bad: readonly CrawlResult[], names: Names): string[] {
  const reasons = bad.map(
    (crawl) => `**${asCode(names.get(crawl) ?? '')}**: ${shortReason(crawl.verdict)}`,
  );
  const fixes = bad.map(
    ({ verdict: { outcome, fix } }) => `${asCode(outcome)}: ${fix ?? outcomeFix(outcome)}`,
  );
  return bad.length === 0
    ? []
    : [list(reasons, MAX_REASONS), `Next steps:\n\n${list([...new Set(fixes)])}`];
}

function detailsThatFit(
  crawls: readonly CrawlResult[],
  names: Names,
  report: RunResult,
  room: number,
): string[] {
  const details: string[] = [];
  let left = room;
  for (const crawl of crawls) {
    const mark = outcomeMark(crawl.verdict.outcome, report.tolerated);
    const name = asHtmlCode(names.get(crawl) ?? '');
    const text = fold(`${mark} ${name}`, crawlSection(crawl, report));
    left -= sizeOf([text]);
    if (left < 0) break;
    details.push(text);
  }
  return details;
}

function fold(title: string, text: string): string {
  return `<details>\n<summary>${title}</summary>\n\n${text}\n\n</details>`;
}

function worstFirst({ crawls, tolerated }: RunResult): CrawlResult[] {
  const rank = ({ verdict: { outcome } }: CrawlResult) =>
    (tolerated.has(outcome) ? outcomes.length : 0) +
    (outcome === 'succeeded' ? 2 * outcomes.length : outcomes.indexOf(outcome));
  return crawls.toSorted((one, other) => rank(one) - rank(other));
}

/** Columns that would show nothing but dashes are left out. */
function crawlTable(
  crawls: readonly CrawlResult[],
  names: Names,
  { tolerated }: RunResult,
): string {
  if (crawls.length === 0) return '';
  const columns = [
    { name: 'Crawl', cell: (crawl: CrawlResult) => asCodeCell(names.get(crawl) ?? '') },
    {
      name: 'Outcome',
      cell: ({ verdict }: CrawlResult) => outcomeCell(verdict.outcome, tolerated),
    },
    { name: 'Pages', numbers: true, cell: narrowProgressCell },
    {
      name: 'Changed',
      numbers: true,
      cell: ({ facts }: CrawlResult) => pagesCell(facts && changedPages(facts)),
    },
  ]
    .map(({ cell, ...column }) => ({ ...column, cells: crawls.map(cell) }))
    .filter(({ cells }) => cells.some((cell) => cell !== '—'));
  return table(
    columns,
    crawls.map((_, index) => columns.map(({ cells }) => cells[index] ?? '')),
  );
}

function sizeOf(parts: readonly string[]): number {
  return parts.reduce((bytes, part) => bytes + Buffer.byteLength(part) + 2, 0);
}
