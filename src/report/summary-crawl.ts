import { between } from '../crawl/job.ts';
import { roughDuration } from '../duration.ts';
import { asCodeCell, cleanText } from '../foreign-text.ts';
import type { JudgedRule } from '../rules/rule.ts';
import { pagesCell, progressCell, table } from './markdown.ts';
import { drawChange, drawProgress } from './pictures.ts';
import { type CrawlReport, type RunReport, sentence, type Verdict } from './report.ts';

/** Characters of a text in a table's cell. */
const LONGEST_CELL = 200;
/** The most rules of one crawl that are shown; those that do not hold come first. */
const MOST_RULES = 100;

/** All about one crawl: counters, rules, pictures, times. */
export function crawlSection(crawl: CrawlReport, report: RunReport): string {
  const { facts, rules, timeline } = crawl;
  const parts = [
    hasCounters(facts) ? counters(crawl) : '',
    ruleTable(rules),
    facts === undefined ? '' : titled('What changed', drawChange(facts), SCALE),
    titled('Pages over time', drawProgress(timeline)),
    times(crawl, report),
    identity(crawl),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function hasCounters(facts: CrawlReport['facts']): boolean {
  return facts !== undefined && facts.completed_pages !== null;
}

/** How long the crawl itself took, or a dash. */
export function crawlTook({ facts }: CrawlReport): string {
  const took = between(facts?.started_at ?? null, facts?.completed_at ?? null);
  return took === null || took < 0 ? '—' : roughDuration(took);
}

/** The verdict in a table's cell. */
export function reasonCell(verdict: Verdict): string {
  return asCodeCell(cleanText(sentence(verdict), [], LONGEST_CELL));
}

const SCALE = '_Lengths follow the square root of the numbers, so that small changes show._';

function titled(title: string, picture: string, caption = ''): string {
  return picture === '' ? '' : `### ${title}\n\n${picture}\n\n${caption}`.trim();
}

function counters(crawl: CrawlReport): string {
  const { facts } = crawl;
  return table(
    ['Pages crawled', 'New', 'Updated', 'Removed', 'Unchanged'].map((name) => ({
      name,
      numbers: true,
    })),
    [
      [
        `**${progressCell(crawl)}**`,
        pagesCell(facts?.new_pages),
        pagesCell(facts?.updated_pages),
        pagesCell(facts?.removed_pages),
        pagesCell(facts?.unchanged_pages),
      ],
    ],
  );
}

function ruleTable(rules: readonly JudgedRule[]): string {
  if (rules.length === 0) return '';
  const sorted = rules.toSorted((one, other) => Number(one.holds) - Number(other.holds));
  const cell = (text: string) => asCodeCell(cleanText(text, [], LONGEST_CELL));
  const drawn = table(
    [{ name: '' }, { name: 'Rule' }, { name: 'Found' }, { name: 'Level' }],
    sorted
      .slice(0, MOST_RULES)
      .map(({ rule, holds, actual }) => [
        holds ? '✅' : rule.level === 'require' ? '❌' : '⚠️',
        cell(rule.text),
        cell(actual),
        rule.level === 'require' ? 'required' : 'warns',
      ]),
  );
  const hidden = rules.length - MOST_RULES;
  return `### Rules\n\n${drawn}${hidden > 0 ? `\n\n… and ${hidden} more rules.` : ''}`;
}

function times(crawl: CrawlReport, { crawls, requests, waitedMs }: RunReport): string {
  const { facts } = crawl;
  const queued = between(facts?.created_at ?? null, facts?.started_at ?? null);
  const columns = [
    { name: 'Began', cell: printDate(facts?.started_at) },
    { name: 'Queued', cell: queued === null || queued < 0 ? '—' : roughDuration(queued) },
    { name: 'Crawled', cell: crawlTook(crawl) },
    ...(crawls.length > 1
      ? []
      : [
          { name: 'This step waited', cell: roughDuration(waitedMs) },
          { name: 'Requests', cell: String(requests) },
        ]),
  ];
  return table(columns, [columns.map(({ cell }) => cell)]);
}

function identity({ datasource, datasourceId, jobId, found, facts }: CrawlReport): string {
  const cell = (text: string | null | undefined) =>
    text ? asCodeCell(cleanText(text, [], LONGEST_CELL)) : '';
  const site = [cell(datasource?.display_name), cell(datasource?.url)].filter(Boolean).join('<br>');
  const job =
    jobId !== undefined
      ? `${cell(jobId)}${found ? '<br>found as the active crawl' : ''}`
      : facts === undefined
        ? 'none was found'
        : 'the last finished crawl';
  return site === ''
    ? table([{ name: 'Datasource' }, { name: 'Crawl job' }], [[cell(datasourceId), job]])
    : table(
        [{ name: 'Site' }, { name: 'Datasource' }, { name: 'Crawl job' }],
        [[site, cell(datasourceId), job]],
      );
}

/** `2026-11-23 10:00:02 UTC` */
function printDate(date: string | null | undefined): string {
  return date == null ? '—' : `${new Date(date).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
