import { between } from '../crawl.ts';
import { roughDuration } from '../duration.ts';
import { sentence, type Verdict } from '../outcomes.ts';
import type { CrawlResult, RunResult } from '../result.ts';
import type { EvaluatedRule } from '../rules/metrics.ts';
import { asCode, asCodeCell, sanitize } from '../untrusted-text.ts';
import { changesChart, progressChart } from './charts.ts';
import { list, pagesCell, progressCell, table } from './markdown.ts';

/** Characters of a text in a table's cell. */
const LONGEST_CELL = 200;
/** Characters of a reason in a list. */
const LONGEST_REASON = 300;
/** The most rules of one crawl that are shown; those that do not hold come first. */
const MOST_RULES = 100;

/** All about one crawl: counters, rules, pictures, times. */
export function crawlSection(crawl: CrawlResult, report: RunResult): string {
  const { facts, rules, samples } = crawl;
  const parts = [
    hasCounters(facts) ? counters(crawl) : '',
    ruleTable(rules),
    facts === undefined ? '' : titled('What changed', changesChart(facts), SCALE),
    titled('Pages over time', progressChart(samples)),
    times(crawl, report),
    identity(crawl),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function hasCounters(facts: CrawlResult['facts']): boolean {
  return facts !== undefined && facts.completed_pages !== null;
}

/** How long the crawl itself took, or a dash. */
export function crawlTook({ facts }: CrawlResult): string {
  const took = between(facts?.started_at ?? null, facts?.completed_at ?? null);
  return took === null ? '—' : roughDuration(took);
}

/** The verdict as one sentence, which may be foreign in part. */
export function shortReason(verdict: Verdict): string {
  return asCode(sanitize(sentence(verdict), [], LONGEST_REASON));
}

const SCALE = '_Lengths follow the square root of the numbers, so that small changes show._';

function titled(title: string, picture: string, caption = ''): string {
  return picture === '' ? '' : `### ${title}\n\n${picture}\n\n${caption}`.trim();
}

function counters(crawl: CrawlResult): string {
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

function ruleTable(rules: readonly EvaluatedRule[]): string {
  if (rules.length === 0) return '';
  const sorted = rules.toSorted((one, other) => Number(one.met) - Number(other.met));
  const cell = (text: string) => asCodeCell(sanitize(text, [], LONGEST_CELL));
  const drawn = table(
    [{ name: '' }, { name: 'Rule' }, { name: 'Found' }, { name: 'Level' }],
    sorted
      .slice(0, MOST_RULES)
      .map(({ rule, met, actual }) => [
        met ? '✅' : rule.level === 'require' ? '❌' : '⚠️',
        cell(rule.text),
        cell(actual),
        rule.level === 'require' ? 'required' : 'warns',
      ]),
  );
  const hidden = rules.length - MOST_RULES;
  return `### Rules\n\n${drawn}${hidden > 0 ? `\n\n… and ${hidden} more rules.` : ''}`;
}

function times(crawl: CrawlResult, { crawls, requests, waitedMs }: RunResult): string {
  const { facts } = crawl;
  const queued = between(facts?.created_at ?? null, facts?.started_at ?? null);
  const columns = [
    { name: 'Began', cell: printDate(facts?.started_at) },
    { name: 'Queued', cell: queued === null ? '—' : roughDuration(queued) },
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

function identity({ datasource, datasourceId, jobId, found, facts }: CrawlResult): string {
  const code = (text: string) => asCode(sanitize(text, [], LONGEST_CELL));
  const site = [datasource?.display_name, datasource?.url].filter((text) => text != null);
  const job =
    jobId !== undefined
      ? `${code(jobId)}${found ? ', found as the active crawl' : ''}`
      : facts === undefined
        ? 'none was found'
        : 'the last finished crawl';
  return list([
    ...(site.length === 0 ? [] : [`Site: ${site.map(code).join(' ')}`]),
    `Datasource: ${code(datasourceId)}`,
    `Crawl job: ${job}`,
  ]);
}

/** `2026-11-23 10:00:02 UTC` */
function printDate(date: string | null | undefined): string {
  return date == null ? '—' : `${new Date(date).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
