import { describe, expect, test } from 'vitest';
import { GITEA_BOT } from '../../emulator/github.ts';
import {
  both,
  ENDLESS,
  failedRun,
  github,
  HEAD,
  LONG_LIMITS,
  mark,
  onlyStatus,
  PUSHED,
  pullRequest,
  SHORT_LIMITS,
  step,
  TOKEN,
  until,
} from '../support/github-step.ts';
import { crawlReport, runReport } from '../support/run-results.ts';

const aborted = runReport([crawlReport({ verdict: { outcome: 'aborted', reason: 'Cancelled' } })]);

test('without comment and commit status nothing is opened or sent', async () => {
  const server = await github();
  const gate = step(server, { inputs: { comment: 'false' } });
  await gate.run();
  expect(gate.shown).toEqual({ info: [], warnings: [], opened: 0 });
  expect(server.requests).toEqual([]);
});

test('before the start the end sends nothing', async () => {
  const server = await github();
  await step(server).end(runReport([], { outcome: 'invalid-input', message: 'Wrong.' }));
  expect(server.requests).toEqual([]);
});

test('without github-token there is one warning and nothing else', async () => {
  const server = await github();
  const gate = step(server, { inputs: { 'github-token': '', ...both } });
  await gate.run();
  expect(gate.shown.warnings).toEqual([expect.stringContaining('`github-token` is empty')]);
  expect(gate.shown.opened).toBe(0);
});

test('a missing permission is one warning that names it', async () => {
  const message = 'Resource not accessible by integration';
  const server = await github({ faults: [{ method: 'POST', status: 403, message }] });
  const gate = step(server, { inputs: both });
  await gate.run();
  expect(gate.shown.warnings).toEqual([
    [
      'Could not update the commit status and the comment',
      "Commit status: GitHub returned 403 (Resource not accessible by integration). Add `statuses: write` to the job's `permissions`, or set `github-token` to a token that has this permission.",
      "Comment: GitHub returned 403 (Resource not accessible by integration). Add `pull-requests: write` to the job's `permissions`, or set `github-token` to a token that has this permission.",
      'This does not affect the outcome of this step.',
    ].join('\n'),
  ]);
  // A permission does not come by asking again; the end of the commit status is sent all the same.
  const posts = (part: string) =>
    server.requests.filter(({ method, path }) => method === 'POST' && path.includes(part));
  expect(posts('/comments')).toHaveLength(1);
  expect(posts('/statuses/')).toHaveLength(2);
});

test.each([
  ['pull_request', 'is from a fork, so the token is read-only'],
  ['pull_request_target', "to the job's `permissions`"],
])('for a fork, the warning of %s says what is true', async (name, expected) => {
  const server = await github({ faults: [{ method: 'POST', status: 403 }] });
  const head = { ...pullRequest.head, repo: { full_name: 'stranger/help' } };
  const gate = step(server, {
    event: { pull_request: { ...pullRequest, head } },
    env: { GITHUB_EVENT_NAME: name },
  });
  await gate.run();
  expect(gate.shown.warnings).toEqual([expect.stringContaining(expected)]);
});

test('a token that GitHub does not know is one warning, and is not said', async () => {
  const fault = { status: 401, message: `Bad credentials: ${TOKEN}` };
  const gate = step(await github({ faults: [fault] }));
  await gate.run();
  expect(gate.shown.warnings).toEqual([
    expect.stringContaining('Check that `github-token` is valid'),
  ]);
  expect(gate.shown.warnings[0]).not.toContain(TOKEN);
});

test('what fails for a moment is tried again', async () => {
  const server = await github({
    faults: [
      { path: '/statuses', status: 502, times: 2 },
      { method: 'GET', path: '/comments', hang: true, times: 1 },
    ],
  });
  const gate = step(server, { inputs: both, limits: { ...LONG_LIMITS, tryTimeoutMs: 1_000 } });
  await gate.run();
  expect(server.statuses.at(-1)).toMatchObject({ state: 'success' });
  expect(server.comments).toHaveLength(1);
  expect(gate.shown.warnings).toEqual([]);
});

