import { changedPages } from '../crawl.ts';
import { roughDuration } from '../duration.ts';
import { outcomeFix, outcomes, outcomeTitle } from '../outcomes.ts';
import { printCount } from '../page-count.ts';
import { type CrawlResult, fixOf, isGreen, type RunResult } from '../result.ts';
import { asCode, asCodeBlock, asCodeCell } from '../untrusted-text.ts';
import {
  crawlName,
  list,
  outcomeCell,
  outcomeMark,
  pagesCell,
  progressCell,
  table,
} from './markdown.ts';
import { howMany } from './message.ts';
import { crawlSection, crawlTook, shortReason } from './summary-crawl.ts';

/** The most bytes of a summary; GitHub takes 1 MiB for all steps of a job together. */
export const LARGEST_SUMMARY = 200_000;

/** The dashboard; links to a datasource in it are not documented (API reference). */
const DASHBOARD = 'https://platform.open.cx';

/** The most problems of the inputs that are listed. */
const MOST_PROBLEMS = 100;
/** More crawls that succeeded than these are folded into one. */
const FEW = 3;
/** The most crawls whose reasons stand above the table. */
const MOST_REASONS = 20;

/** The job summary as Markdown (contract, section What people see). */
export function renderSummary(report: RunResult): string {
  const { outcome, tolerated, crawls } = report;
  // Of several crawls the headline itself says what is tolerated.
  const mild = crawls.length < 2 && outcome !== 'succeeded' && isGreen(report);
  const { headline, story } = tellOutcome(report);
  const head = [
    `## ${outcomeMark(outcome, tolerated)} ${headline}${mild ? ' (tolerated)' : ''}`,
    ...story,
  ];
  const [first, ...others] = crawls;
  const body =
    first === undefined
      ? []
      : others.length === 0
        ? [crawlSection(first, report)]
        : manyCrawls(report, LARGEST_SUMMARY - sizeOf(head) - sizeOf([FOOT]) - 200);
  return `${[...head, ...body, FOOT].filter((part) => part !== '').join('\n\n')}\n`;
}

const FOOT = `[OpenCX dashboard](${DASHBOARD})`;

/** What happened and what to do, in the gate's own words; what others said stands as code. */
function tellOutcome(report: RunResult): { headline: string; story: string[] } {
  const { crawls, outcome, message, problems } = report;
  const [first, ...others] = crawls;
  const title = outcomeTitle(outcome);
  const remedy = fixOf(report);
  if (first === undefined) {
    const said = problems.length === 0 ? [message] : problems;
    return { headline: title, story: [list(said.map(asCode), MOST_PROBLEMS), remedy] };
  }
  if (others.length > 0) return { headline: howMany(report), story: tellEach(report) };

  const { reason, quote } = first.verdict;
  const quotation = quote === undefined ? '' : asCodeBlock(quote);
  return reason.startsWith(title)
    ? { headline: reason, story: [quotation, remedy] }
    : { headline: title, story: [`**${reason}.**`, quotation, remedy] };
}

/** Of several crawls: why each that did not succeed ended so, and what to do about it. */
function tellEach(report: RunResult): string[] {
  const bad = worstFirst(report).filter(({ verdict }) => verdict.outcome !== 'succeeded');
  const reasons = bad.map(
    ({ datasourceId, verdict }) => `${asCode(datasourceId)}: ${shortReason(verdict)}`,
  );
  const remedies = bad.map(
    ({ verdict: { outcome, fix } }) => `${asCode(outcome)}: ${fix ?? outcomeFix(outcome)}`,
  );
  return [
    list(reasons, MOST_REASONS),
    bad.length === 0 ? '' : `What to do:\n\n${list([...new Set(remedies)])}`,
  ];
}

/** The table of all crawls is always whole; of the details as many as there is room for. */
function manyCrawls(report: RunResult, room: number): string[] {
  const sorted = worstFirst(report);
  const whole = crawlTable(sorted, report);
  const details: string[] = [];
  let left = room - sizeOf([whole]);
  for (const crawl of sorted) {
    const { outcome } = crawl.verdict;
    const heading = `${outcomeMark(outcome, report.tolerated)} ${crawl.datasourceId}`;
    const text = fold(heading, crawlSection(crawl, report));
    left -= sizeOf([text]);
    if (left < 0) break;
    details.push(text);
  }
  const bad = sorted.filter(({ verdict }) => verdict.outcome !== 'succeeded').length;
  const good = details.slice(bad);
  const hidden = sorted.length - details.length;
  const rest =
    hidden === 0 ? '' : `The details of ${hidden} more are left out: they would be too long.`;
  const { waitedMs, requests } = report;
  return [
    whole,
    `This step waited ${roughDuration(waitedMs)} and sent ${printCount(requests)} requests.`,
    ...details.slice(0, bad),
    ...(good.length > FEW ? [fold(`✅ ${good.length} that succeeded`, good.join('\n\n'))] : good),
    rest,
  ];
}

function fold(heading: string, text: string): string {
  return `<details>\n<summary>${heading}</summary>\n\n${text}\n\n</details>`;
}

function worstFirst({ crawls, tolerated }: RunResult): CrawlResult[] {
  const rank = ({ verdict: { outcome } }: CrawlResult) =>
    (tolerated.has(outcome) ? outcomes.length : 0) +
    (outcome === 'succeeded' ? 2 * outcomes.length : outcomes.indexOf(outcome));
  return crawls.toSorted((one, other) => rank(one) - rank(other));
}

function crawlTable(crawls: readonly CrawlResult[], { tolerated }: RunResult): string {
  return table(
    [
      { name: 'Crawl' },
      { name: 'Outcome' },
      { name: 'Pages', numbers: true },
      { name: 'Changed', numbers: true },
      { name: 'Took', numbers: true },
    ],
    crawls.map((crawl) => {
      const { facts, verdict } = crawl;
      return [
        names(crawl),
        outcomeCell(verdict.outcome, tolerated),
        progressCell(crawl),
        pagesCell(facts && changedPages(facts)),
        crawlTook(crawl),
      ];
    }),
  );
}

/** The site's name, if it is known, and the ID that heads the details. */
function names(crawl: CrawlResult): string {
  const name = asCodeCell(crawlName(crawl));
  return crawl.datasource === undefined ? name : `${name}<br>${asCodeCell(crawl.datasourceId)}`;
}

function sizeOf(parts: readonly string[]): number {
  return parts.reduce((size, part) => size + Buffer.byteLength(part) + 2, 0);
}
