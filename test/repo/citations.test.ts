import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAction } from '../../emulator/runner.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** Headings and bold lead-ins; a heading such as "GET /x: one thing (documented: …)" has two names. */
function sectionsOf(page: string): string[] {
  const headings = [...page.matchAll(/^#{2,} (.+)$/gm)].flatMap(([, heading = '']) =>
    heading.replace(/ \(.*\)$/, '').split(': '),
  );
  const leadIns = [...page.matchAll(/^(?:- )?\*\*(.+?)[.:]?\*\*/gm)].map(([, name = '']) => name);
  return [...headings, ...leadIns];
}

const contract = sectionsOf(read('docs/contract.md')).map((name) => `section ${name}`);
const inputs = Object.keys(readAction().inputs).map((name) => `input \`${name}\``);
const apiReference = sectionsOf(read('docs/opencx-crawl-api.md'));

/** What can be cited, by the words that start a citation. */
const CITATIONS: readonly { start: RegExp; known: readonly string[] }[] = [
  { start: /\bcontract, /gi, known: [...contract, ...inputs] },
  { start: /\bcontract makes of .*?\((?=section )/gi, known: contract },
  { start: /\bAPI reference, /g, known: apiReference },
];

/** The citations of a text that lead nowhere, each with the words that follow it. */
function brokenCitations(text: string): string[] {
  const oneLine = text.replace(/\s*\n\s*(?:\*|\/\/) ?/g, ' ');
  return CITATIONS.flatMap(({ start, known }) =>
    [...oneLine.matchAll(start)]
      .map((match) => oneLine.slice(match.index + match[0].length))
      .filter((rest) => !known.some((name) => rest.startsWith(name)))
      .map((rest) => rest.slice(0, 60)),
  );
}

const files = globSync('{src,emulator,scripts,bench,test}/**/*.ts', { cwd: root }).filter(
  (file) => !file.endsWith('citations.test.ts'),
);

describe('citations of the contract and the API reference', () => {
  it.each([
    ['(contract, section Outcomes)', 0],
    ['(contract, section Second thoughts)', 0],
    ['(contract, section\n * Finding the crawl)', 0],
    ['Contract, input `timeout`.', 0],
    ['API reference, GET /crawl/{id}: only', 0],
    ['(API reference, one crawl job)', 0],
    ['(contract, section Finding the job)', 1],
    ['(contract, Finding the crawl)', 1],
    ['(contract, input `patience`)', 1],
    ['(API reference, one datasource)', 1],
  ])('%s', (text, broken) => {
    expect(brokenCitations(text)).toHaveLength(broken);
  });

  it('exist in the source', () => {
    expect(files.filter((file) => /contract, section/.test(read(file))).length).toBeGreaterThan(10);
  });

  it.each(files)('in %s resolve', (file) => {
    expect(brokenCitations(read(file))).toEqual([]);
  });
});