test.each([{ status: 503 }, { hang: true }])(
  'a GitHub that does not recover (%j) delays the end for a bounded time',
  async (fault) => {
    const gate = step(await github({ faults: [fault] }), { inputs: both, limits: SHORT_LIMITS });
    await gate.run();
    expect(gate.shown.warnings).toEqual([
      expect.stringMatching(/`statuses: write`[\s\S]*`pull-requests: write`/),
    ]);
  },
);

test('a GitHub that is not there is one warning', async () => {
  const gate = step({ url: 'http://127.0.0.1:9' }, { inputs: both, limits: SHORT_LIMITS });
  await gate.run();
  expect(gate.shown.warnings).toEqual([expect.stringContaining('Could not reach GitHub')]);
});

test('a runner that names no repository is one warning', async () => {
  const gate = step(await github(), { env: { GITHUB_REPOSITORY: '' } });
  await gate.run();
  expect(gate.shown.warnings).toEqual([expect.stringContaining('GITHUB_REPOSITORY')]);
});

test('no pull request is one line in the log', async () => {
  const server = await github();
  const gate = step(server, { inputs: both, event: { ref: 'refs/heads/main' } });
  await gate.run();
  expect(gate.shown.info).toEqual([expect.stringContaining('Skipped the comment')]);
  expect(gate.shown.warnings).toEqual([]);
  expect(server.comments).toEqual([]);
  expect(server.statuses.at(-1)).toMatchObject({ sha: PUSHED, state: 'success' });
});

test.each([
  ['a review', { review: {}, pull_request: pullRequest }, HEAD, 7],
  ['a comment on a pull request', { issue: { number: 9, pull_request: {} } }, HEAD, 9],
  ['a comment on an issue', { issue: { number: 9 } }, PUSHED, undefined],
  [
    'another workflow that ran',
    {
      repository: { id: 1 },
      workflow_run: {
        head_sha: 'c'.repeat(40),
        pull_requests: [
          { number: 3, base: { repo: { id: 2 } } },
          { number: 5, base: { repo: { id: 1 } } },
        ],
      },
    },
    'c'.repeat(40),
    5,
  ],
  [
    'an event of another shape',
    { pull_request: 'none', issue: [], workflow_run: 1 },
    PUSHED,
    undefined,
  ],
  ['no event', 'text', PUSHED, undefined],
])('%s has its commit and its pull request', async (_, event, sha, number) => {
  const server = await github({ head: HEAD });
  await step(server, { inputs: both, event }).run();
  expect(server.statuses.at(-1)?.['sha']).toBe(sha);
  const created = server.requests.find(({ path }) => path.endsWith('/comments'))?.path;
  expect(created).toBe(number && `/repos/octo/help/issues/${number}/comments`);
});

test('GitHub Enterprise Server is asked at its own address', async () => {
  const server = await github({ forge: 'github-enterprise' });
  await step(server, { inputs: both }).run();
  expect(server.requests.every(({ path }) => path.startsWith('/api/v3/'))).toBe(true);
  expect(server.comments).toHaveLength(1);
});

test.each(['ghs_broken\ntoken', 'ghs_ünicode', 'two words'])(
  'a github-token that cannot be one (%j) is one warning, and nothing is sent',
  async (token) => {
    const server = await github();
    const gate = step(server, { inputs: { ...both, 'github-token': token } });
    await gate.run();
    expect(gate.shown.warnings).toEqual([expect.stringContaining('`github-token`')]);
    expect(server.requests).toEqual([]);
  },
);

