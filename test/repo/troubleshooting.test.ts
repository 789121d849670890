import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { renderMessages } from '../../scripts/messages.ts';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/troubleshooting.md'), 'utf8');

/** Messages of three words or more in the first column; the rest of it describes symptoms. */
const messages = page
  .split('\n')
  .map((line) => /^\| (`.*?) \| /.exec(line)?.[1] ?? '')
  .flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text))
  .filter((text) => text.split(' ').length > 2);

/** A message without its values: its longest part without numbers or quoted values. */
const withoutValues = (message: string) =>
  message
    .replace(/ \(SIGINT\)$/, '')
    .split(/\d+\w*|"[^"]*"|: pending$|: scraping$/)
    .reduce((longest, part) => (part.length > longest.length ? part : longest), '');

it('quotes only messages that the action has', async () => {
  const printed = await renderMessages();
  const source = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(root, 'src', name), 'utf8'))
    .join('\n');
  expect(messages.length).toBeGreaterThan(25);
  const unknown = messages.map(withoutValues).filter((text) => {
    return !printed.includes(text) && !source.includes(text);
  });
  expect(unknown).toEqual([]);
});
