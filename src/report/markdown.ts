import type { Outcome, Verdict } from '../outcomes.ts';
import { printCount } from '../page-count.ts';
import type { CrawlResult } from '../result.ts';
import { oneLine, sanitize } from '../untrusted-text.ts';

const MAX_NAME_CHARACTERS = 80;

/** A column's heading, and whether its cells are numbers. */
export interface Column {
  name: string;
  numbers?: boolean;
}

/** A table. The cells must be safe already: `asCodeCell` for all untrusted text. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(({ name }) => name)),
    line(columns.map(({ numbers }) => (numbers ? '--:' : ':--'))),
    ...rows.map(line),
  ].join('\n');
}

/** A list of the first items. They must be safe already: `asCode` for all untrusted text. */
export function list(items: readonly string[], most: number = items.length): string {
  const hidden = items.length - most;
  const shown = items.slice(0, most);
  return [...shown, ...(hidden > 0 ? [`… and ${printCount(hidden)} more`] : [])]
    .map((item) => `- ${item}`)
    .join('\n');
}

/** Who says what a verdict quotes. */
export function quoteLeadIn({ outcome }: Verdict): string {
  return outcome === 'internal-error' ? 'The error message:' : 'OpenCX reported:';
}

/** Green, tolerated, or red, as one sign. */
export function outcomeMark(outcome: Outcome, tolerated: ReadonlySet<Outcome>): string {
  if (outcome === 'succeeded') return '✅';
  return tolerated.has(outcome) ? '⚠️' : '❌';
}

/** A number of pages; a dash when it is unknown. */
export function pagesCell(count: number | null | undefined): string {
  return count == null ? '—' : printCount(count);
}

/** `312 of 800`, as much of it as is known. */
export function progressCell(crawl: CrawlResult): string {
  const { completed_pages, total_pages } = crawl.facts ?? {};
  const completed = pagesCell(completed_pages);
  return total_pages == null ? completed : `${completed}\u00A0of\u00A0${printCount(total_pages)}`;
}

/** The same for a table that must fit on a narrow screen. */
export function narrowProgressCell(crawl: CrawlResult): string {
  return progressCell(crawl).replaceAll('\u00A0', ' ');
}

/** The mark and the outcome's own name, for a cell. */
export function outcomeCell(outcome: Outcome, tolerated: ReadonlySet<Outcome>): string {
  return `${outcomeMark(outcome, tolerated)}\u00A0\`${outcome}\``;
}

/** What a person calls the crawl: its website's name or URL, else the datasource's ID. Untrusted. */
export function crawlName({ datasource, datasourceId }: CrawlResult): string {
  return sanitize(
    datasource?.display_name || datasource?.url || datasourceId,
    [],
    MAX_NAME_CHARACTERS,
  );
}

/** The name of each crawl; where names repeat, with the ID that tells the crawls apart. Untrusted. */
export function crawlNames(crawls: readonly CrawlResult[]): Map<CrawlResult, string> {
  const named = crawls.map((crawl) => ({ crawl, name: crawlName(crawl) }));
  const names = repeated(named.map(({ name }) => name));
  const datasources = repeated(crawls.map(({ datasourceId }) => datasourceId));
  return new Map(
    named.map(({ crawl, name }) => {
      const { datasourceId, jobId } = crawl;
      const id = datasources.has(datasourceId) ? (jobId ?? 'no job') : datasourceId;
      return [crawl, names.has(name) && id !== name ? `${name} (${id})` : name];
    }),
  );
}

/** What occurs more than once. */
function repeated(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.filter((text, index) => texts.indexOf(text) !== index));
}

/** Untrusted text as code inside an HTML element, where Markdown does not reach. */
export function asHtmlCode(text: string): string {
  const escaped = oneLine(text).replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<code>${escaped}</code>`;
}
