import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAst } from 'vitest/node';
import { MESSAGES_PAGE, renderMessages } from '../../scripts/messages.ts';
import { outcomes, outcomeTitle } from '../../src/outcomes.ts';
import { METRICS } from '../../src/rules/metrics.ts';

const src = resolve(import.meta.dirname, '../..', 'src');
const page = readFileSync(MESSAGES_PAGE, 'utf8').replaceAll('\r\n', '\n');

/** Whole pages, which `npm run preview` shows, and not messages. */
const PAGES = /(report|github)[\\/](summary|summary-crawl|charts|markdown|comment)\.ts$/;

/** Never printed: they guard against defects that no input can cause. */
const UNSAID = [
  'searched in a datasource that was never read',
  'not a request of this client',
  // Printed when the rest of the action is broken, or before Node can run it.
  "The action hit an internal error that it could not report. Open an issue in the action's repository.",
  'This action needs Node.js',
  ', but the runner started it with Node.js',
  'Update the runner, or use a job container with Node.js',
  'or later.',
  'The code of this action could not be loaded:',
  '::error title=The action hit an internal error::',
  // Counters are never null one by one: a metric whose base is unknown is unknown itself.
  'OpenCX does not report how many pages it knew before this crawl',
  'OpenCX reports no indexed_pages',
  // Only some forges, events, and runs lead to these; test/process has them.
  'GitHub sent a broken response',
  'Skipped the comment: this run is about a fork, and GitHub does not say which pull request it belongs to',
  'Kept the comment of a newer run on the pull request',
  'Could not read whose token this is, to find its own comment:',
  'Give the token the scope',
  // A 404 is never named by its status.
  'Not Found',
  // These are in the README.
  ...Object.values(METRICS).map(({ meaning }) => meaning),
];

/** The strings of a file that contain words, each as far as it is one piece in the source. */
function wordsIn(file: string): string[] {
  const words: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { type, value } = node as { type?: string; value?: unknown };
    if (type === 'Literal' && typeof value === 'string') words.push(value);
    if (type === 'TemplateElement') words.push((value as { cooked: string }).cooked);
    for (const child of Object.values(node)) visit(child);
  };
  visit(parseAst(stripTypeScriptTypes(readFileSync(file, 'utf8'))));
  return words.map((text) => text.trim()).filter((text) => /\p{L} \p{L}/u.test(text));
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !PAGES.test(name))
  .map((name) => name.replaceAll('\\', '/'));

describe('docs/messages.md', () => {
  it('has the messages of the present source', async () => {
    expect(page, 'run "npm run messages"').toBe(await renderMessages());
  });

  it.each(outcomes)('has the outcome %s', (outcome) => {
    const [, section = ''] = page.split(`### \`${outcome}\`: ${outcomeTitle(outcome)}\n`);
    expect(section).not.toBe('');
  });

  it('is compared with every file of the source', () => {
    expect(files).toContain('inputs.ts');
    expect(wordsIn(join(src, 'inputs.ts')).length).toBeGreaterThan(15);
  });

  it.each(files)('contains every text of src/%s', (name) => {
    const missing = wordsIn(join(src, name)).filter(
      (text) => !page.includes(text) && !UNSAID.includes(text),
    );
    expect(missing).toEqual([]);
  });
});
