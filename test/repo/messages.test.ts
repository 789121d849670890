import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAst } from 'vitest/node';
import { MESSAGES_PAGE, renderMessages } from '../../scripts/messages.ts';
import { outcomes, outcomeTitle } from '../../src/outcomes.ts';

const src = resolve(import.meta.dirname, '../..', 'src');
const page = readFileSync(MESSAGES_PAGE, 'utf8').replaceAll('\r\n', '\n');

/** Pages of their own, which `npm run preview` shows, and not messages. */
const PAGES = /(report|github)[\\/](summary|summary-crawl|charts|markdown|comment)\.ts$/;

/** Never said: what they guard against would be a defect that no input can bring about. */
const UNSAID = [
  'judged a crawl that was never seen',
  'there is no crawl',
  // Nothing of the action is left that could say it otherwise.
  'The action itself failed:',
  // The API's counters are never null one by one: a metric that lacks its base lacks itself.
  'number of pages known before',
];

/** The words in a file's strings, each as far as it stands in the source in one piece. */
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
  it('is what the action says', async () => {
    expect(page, 'run "npm run messages"').toBe(await renderMessages());
  });

  it.each(outcomes)('has the outcome %s', (outcome) => {
    const [, section = ''] = page.split(`### \`${outcome}\`\n`);
    expect(section.split('\n#')[0]).toContain(outcome === 'succeeded' ? '' : outcomeTitle(outcome));
    expect(section).not.toBe('');
  });

  it('is held against the words of the whole source', () => {
    expect(files).toContain('inputs.ts');
    expect(wordsIn(join(src, 'inputs.ts')).length).toBeGreaterThan(20);
  });

  it.each(files)('leaves out nothing that stands in src/%s', (name) => {
    const missing = wordsIn(join(src, name)).filter(
      (text) => !page.includes(text) && !UNSAID.includes(text),
    );
    expect(missing).toEqual([]);
  });
});
