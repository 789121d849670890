import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readRunContext } from '../../../src/github/event.ts';

const PUSHED = 'b'.repeat(40);
const NAMED = 'c'.repeat(40);
const folder = mkdtempSync(join(tmpdir(), 'event-'));
afterAll(() => rmSync(folder, { recursive: true }));

function contextOf(event: unknown, env: NodeJS.ProcessEnv = {}) {
  const path = join(folder, 'event.json');
  writeFileSync(path, JSON.stringify(event));
  return readRunContext({
    GITHUB_REPOSITORY: 'octo/help',
    GITHUB_SHA: PUSHED,
    GITHUB_EVENT_PATH: path,
    GITHUB_RUN_ID: '42',
    ...env,
  });
}

const run = { head_sha: NAMED, pull_requests: [] };

test.each([
  ['push', { ref: 'refs/heads/main', after: NAMED }, PUSHED],
  ['schedule', {}, PUSHED],
  ['workflow_dispatch', { inputs: { sha: NAMED } }, PUSHED],
  ['status', { sha: NAMED, state: 'success', context: 'deploy' }, NAMED],
  ['check_run', { check_run: { ...run, check_suite: { head_sha: PUSHED } } }, NAMED],
  ['check_suite', { check_suite: run }, NAMED],
  ['deployment', { deployment: { sha: NAMED } }, NAMED],
  [
    'deployment_status',
    {
      deployment: { sha: NAMED },
      deployment_status: {},
      workflow_run: { ...run, head_sha: PUSHED },
    },
    NAMED,
  ],
  ['workflow_run', { workflow_run: run }, NAMED],
  ['merge_group', { merge_group: { head_sha: NAMED } }, NAMED],
  ['pull_request', { pull_request: { number: 7, head: { sha: NAMED } } }, NAMED],
  ['pull_request_target', { pull_request: { number: 7, head: { sha: NAMED } } }, NAMED],
  ['issue_comment', { issue: { number: 7, pull_request: {} } }, PUSHED],
])('%s: the commit', (name, event, sha) => {
  expect(contextOf(event, { GITHUB_EVENT_NAME: name }).sha).toBe(sha);
});

test.each([
  ['pull_request', 'octo/help', false],
  ['pull_request', 'Octo/Help', false],
  ['pull_request', 'stranger/help', true],
  ['pull_request_review', 'stranger/help', true],
  ['pull_request_target', 'stranger/help', false],
])('%s of %s: the token is read-only: %s', (name, full_name, readOnlyToken) => {
  const event = { pull_request: { number: 7, head: { sha: NAMED, repo: { full_name } } } };
  const { pullRequest } = contextOf(event, { GITHUB_EVENT_NAME: name });
  expect(pullRequest).toEqual({ number: 7, headUnknown: false, readOnlyToken });
});

test('of workflow_run, only the pull request in the same repository counts', () => {
  const pull_requests = [
    { number: 3, base: { repo: { id: 2 } } },
    { number: 5, base: { repo: { id: 1 } } },
  ];
  const event = { repository: { id: 1 }, workflow_run: { ...run, pull_requests } };
  expect(contextOf(event)).toMatchObject({ pullRequest: { number: 5 }, pullRequestHidden: false });
});

test.each([
  ['stranger/help', true],
  ['octo/help', false],
])('workflow_run of %s: the pull request is hidden: %s', (full_name, pullRequestHidden) => {
  const context = contextOf({ workflow_run: { ...run, head_repository: { full_name } } });
  expect(context).toMatchObject({ pullRequest: undefined, pullRequestHidden });
});

test.each([
  [{ GITHUB_API_URL: 'https://ghe.example/api/v3' }, 'github'],
  [{ GITHUB_API_URL: 'https://git.example/api/v1' }, 'gitea'],
  [{ GITEA_ACTIONS: 'true' }, 'gitea'],
  [{}, 'github'],
])('the forge of %j is %s', (env, forge) => {
  expect(contextOf({}, env).forge).toBe(forge);
});

test('the run is identified by its number and attempt', () => {
  expect(contextOf({}).run).toEqual({ id: 42, attempt: 1 });
  expect(contextOf({}, { GITHUB_RUN_ATTEMPT: '3' }).run).toEqual({ id: 42, attempt: 3 });
  expect(contextOf({}, { GITHUB_RUN_ID: '' }).run).toBeUndefined();
});

test('addresses come from the environment', () => {
  const env = {
    GITHUB_SERVER_URL: 'https://ghe.example',
    GITHUB_API_URL: 'https://ghe.example/api/v3',
  };
  expect(contextOf({}, env)).toMatchObject({
    apiUrl: 'https://ghe.example/api/v3',
    runUrl: 'https://ghe.example/octo/help/actions/runs/42',
  });
});

test('without a repository there is nothing to report to', () => {
  expect(() => contextOf({}, { GITHUB_REPOSITORY: '' })).toThrow('GITHUB_REPOSITORY');
});
