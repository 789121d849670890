import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAst } from 'vitest/node';
import { MESSAGES_PAGE, renderMessages } from '../../scripts/messages.ts';
import { outcomes, outcomeTitle } from '../../src/outcomes.ts';

const src = resolve(import.meta.dirname, '../..', 'src');
const page = readFileSync(MESSAGES_PAGE, 'utf8').replaceAll('\r\n', '\n');

/** Whole pages, which `npm run preview` shows, and not messages. */
const PAGES = /(report|github)[\\/](summary|summary-crawl|charts|markdown|comment)\.ts$/;

/** Never printed: they guard against defects that no input can cause. */
const UNSAID = [
  'judged a crawl that was never seen',
  'there is no crawl',
  // Printed when the rest of the action is broken.
  'The action itself failed:',
  // Counters are never null one by one: a metric whose base is unknown is unknown itself.
  'number of pages known before',
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
    const [, section = ''] = page.split(`### \`${outcome}\`\n`);
    expect(section.split('\n#')[0]).toContain(outcome === 'succeeded' ? '' : outcomeTitle(outcome));
    expect(section).not.toBe('');
  });

  it('is compared with every file of the source', () => {
    expect(files).toContain('inputs.ts');
    expect(wordsIn(join(src, 'inputs.ts')).length).toBeGreaterThan(20);
  });

  it.each(files)('contains every text of src/%s', (name) => {
    const missing = wordsIn(join(src, name)).filter(
      (text) => !page.includes(text) && !UNSAID.includes(text),
    );
    expect(missing).toEqual([]);
  });
});
