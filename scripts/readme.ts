/**
 * `npm run readme`: makes the tables of the README from `action.yml` and the table of outcomes, and
 * lets the action itself say the log.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readAction } from '../emulator/runner.ts';
import { outcomeFix, outcomes, outcomeTitle, tolerableOutcomes } from '../src/outcomes.ts';
import { tell } from '../test/support/virtual-world.ts';

const file = join(resolve(import.meta.dirname, '..'), 'README.md');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function inputTable(): string {
  return table(
    ['input', 'default', 'meaning'],
    Object.entries(readAction().inputs).map(([name, input]) => [
      `\`${name}\``,
      input.required ? '**required**' : input.default ? `\`${input.default}\`` : '',
      input.description,
    ]),
  );
}

function outputTable(): string {
  return table(
    ['output', 'meaning'],
    Object.entries(readAction().outputs).map(([name, { description }]) => [
      `\`${name}\``,
      description,
    ]),
  );
}

function outcomeTable(): string {
  const greenFirst = ['succeeded' as const, ...outcomes.filter((name) => name !== 'succeeded')];
  return table(
    ['outcome', 'what it means', 'what to do', 'tolerable'],
    greenFirst.map((outcome) => [
      `\`${outcome}\``,
      outcomeTitle(outcome),
      outcomeFix(outcome),
      tolerableOutcomes.includes(outcome) ? 'yes' : '',
    ]),
  );
}

/** What the step of the first example says of a crawl that lost pages. */
async function logOfAStep(): Promise<string> {
  const { log, annotations } = await tell({
    scenarios: ['lost-pages'],
    active: true,
    inputs: { require: 'removed_pages <= 5%\nstarted_at >= 2026-11-23T09:30:00Z' },
  });
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
  };
  return Object.entries(parts).reduce((text, [name, made]) => {
    const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [start, end] = [text.indexOf(open), text.indexOf(close)];
    if (start < 0 || end < start) throw new Error(`README.md has no place for the ${name}`);
    return `${text.slice(0, start + open.length)}\n\n${made}\n\n${text.slice(end)}`;
  }, readme);
}

if (import.meta.main) writeFileSync(file, await renderReadme(readFileSync(file, 'utf8')));
