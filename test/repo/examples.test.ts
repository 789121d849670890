import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkAction, checkWorkflow, listWorkflows } from '../../scripts/check-workflows.ts';
import { DATASOURCE_ID, JOB_ID } from '../support/crawl-builders.ts';
import { problemsOf } from '../support/input-builders.ts';
import { runScript } from '../support/run-script.ts';

const root = resolve(import.meta.dirname, '../..');
const examples = listWorkflows().filter((path) => path.startsWith('examples/'));
const readme = readFileSync(join(root, 'README.md'), 'utf8');

interface Step {
  id?: string;
  name?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

function stepsOf(path: string): Step[] {
  const { jobs } = parse(readFileSync(join(root, path), 'utf8')) as {
    jobs: Record<string, { steps?: Step[] }>;
  };
  return Object.values(jobs).flatMap(({ steps = [] }) => steps);
}

const usesTheAction = ({ uses }: Step) => uses?.startsWith('owner/opencx-crawl-gate@') === true;

/** A value that each expression in the examples can have. */
const VALUES: readonly (readonly [RegExp, string])[] = [
  [/^secrets\./, 'ocx_key'],
  [
    /^(steps\.\w+\.outputs\.time|github\.event\.(deployment\.created_at|pull_request\.updated_at))$/,
    '2026-11-23T10:00:00Z',
  ],
  [/\.outputs\.job-id$/, JOB_ID],
  [/^(matrix\.datasource|vars\.OPENCX_DATASOURCE_ID|inputs\.datasource-id)$/, DATASOURCE_ID],
  [/^matrix\.name$/, 'docs'],
  [/^inputs\.job-id$/, 'active'],
  [/^inputs\.\w+$/, ''],
  [/ && 'all' \|\| ''$/, 'all'],
];

function evaluate(text: string): string {
  return text.replaceAll(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => {
    const [, value] = VALUES.find(([pattern]) => pattern.test(expression)) ?? [];
    if (value === undefined) throw new Error(`there is no value for ${expression}`);
    return value;
  });
}

describe('the examples', () => {
  it('exist', () => {
    expect(examples.length).toBeGreaterThanOrEqual(15);
  });

  it.each(examples)('%s is a valid workflow and fits action.yml', async (path) => {
    expect(await checkWorkflow(path)).toEqual([]);
  });

  it.each(examples)('%s is listed in the README', (path) => {
    expect(readme).toContain(`(${path})`);
  });

  it.each(examples)('%s has inputs that the action accepts', (path) => {
    for (const { with: inputs = {} } of stepsOf(path).filter(usesTheAction)) {
      const values = Object.entries(inputs).map(([name, value]) => [name, evaluate(`${value}`)]);
      expect(problemsOf({ 'job-id': 'active', ...Object.fromEntries(values) })).toEqual([]);
    }
  });

  it.each(examples)('%s pins every action of others to a commit', (path) => {
    const others = stepsOf(path).filter((step) => step.uses && !usesTheAction(step));
    for (const { uses } of others) expect(uses).toMatch(/@[0-9a-f]{40}$/);
  });

  it('use a commit status name per datasource in a matrix', () => {
    const names = examples.flatMap((path) =>
      stepsOf(path)
        .filter(({ with: inputs = {} }) => `${inputs['datasource-id']}`.includes('matrix.'))
        .map(({ with: inputs = {} }) => inputs['commit-status']),
    );
    expect(names.length).toBeGreaterThanOrEqual(2);
    for (const name of names) expect(name).toContain('${{ matrix.name }}');
  });
});

function scriptOf(path: string, name: string): string {
  const script = stepsOf(path).find((step) => step.name === name)?.run;
  if (script === undefined) throw new Error(`${path} has no script "${name}"`);
  return script;
}

// The scripts run on the runners of the examples, which are Linux.
describe.skipIf(process.platform === 'win32')('the issue of the nightly check', () => {
  const script = scriptOf('examples/nightly-check.yml', 'Open, update, or close the issue');
  /** The calls of `gh`, with the number of the issue that is open. */
  const callsOf = (env: Record<string, string>, issue = '') => {
    const gh = `[ "$1 $2" = 'issue list' ] && printf '%s' '${issue}'; exit 0`;
    const { status, stderr, calls } = runScript(script, { env, programs: { gh } });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return calls;
  };
  const failed = {
    FAILED: 'true',
    OUTCOME: 'rejected',
    MESSAGE: 'The rule was not met: @everyone',
    TITLE: 'The check failed',
    LABEL: 'opencx-crawl',
    RUN: 'https://github.com/run',
  };
  const passed = { ...failed, FAILED: 'false', OUTCOME: 'succeeded' };

  it('is created when none is open, with the message as code', () => {
    const calls = callsOf(failed);
    expect(calls).toContain('issue\ncreate\n--title\nThe check failed\n--label\nopencx-crawl\n');
    expect(calls).toContain(
      '--body\n    The rule was not met: @everyone\n\nhttps://github.com/run',
    );
    expect(calls).not.toContain('edit');
  });

  it('is updated when it is open', () => {
    const calls = callsOf(failed, '17');
    expect(calls).toContain('issue\nedit\n17\n--body\n    The rule');
    expect(calls).not.toContain('create');
  });

  it('is closed when the check passes again', () => {
    expect(callsOf(passed, '17')).toContain('issue\nclose\n17\n');
  });

  it.each([
    ['the check passes and none is open', passed, ''],
    ['the outcome is tolerated', { ...passed, OUTCOME: 'unreachable' }, '17'],
  ])('stays as it is when %s', (_, env, issue) => {
    expect(callsOf(env, issue)).not.toMatch(/create|edit|close/);
  });
});

const hasJq = spawnSync('jq', ['--version']).status === 0;

describe.skipIf(process.platform === 'win32' || !hasJq)('the Slack message', () => {
  it('has the message as plain text and a link to the run', () => {
    const env = {
      OUTCOME: 'failed',
      MESSAGE: 'The crawl failed: "<!channel>"',
      RUN: 'https://github.com/run',
      SLACK_WEBHOOK_URL: 'https://hooks.slack.example/x',
    };
    const script = scriptOf('examples/notify-slack.yml', 'Post to Slack');
    const { calls, file } = runScript(script, { env, programs: { curl: 'cat > body' } });
    expect(calls).toContain('--data\n@-\nhttps://hooks.slack.example/x\n');
    const { text, blocks } = JSON.parse(file('body'));
    expect(text).toBe('OpenCX crawl: failed');
    expect(blocks[0].text).toEqual({ type: 'plain_text', text: 'The crawl failed: "<!channel>"' });
    expect(blocks[1].text.text).toContain('https://github.com/run');
  });
});

describe('action.yml', () => {
  it('is as GitHub expects it', () => {
    expect(checkAction()).toEqual([]);
  });
});
