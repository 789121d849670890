import { between, type CrawlFacts, hasFinished, removedForSure } from '../crawl.ts';
import { roughDuration } from '../duration.ts';
import type { Verdict } from '../outcomes.ts';
import { printCount } from '../page-count.ts';
import type { CrawlResult, RunResult } from '../result.ts';
import { type EvaluatedRule, foundOf } from '../rules/metrics.ts';
import { asCode, asCodeCell, sanitize } from '../untrusted-text.ts';
import { changesChart, progressChart } from './charts.ts';
import { list, narrowProgressCell, pagesCell, quoteLeadIn, table } from './markdown.ts';

const MAX_CELL_CHARACTERS = 200;
const MAX_REASON_CHARACTERS = 300;
/** Of one crawl; those that are not met come first. */
const MAX_RULES = 100;

/** Everything about one crawl: counters, rules, charts, times, and IDs. */
export function crawlSection(crawl: CrawlResult, report: RunResult): string {
  const { facts, rules, samples } = crawl;
  const parts = [
    facts === undefined ? '' : counters(crawl, facts),
    ruleTable(rules),
    facts === undefined
      ? ''
      : titled(hasFinished(facts) ? 'Changes' : 'Changes so far', changesChart(facts)),
    titled('Pages over time', progressChart(samples)),
    times(crawl, report),
    identity(crawl, report),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** The verdict in a list: our own words as text, and what others said as code. */
export function shortReason(verdict: Verdict): string {
  const { reason, quote = '' } = verdict;
  const own = `${sanitize(reason, [], MAX_REASON_CHARACTERS)}.`;
  const said = sanitize(quote, [], MAX_REASON_CHARACTERS);
  return said === '' ? own : `${own} ${quoteLeadIn(verdict)} ${asCode(said)}`;
}

function titled(title: string, chart: string): string {
  return chart === '' ? '' : `### ${title}\n\n${chart}`;
}

/** Unknown counters are left out. */
function counters(crawl: CrawlResult, facts: CrawlFacts): string {
  if (facts.completed_pages === null) return '';
  return row(
    [
      ['Pages', narrowProgressCell(crawl)],
      ...(
        [
          ['New', facts.new_pages],
          ['Updated', facts.updated_pages],
          ['Removed', removedForSure(facts)],
          ['Unchanged', facts.unchanged_pages],
        ] as const
      ).flatMap(([name, count]) => (count === null ? [] : [[name, pagesCell(count)] as const])),
    ],
    { numbers: true },
  );
}

/** A table of one row. */
function row(
  cells: readonly (readonly [name: string, cell: string])[],
  { numbers = false } = {},
): string {
  if (cells.length === 0) return '';
  return table(
    cells.map(([name]) => ({ name, numbers })),
    [cells.map(([, cell]) => cell)],
  );
}

function ruleTable(rules: readonly EvaluatedRule[]): string {
  if (rules.length === 0) return '';
  const sorted = rules.toSorted((one, other) => Number(one.met) - Number(other.met));
  const cell = (text: string) => asCodeCell(sanitize(text, [], MAX_CELL_CHARACTERS));
  const drawn = table(
    [{ name: '' }, { name: 'Rule' }, { name: 'Actual' }, { name: 'Level' }],
    sorted
      .slice(0, MAX_RULES)
      .map((evaluated) => [
        evaluated.met ? '✅' : evaluated.rule.level === 'require' ? '❌' : '⚠️',
        cell(evaluated.rule.text),
        cell(foundOf(evaluated)),
        evaluated.rule.level === 'require' ? 'required' : 'warning',
      ]),
  );
  const hidden = rules.length - MAX_RULES;
  const rest = `… and ${printCount(hidden)} more ${hidden === 1 ? 'rule' : 'rules'}.`;
  return `### Rules\n\n${drawn}${hidden > 0 ? `\n\n${rest}` : ''}`;
}

/** What is unknown is left out; with several crawls, the wait is the run's and not this crawl's. */
function times({ facts }: CrawlResult, { crawls, waitedMs }: RunResult): string {
  const queued = between(facts?.created_at ?? null, facts?.started_at ?? null);
  const crawled = between(facts?.started_at ?? null, facts?.completed_at ?? null);
  const cells = [
    ['Started', printDate(facts?.started_at)],
    ['Finished', printDate(facts?.completed_at)],
    ['Time in queue', queued === null ? null : roughDuration(queued)],
    ['Crawl time', crawled === null ? null : roughDuration(crawled)],
    ['Wait time', crawls.length > 1 ? null : roughDuration(waitedMs)],
  ] as const;
  return row(cells.flatMap(([name, cell]) => (cell === null ? [] : [[name, cell] as const])));
}

function identity(crawl: CrawlResult, { crawls, requests }: RunResult): string {
  const { datasource, datasourceId } = crawl;
  const code = (text: string) => asCode(sanitize(text, [], MAX_CELL_CHARACTERS));
  const website = [datasource?.display_name, datasource?.url].filter((text) => text);
  const job = crawlJob(crawl);
  return list([
    ...(website.length === 0
      ? []
      : [`Website: ${website.map((text) => code(text ?? '')).join(' ')}`]),
    `Datasource: ${code(datasourceId)}`,
    ...(job === null ? [] : [`Crawl job: ${job}`]),
    ...(crawls.length > 1 ? [] : [`API requests: ${printCount(requests)}`]),
  ]);
}

/** With the start of a crawl that was found, so that a reader can tell a scheduled one from theirs. */
function crawlJob({ jobId, found, facts }: CrawlResult): string | null {
  if (jobId === undefined) {
    return facts === undefined ? null : "last finished crawl (OpenCX doesn't report its ID)";
  }
  const id = asCode(sanitize(jobId, [], MAX_CELL_CHARACTERS));
  if (!found) return id;
  if (facts === undefined) return `${id} (active crawl)`;
  const started = printDate(facts.started_at);
  return `${id} (active crawl, ${started === null ? 'not started yet' : `started at ${started}`})`;
}

/** `2026-11-23 10:00:02 UTC` */
function printDate(date: string | null | undefined): string | null {
  return date == null ? null : `${new Date(date).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
