import type { Outcome } from '../outcomes.ts';
import { printCount } from '../page-count.ts';
import type { CrawlResult } from '../result.ts';
import { sanitize } from '../untrusted-text.ts';

const LONGEST_NAME = 80;

/** A column's heading, and whether its cells are numbers. */
export interface Column {
  name: string;
  numbers?: boolean;
}

/** A table. The cells must be safe already: `asCodeCell` for everything foreign. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(({ name }) => name)),
    line(columns.map(({ numbers }) => (numbers ? '--:' : ':--'))),
    ...rows.map(line),
  ].join('\n');
}

/** A list of the first items. They must be safe already: `asCode` for everything foreign. */
export function list(items: readonly string[], most: number = items.length): string {
  const hidden = items.length - most;
  const shown = items.slice(0, most);
  return [...shown, ...(hidden > 0 ? [`… and ${hidden} more`] : [])]
    .map((item) => `- ${item}`)
    .join('\n');
}

/** Green, tolerated or red, as one sign. */
export function outcomeMark(outcome: Outcome, tolerated: ReadonlySet<Outcome>): string {
  if (outcome === 'succeeded') return '✅';
  return tolerated.has(outcome) ? '⚠️' : '❌';
}

/** A number of pages; a dash when it is not known. */
export function pagesCell(count: number | null | undefined): string {
  return count == null ? '—' : printCount(count);
}

/** `312 of 800`, as much of it as is known. */
export function progressCell(crawl: CrawlResult): string {
  const { completed_pages, total_pages } = crawl.facts ?? {};
  const completed = pagesCell(completed_pages);
  return total_pages == null ? completed : `${completed}\u00A0of\u00A0${printCount(total_pages)}`;
}

/** The mark and the outcome's own name, for a cell. */
export function outcomeCell(outcome: Outcome, tolerated: ReadonlySet<Outcome>): string {
  return `${outcomeMark(outcome, tolerated)}\u00A0\`${outcome}\``;
}

/**
 * What a person calls the crawl: its site's name or address, else the datasource's ID. It is
 * foreign text.
 */
export function crawlName({ datasource, datasourceId }: CrawlResult): string {
  return sanitize(datasource?.display_name || datasource?.url || datasourceId, [], LONGEST_NAME);
}
