/**
 * `npm run readme`: makes the tables of the README from `action.yml` and the table of outcomes, and
 * lets the action itself say the log.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readAction } from '../emulator/runner.ts';
import { outcomeFix, outcomes, outcomeTitle, tolerableOutcomes } from '../src/outcomes.ts';
import { type Base, METRICS, type Metric, metricRow } from '../src/rules/metrics.ts';
import { tell } from '../test/support/virtual-world.ts';
import { inVirtualTime, README_STORY, STORIES } from './stories.ts';

const file = join(resolve(import.meta.dirname, '..'), 'README.md');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function inputTable(): string {
  return table(
    ['Input', 'Default', 'Description'],
    Object.entries(readAction().inputs).map(([name, input]) => [
      `\`${name}\``,
      input.required ? '**required**' : input.default ? `\`${input.default}\`` : '',
      input.description,
    ]),
  );
}

function outputTable(): string {
  return table(
    ['Output', 'Description'],
    Object.entries(readAction().outputs).map(([name, { description }]) => [
      `\`${name}\``,
      description,
    ]),
  );
}

function outcomeTable(): string {
  const greenFirst = ['succeeded' as const, ...outcomes.filter((name) => name !== 'succeeded')];
  return table(
    ['Outcome', 'Meaning', 'What to do', 'Can be tolerated'],
    greenFirst.map((outcome) => [
      `\`${outcome}\``,
      outcomeTitle(outcome),
      outcomeFix(outcome),
      tolerableOutcomes.includes(outcome) ? 'yes' : '',
    ]),
  );
}

const VALUES = {
  count: 'a whole number',
  duration: 'a duration, for example `2h`',
  time: 'a time with a time zone, for example `2026-11-23T10:00:00Z`',
};

const BASES: Readonly<Record<Base, string>> = {
  total_pages: 'a whole number, or a percentage of `total_pages`',
  'known pages': 'a whole number, or a percentage of the pages known before the crawl',
  indexed_pages: 'a whole number, or a percentage of `indexed_pages`',
};

function metricTable(): string {
  return table(
    ['Metric', 'Description', 'Compare with'],
    Object.keys(METRICS).map((name) => {
      const row = metricRow(name as Metric);
      const values = row.kind === 'share' ? BASES[row.base] : VALUES[row.kind];
      return [`\`${name}\``, row.meaning, values];
    }),
  );
}

/** The log of the second example, for a crawl that lost pages. */
async function logOfAStep(): Promise<string> {
  const story = STORIES[README_STORY];
  if (story === undefined) throw new Error(`there is no story ${README_STORY}`);
  const { log, annotations } = await tell(inVirtualTime(story));
  const errors = annotations.map(({ message }) => `Error: ${message.split('\n', 1)[0]}`);
  return `\`\`\`text\n${[...log, ...errors].join('\n')}\n\`\`\``;
}

/** The README with what is made for it made anew: between `<!-- NAME -->` and `<!-- /NAME -->`. */
export async function renderReadme(readme: string): Promise<string> {
  const parts = {
    log: await logOfAStep(),
    inputs: inputTable(),
    outputs: outputTable(),
    outcomes: outcomeTable(),
    metrics: metricTable(),
  };
  return Object.entries(parts).reduce((text, [name, made]) => {
    const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [start, end] = [text.indexOf(open), text.indexOf(close)];
    if (start < 0 || end < start) throw new Error(`README.md has no place for the ${name}`);
    return `${text.slice(0, start + open.length)}\n\n${made}\n\n${text.slice(end)}`;
  }, readme);
}

if (import.meta.main) writeFileSync(file, await renderReadme(readFileSync(file, 'utf8')));
