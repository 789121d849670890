import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { readAction } from '../../emulator/runner.ts';
import { renderReadme } from '../../scripts/readme.ts';

const root = resolve(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

it('has the tables and the log of the present source', async () => {
  expect(readme, 'run "npm run readme"').toBe(await renderReadme(readme));
});

const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).map((page) =>
  page.replaceAll('\\', '/'),
);

function linksIn(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(([, path = '']) => path);
}

it.each(pages)('%s links to files that exist', (page) => {
  for (const path of linksIn(page)) {
    expect(existsSync(join(root, dirname(page), path)), path).toBe(true);
  }
});

it('links to every page in docs', () => {
  const linked = linksIn('README.md');
  const inDocs = pages.filter((page) => /^docs\/[^/]+$/.test(page));
  expect(linked).toEqual(expect.arrayContaining(inDocs));
});

it('links to every decision in docs/decisions/README.md', () => {
  const linked = linksIn('docs/decisions/README.md').map((path) => `docs/decisions/${path}`);
  const decisions = pages.filter((page) => /^docs\/decisions\/(?!README)/.test(page));
  expect(linked.sort()).toEqual(decisions.sort());
});

it.each(['README.md', 'CONTRIBUTING.md'])('%s names scripts that exist', (page) => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const text = readFileSync(join(root, page), 'utf8');
  for (const [, name = ''] of text.matchAll(/npm run ([\w:]+)/g)) {
    expect(Object.keys(scripts)).toContain(name);
  }
});

it('shows steps with inputs that exist', () => {
  const { inputs } = readAction();
  const blocks = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) =>
    parse(yaml),
  );
  const steps = (blocks.flat() as { with?: Record<string, string> }[]).filter((step) => step.with);
  expect(steps).toHaveLength(2);
  for (const step of steps) {
    expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(step.with ?? {})));
  }
});

it('has an example of the variables for a local run, each of an input that exists', () => {
  const lines = readFileSync(join(root, '.env.example'), 'utf8').split(/\r?\n/);
  const names = lines.flatMap((line) => /^INPUT_([^=]+)=/.exec(line)?.[1]?.toLowerCase() ?? []);
  expect(names.length).toBeGreaterThan(2);
  expect(Object.keys(readAction().inputs)).toEqual(expect.arrayContaining(names));
});

it('stays readable in one go', () => {
  expect(readme.split('\n').length).toBeLessThan(250);
});