describe('Gitea', () => {
  const stranger = { id: 9, login: 'stranger' };

  test('has one comment and one commit status', async () => {
    const server = await github({ forge: 'gitea' });
    await step(server, { inputs: both }).run(failedRun);
    const gate = step(server, { inputs: both });
    await gate.run();
    expect(server.comments).toHaveLength(1);
    expect(server.comments[0]?.body).toContain('The crawl succeeded');
    expect(server.statuses.at(-1)).toMatchObject({ state: 'success' });
    expect(gate.shown.warnings).toEqual([]);
  });

  test('a comment of somebody else is left alone, among 250', async () => {
    const comments = Array.from({ length: 250 }, (_, index) => ({
      body: index === 3 ? `${mark}\nmine` : `Comment ${index}`,
      user: stranger,
    }));
    const server = await github({ forge: 'gitea', comments });
    await step(server).run();
    await step(server).run();
    expect(server.comments).toHaveLength(251);
    expect(server.comments[3]?.body).toBe(`${mark}\nmine`);
    expect(server.comments.at(-1)).toMatchObject({ user: GITEA_BOT });
  });

  test('a token that cannot say whose it is writes no second comment', async () => {
    const message = 'token does not have at least one of required scope(s)';
    const server = await github({
      forge: 'gitea',
      comments: [{ body: `${mark}\nold`, user: stranger }],
      faults: [{ path: '/user', status: 403, message }],
    });
    const gate = step(server);
    await gate.run();
    expect(server.comments).toHaveLength(1);
    expect(gate.shown.warnings).toEqual([expect.stringContaining('`read:user`')]);
  });

  test('the permission for the commit status has another name', async () => {
    const server = await github({ forge: 'gitea', faults: [{ path: '/statuses', status: 403 }] });
    const gate = step(server, { inputs: onlyStatus });
    await gate.run();
    expect(gate.shown.warnings).toEqual([expect.stringContaining('`contents: write`')]);
  });
});

describe('a response to a write', () => {
  const page = '<!doctype html><title>Sign in</title>';

  test.each([
    ['the comment', { method: 'POST', path: '/comments' }, 'Comment: '],
    ['the commit status', { method: 'POST', path: '/statuses' }, 'Commit status: '],
  ])('that is a page in place of %s is a warning', async (_, fault, start) => {
    const gate = step(await github({ faults: [{ ...fault, page }] }), {
      inputs: both,
      limits: { ...LONG_LIMITS, end: 1_500 },
    });
    await gate.run();
    expect(gate.shown.warnings).toEqual([
      expect.stringContaining(`${start}GitHub returned 200, but not the response`),
    ]);
  });

  test.each([301, 307])('that redirects elsewhere (%d) is a warning', async (status) => {
    const elsewhere = await github();
    const headers = { location: `${elsewhere.url}/stolen` };
    const faults = [{ method: 'POST', status, headers }];
    const gate = step(await github({ faults }), { inputs: both });
    await gate.run();
    expect(elsewhere.requests).toEqual([]);
    expect(gate.shown.warnings).toEqual([expect.stringContaining('redirected the request')]);
  });

  test.each([301, 307, 308])(
    'that redirects on the same origin (%d) is followed',
    async (status) => {
      const location = '/repositories/1/issues/7/comments';
      const faults = [{ method: 'POST', path: '/octo/help/issues', status, headers: { location } }];
      const server = await github({ faults });
      await step(server).run();
      expect(server.requests).toContainEqual(
        expect.objectContaining({ method: 'POST', path: location }),
      );
    },
  );
});

test('after an abort the last status and the comment are sent at once', async () => {
  const server = await github();
  const gate = step(server, { inputs: both });
  gate.start();
  await until(() => server.statuses.length === 1);
  gate.abort();
  await gate.end(aborted);
  expect(server.statuses.at(-1)).toMatchObject({ state: 'error', description: 'Cancelled.' });
  expect(server.comments).toHaveLength(1);
  expect(gate.shown.warnings).toEqual([]);
});

test('after an abort a GitHub that hangs gets only the time that is left', async () => {
  const limits = { ...ENDLESS, endAfterAbort: 300 };
  const gate = step(await github({ faults: [{ hang: true }] }), { inputs: both, limits });
  gate.start();
  gate.abort();
  await gate.end(aborted);
  expect(gate.shown.warnings).toHaveLength(1);
});

test('a signal after the outcome drops the rest', async () => {
  const server = await github({ faults: [{ hang: true }] });
  const gate = step(server, { inputs: both, limits: ENDLESS });
  setTimeout(gate.abort, 100);
  await gate.run();
  expect(gate.shown.warnings).toEqual([]);
  expect(gate.shown.info).toEqual([expect.stringContaining('The workflow was canceled')]);

  const sent = server.requests.length;
  await gate.end(runReport());
  expect(server.requests).toHaveLength(sent);
});
