import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { readAction } from '../../emulator/runner.ts';
import { renderReadme } from '../../scripts/readme.ts';
import { problemsOf } from '../support/input-builders.ts';

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, string>;
}

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
  for (const [, name = ''] of text.matchAll(/npm run ([\w:-]+)/g)) {
    expect(Object.keys(scripts)).toContain(name);
  }
});

const [workflow = '', steps = ''] = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map(
  ([, yaml = '']) => yaml,
);
const recent: Step[] = parse(workflow).jobs.crawl.steps;
const deployment: Step[] = parse(steps);

it.each([
  ['first', recent],
  ['second', deployment],
])('has inputs that the action accepts in the %s example', (_, example) => {
  const step = example.find(({ uses }) => uses?.startsWith('owner/opencx-crawl-gate@'));
  const inputs = Object.entries(step?.with ?? {}).map(([name, value]) => [
    name,
    value
      .replace('${{ secrets.OPENCX_API_KEY }}', 'ocx_key')
      .replace('${{ steps.before.outputs.time }}', '2026-11-23T09:30:00Z'),
  ]);
  expect(inputs.length).toBeGreaterThan(2);
  expect(problemsOf({ 'job-id': 'active', ...Object.fromEntries(inputs) })).toEqual([]);
});

it('takes the time before the deployment', () => {
  expect(deployment[0]?.run).toContain('GITHUB_OUTPUT');
  expect(deployment[1]?.run).toContain('deploy.sh');
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
