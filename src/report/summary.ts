import { changedPages } from '../crawl/job.ts';
import { asCodeBlock, asCodeCell } from '../foreign-text.ts';
import { outcomeRemedy, outcomes, outcomeTitle } from '../outcome.ts';
import { crawlName, outcomeCell, outcomeMark, pagesCell, progressCell, table } from './markdown.ts';
import { howMany } from './message.ts';
import { type CrawlReport, isGreen, type RunReport } from './report.ts';
import { crawlSection, crawlTook, reasonCell } from './summary-crawl.ts';

/** The most bytes of a summary; GitHub takes 1 MiB for all steps of a job together. */
export const LARGEST_SUMMARY = 200_000;

/** The dashboard; links to a datasource in it are not documented (API reference). */
const DASHBOARD = 'https://platform.open.cx';

/** The job summary as Markdown (contract, section What people see). */
export function renderSummary(report: RunReport): string {
  const { outcome, tolerated, crawls } = report;
  const mild = outcome !== 'succeeded' && isGreen(report) ? ' (tolerated)' : '';
  const head = [
    `## ${outcomeMark(outcome, tolerated)} ${outcomeTitle(outcome)}${mild}`,
    ...sentenceOf(report),
    outcomeRemedy(outcome),
  ];
  const [first, ...others] = crawls;
  const body =
    first === undefined
      ? []
      : others.length === 0
        ? [crawlSection(first, report)]
        : manyCrawls(report, LARGEST_SUMMARY - sizeOf(head) - sizeOf([FOOT]) - 100);
  return `${[...head, ...body, FOOT].filter((part) => part !== '').join('\n\n')}\n`;
}

const FOOT = `[OpenCX dashboard](${DASHBOARD})`;

/** What happened, in the gate's own words; what OpenCX said stands in a block of its own. */
function sentenceOf(report: RunReport): string[] {
  const { crawls, message } = report;
  const [first, ...others] = crawls;
  if (first === undefined) return [asCodeBlock(message)];
  if (others.length > 0) return [`**${howMany(report)}.**`];
  const { reason, quote } = first.verdict;
  return [`**${reason}.**`, ...(quote === undefined ? [] : [asCodeBlock(quote)])];
}

/** The table of all crawls is always whole; of the details as many as there is room for. */
function manyCrawls(report: RunReport, room: number): string[] {
  const sorted = worstFirst(report);
  const whole = crawlTable(sorted, report);
  const details: string[] = [];
  let left = room - sizeOf([whole]);
  for (const crawl of sorted) {
    const { outcome } = crawl.verdict;
    const heading = `${outcomeMark(outcome, report.tolerated)} ${crawl.datasourceId}`;
    const text = `<details>\n<summary>${heading}</summary>\n\n${crawlSection(crawl, report)}\n\n</details>`;
    left -= sizeOf([text]);
    if (left < 0) break;
    details.push(text);
  }
  const hidden = sorted.length - details.length;
  const rest =
    hidden === 0 ? '' : `The details of ${hidden} more are left out: they would be too long.`;
  return [whole, ...details, rest];
}

function worstFirst({ crawls, tolerated }: RunReport): CrawlReport[] {
  const rank = ({ verdict: { outcome } }: CrawlReport) =>
    (tolerated.has(outcome) ? outcomes.length : 0) +
    (outcome === 'succeeded' ? 2 * outcomes.length : outcomes.indexOf(outcome));
  return crawls.toSorted((one, other) => rank(one) - rank(other));
}

function crawlTable(crawls: readonly CrawlReport[], { tolerated }: RunReport): string {
  return table(
    [
      { name: 'Crawl' },
      { name: 'Outcome' },
      { name: 'Pages', numbers: true },
      { name: 'Changed', numbers: true },
      { name: 'Took', numbers: true },
      { name: 'Why' },
    ],
    crawls.map((crawl) => {
      const { facts, verdict } = crawl;
      return [
        names(crawl),
        outcomeCell(verdict.outcome, tolerated),
        progressCell(crawl),
        pagesCell(facts && changedPages(facts)),
        crawlTook(crawl),
        verdict.outcome === 'succeeded' ? '' : reasonCell(verdict),
      ];
    }),
  );
}

/** The site's name, if it is known, and the ID that heads the details. */
function names(crawl: CrawlReport): string {
  const name = asCodeCell(crawlName(crawl));
  return crawl.datasource === undefined ? name : `${name}<br>${asCodeCell(crawl.datasourceId)}`;
}

function sizeOf(parts: readonly string[]): number {
  return parts.reduce((size, part) => size + Buffer.byteLength(part) + 2, 0);
}
