import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readAction } from '../../emulator/runner.ts';
import { problemsOf } from '../support/input-builders.ts';
import { idOf } from '../support/run-results.ts';

const file = resolve(import.meta.dirname, '../..', '.github', 'workflows', 'gate-many.yml');
const text = readFileSync(file, 'utf8');
const { on, jobs } = parse(text);

interface Group {
  name: string;
  datasources: string;
}

/** Runs the script that lists the datasources, as actions/github-script does. */
function list(datasources: string, perJob = '100'): { groups: Group[]; problem: string } {
  const told = { groups: [] as Group[], problem: '' };
  const core = {
    setOutput: (_: string, groups: Group[]) => {
      told.groups = groups;
    },
    setFailed: (problem: string) => {
      told.problem = problem;
    },
  };
  const env = { DATASOURCE_IDS: datasources, PER_JOB: perJob };
  new Function('core', 'process', jobs.list.steps[0].with.script)(core, { env });
  return told;
}

const ids = (count: number) => Array.from({ length: count }, (_, index) => idOf(index));

describe('the list of datasources', () => {
  it.each([
    ['lines', `${idOf(0)}\n${idOf(1)}\n`],
    ['the lines of Windows', `${idOf(0)}\r\n  ${idOf(1)}\r\n`],
    ['a JSON array', JSON.stringify(ids(2))],
  ])('is read from %s', (_, datasources) => {
    expect(list(datasources)).toEqual({
      groups: [{ name: 'Datasources 1 to 2', datasources: `${idOf(0)}\n${idOf(1)}` }],
      problem: '',
    });
  });

  it('is split into jobs that the action accepts, and loses no datasource', () => {
    const { groups } = list(ids(250).join('\n'));
    expect(groups.map(({ name }) => name)).toEqual([
      'Datasources 1 to 100',
      'Datasources 101 to 200',
      'Datasources 201 to 250',
    ]);
    expect(groups.flatMap(({ datasources }) => datasources.split('\n'))).toEqual(ids(250));
    for (const { datasources } of groups) {
      expect(problemsOf({ 'datasource-id': datasources, 'job-id': 'active' })).toEqual([]);
    }
  });

  it('gives each datasource its own job when asked to', () => {
    const each = ids(3).map((id) => ({ name: id, datasources: id }));
    expect(list(ids(3).join('\n'), '1').groups).toEqual(each);
  });

  it.each([
    ['empty', ' \n', 'datasource-ids, entry 1, is empty'],
    ['an empty array', '[]', 'datasource-ids, entry 1, is empty'],
    ['with a blank line', `${idOf(0)}\n\n${idOf(1)}`, 'datasource-ids, entry 2, is empty'],
    ['with a null', '["a", null]', 'datasource-ids, entry 2, is empty'],
    ['a broken array', '["a"', 'datasource-ids is not a valid JSON array'],
  ])('is refused when it is %s', (_, datasources, problem) => {
    const told = list(datasources);
    expect(told.problem).toContain(problem);
    expect(told.groups).toEqual([]);
  });

  it('is refused when it needs more jobs than a matrix can have', () => {
    expect(list(ids(256).join('\n'), '1').problem).toBe('');
    expect(list(ids(257).join('\n'), '1').problem).toContain('257 jobs, but the maximum is 256');
  });

  it.each(['0', '101', '1.5', ''])('is refused with %j datasources per job', (perJob) => {
    expect(list(idOf(0), perJob).problem).toContain('from 1 to 100');
  });
});

describe('the reusable workflow', () => {
  const inputs: Record<string, { default?: string | number }> = on.workflow_call.inputs;
  const step = jobs.wait.steps[0];

  it('reads every input that it declares, and no other', () => {
    const read = [...text.matchAll(/inputs\.([\w-]+)/g)].map(([, name]) => name);
    expect([...new Set(read)].sort()).toEqual(Object.keys(inputs).sort());
  });

  it('passes on every input of the action that makes sense for many datasources', () => {
    const others = ['job-id', 'request-timeout', 'poll-interval', 'summary'];
    const ofOneCommit = ['comment', 'commit-status', 'sha', 'github-token'];
    expect([...Object.keys(step.with), ...others, ...ofOneCommit].sort()).toEqual(
      Object.keys(readAction().inputs).sort(),
    );
  });

  it('passes on the inputs of the action by their own names', () => {
    const passed = Object.entries(step.with).filter(([, value]) => `${value}`.includes('inputs.'));
    for (const [name, value] of passed) {
      expect(value).toBe(`\${{ inputs.${name} }}`);
      expect(Object.keys(readAction().inputs)).toContain(name);
    }
  });

  it('leaves the defaults to the action', () => {
    const optional = Object.keys(step.with).filter((name) => inputs[name] !== undefined);
    expect(optional.length).toBeGreaterThan(5);
    for (const name of optional) expect(inputs[name]?.default).toBeUndefined();
  });

  it('runs all jobs on the runner that the caller names', () => {
    for (const job of Object.values(jobs) as Record<string, unknown>[]) {
      expect(job['runs-on']).toContain('inputs.runs-on');
    }
  });

  it('has nothing that two calls in one run share, and no artifacts', () => {
    const used = (Object.values(jobs) as { steps: { uses: string }[] }[]).flatMap(({ steps }) =>
      steps.map(({ uses }) => uses.replace(/@.*/, '')),
    );
    expect(used).toEqual(['actions/github-script', 'owner/opencx-crawl-gate']);
    expect(text).not.toContain('concurrency:');
  });
});
