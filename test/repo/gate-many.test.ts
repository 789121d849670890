import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { idOf } from '../support/report-builders.ts';
import { type Story, tell } from '../support/virtual-world.ts';

const file = resolve(import.meta.dirname, '../..', '.github', 'workflows', 'gate-many.yml');
const { jobs } = parse(readFileSync(file, 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'crawl-gate-many-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a script of the workflow as a runner does: from a file, with the step's own variables. */
function runStep(job: string, id: string, env: Record<string, string>, results: string[] = []) {
  const step = jobs[job].steps.find((one: { id?: string }) => one.id === id);
  if (step.shell !== 'node {0}') throw new Error(`${id} is no script for Node`);
  const cwd = mkdtempSync(join(folder, 'run-'));
  mkdirSync(join(cwd, 'results'));
  for (const [index, result] of results.entries()) {
    if (result !== '') writeFileSync(join(cwd, 'results', `result-${index}.json`), result);
  }
  const written = (name: string, text: string) => {
    const path = join(cwd, name);
    writeFileSync(path, text);
    return path;
  };
  const output = written('output', '');
  const summary = written('summary', '');
  const { status, stdout, stderr } = spawnSync(process.execPath, [written('script', step.run)], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env, GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary },
  });
  const [, value = ''] = /^\w+=(.*)\n$/.exec(readFileSync(output, 'utf8')) ?? [];
  return { status, stdout, stderr, value, summary: readFileSync(summary, 'utf8') };
}

const list = (datasources: string) => runStep('list', 'list', { DATASOURCES: datasources });
const legsOf = (count: number) =>
  JSON.stringify(Array.from({ length: count }, (_, index) => ({ index, datasource: idOf(index) })));
const collect = (all: string, results: string[]) =>
  runStep('summary', 'collect', { LEGS: legsOf(results.length), ALL: all }, results);
const resultOf = async (story: Story) => (await tell(story)).outputs['result'] ?? '';

describe('the list of datasources', () => {
  it.each([
    ['lines', `${idOf(0)}\n${idOf(1)}\n`],
    ['the lines of Windows', `${idOf(0)}\r\n  ${idOf(1)}\r\n`],
    ['JSON', JSON.stringify([idOf(0), idOf(1)])],
  ])('is read from %s', (_, datasources) => {
    expect(list(datasources)).toMatchObject({ status: 0, value: legsOf(2) });
  });

  it('keeps a blank line, whose job is then red', () => {
    const legs = JSON.parse(list(`${idOf(0)}\n\n${idOf(1)}\n`).value);
    expect(legs.map(({ datasource }: { datasource: string }) => datasource)).toEqual([
      idOf(0),
      '',
      idOf(1),
    ]);
  });

  it.each([
    ['nothing', ' \n'],
    ['an empty list', '[]'],
    ['more than a matrix takes', Array.from({ length: 257 }, (_, n) => idOf(n)).join('\n')],
  ])('is refused when it is %s', (_, datasources) => {
    const { status, stdout } = list(datasources);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^::error::.*256/);
  });
});

describe('the collected summary', () => {
  it('is one green table when every crawl succeeded', async () => {
    const result = await resultOf({ scenarios: ['steady'] });
    const { status, summary, value } = collect('success', [result, result]);
    expect(status).toBe(0);
    expect(summary).toContain('## ✅ 2 of 2 crawls succeeded\n\n| Datasource | Outcome |');
    expect(summary).toContain(`| \`${idOf(1)}\` | \`succeeded\` | 812 | 4 |  |`);
    expect(JSON.parse(value)).toEqual({ [idOf(0)]: 'succeeded', [idOf(1)]: 'succeeded' });
  });

  it('is red when one of them is, and says why', async () => {
    const { status, summary, stdout } = collect('failure', [
      await resultOf({ scenarios: ['steady'] }),
      await resultOf({ scenarios: ['lost-pages'], inputs: { require: 'removed_pages <= 5%' } }),
    ]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^::error::/);
    expect(summary).toContain('## ❌ 1 of 2 crawls succeeded');
    expect(summary).toMatch(/`rejected` \| 702 \| 94 \| `The crawl finished, but "removed_pages/);
  });

  it('is green when what went wrong is tolerated', async () => {
    const story = { scenarios: ['failed'], inputs: { tolerate: 'failed' } };
    const { status, summary } = collect('success', [await resultOf(story)]);
    expect(status).toBe(0);
    expect(summary).toContain('✅ 0 of 1');
    expect(summary).toContain('`failed`');
  });

  it('tells of a job that left no result, or none that can be read', () => {
    const { status, summary, value } = collect('failure', ['', '{']);
    expect(status).toBe(1);
    expect(
      summary.match(/`no result` \| — \| — \| `The job did not come to its end\.`/g),
    ).toHaveLength(2);
    expect(Object.values(JSON.parse(value))).toEqual(['no result', 'no result']);
  });

  it('shows what OpenCX said as nothing but code', async () => {
    const { summary } = collect('failure', [await resultOf({ scenarios: ['hostile'] })]);
    const row = summary.split('\n').find((line) => line.includes('`failed`')) ?? '';
    expect(row.match(/`/g)).toHaveLength(6);
    expect(row.match(/\|/g)).toHaveLength(6);
    expect(summary.trim().split('\n')).toHaveLength(5);
  });
});
