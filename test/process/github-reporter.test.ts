import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { BOT, type EmulatedGithub, GITEA_BOT, startGithub } from '../../emulator/github.ts';
import { createGithubClient } from '../../src/github/client.ts';
import { commentMark } from '../../src/github/comment.ts';
import { readRunContext } from '../../src/github/event.ts';
import { createGithubReporter } from '../../src/github/reporter.ts';
import { parseInputs } from '../../src/inputs.ts';
import { systemClock } from '../../src/node/clock.ts';
import type { RunResult } from '../../src/result.ts';
import {
  crawlReport,
  DATASOURCE,
  facts,
  OTHER_DATASOURCE,
  runReport,
} from '../support/run-results.ts';

const HEAD = 'a'.repeat(40);
const PUSHED = 'b'.repeat(40);
const TOKEN = 'ghs_sixteenCharacters';
const PERSON = { id: 7, login: 'someone', type: 'User' } as const;
const mark = commentMark([DATASOURCE]);

const pullRequest = {
  number: 7,
  head: { sha: HEAD, repo: { full_name: 'octo/help' } },
};

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function github(options?: Parameters<typeof startGithub>[0]): Promise<EmulatedGithub> {
  const server = await startGithub(options);
  cleanUps.push(server.close);
  return server;
}

/** Short limits for a GitHub that hangs; without a fault, not even a busy machine reaches PATIENCE. */
const HURRY = { tryTimeoutMs: 300, end: 1_500, endAfterAbort: 300 };
const PATIENCE = { tryTimeoutMs: 20_000, end: 25_000, endAfterAbort: 25_000 };

/** One step's reports to that GitHub, and what the step's log then holds. */
function step(
  server: Pick<EmulatedGithub, 'url'>,
  {
    inputs = {},
    event = { pull_request: pullRequest },
    env = {},
    limits: { tryTimeoutMs, ...limits } = PATIENCE,
  }: {
    inputs?: Record<string, string>;
    event?: unknown;
    env?: NodeJS.ProcessEnv;
    limits?: typeof PATIENCE;
  } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'github-reports-'));
  cleanUps.push(() => rmSync(folder, { recursive: true }));
  const eventPath = join(folder, 'event.json');
  writeFileSync(eventPath, JSON.stringify(event));
  const runnerEnv = {
    GITHUB_API_URL: server.url,
    GITHUB_SERVER_URL: 'https://github.example',
    GITHUB_REPOSITORY: 'octo/help',
    GITHUB_RUN_ID: '42',
    GITHUB_SHA: PUSHED,
    GITHUB_EVENT_PATH: eventPath,
    ...env,
  };
  const given: Record<string, string> = {
    token: 'sk_test',
    'datasource-id': DATASOURCE,
    'job-id': 'active',
    comment: 'true',
    'github-token': TOKEN,
    ...inputs,
  };
  const told = {
    info: [] as string[],
    warnings: [] as string[],
    masked: [] as string[],
    opened: 0,
  };
  const stop = new AbortController();
  const reports = createGithubReporter(
    {
      open: async (token) => {
        told.opened += 1;
        return createGithubClient(token, readRunContext(runnerEnv), {
          tryTimeoutMs,
          retryPauseMs: 10,
        });
      },
      clock: systemClock,
      signal: stop.signal,
      mask: (secret) => told.masked.push(secret),
      info: (line) => told.info.push(line),
      warn: (title, message) => told.warnings.push(`${title}\n${message}`),
    },
    { ...limits, pause: 30 },
  );
  const settings = parseInputs((name) => given[name] ?? '');
  return {
    ...reports,
    told,
    begin: () => reports.start(settings),
    abort: () => stop.abort(),
    /** The whole of it, and how many milliseconds the end took. */
    async run(report: RunResult = runReport()): Promise<number> {
      reports.start(settings);
      const startedAt = performance.now();
      await reports.end(report);
      return performance.now() - startedAt;
    },
  };
}

const onlyStatus = { comment: 'false', 'commit-status': 'crawl' };
const both = { 'commit-status': 'crawl' };
const aborted = runReport([crawlReport({ verdict: { outcome: 'aborted', reason: 'Cancelled' } })]);
const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
};

test('without comment and commit status nothing is opened or sent', async () => {
  const server = await github();
  const gate = step(server, { inputs: { comment: 'false' } });
  await gate.run();
  expect(gate.told).toEqual({ info: [], warnings: [], masked: [], opened: 0 });
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
  expect(gate.told.warnings).toEqual([expect.stringContaining('`github-token` is empty')]);
  expect(gate.told.opened).toBe(0);
});

test('the first run writes the comment, the next one edits it', async () => {
  const server = await github();
  const first = step(server);
  await first.run();
  expect(server.comments).toHaveLength(1);
  expect(server.comments[0]?.body).toContain(
    `${mark}<!-- run 42 attempt 1 -->\n### ✅ The crawl succeeded`,
  );
  expect(server.comments[0]?.body).toContain('https://github.example/octo/help/actions/runs/42');

  const verdict = { outcome: 'failed', reason: 'The crawl failed' } as const;
  await step(server).run(runReport([crawlReport({ verdict })]));
  expect(server.comments).toHaveLength(1);
  expect(server.comments[0]?.body).toContain('### ❌ The crawl failed');
  expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /repos/octo/help/issues/7/comments',
    'POST /repos/octo/help/issues/7/comments',
    // Another run might have written one at the same time.
    'GET /repos/octo/help/issues/7/comments',
    'GET /user',
    'GET /repos/octo/help/issues/7/comments',
    'GET /user',
    'PATCH /repos/octo/help/issues/comments/1',
    'GET /repos/octo/help/issues/7/comments',
  ]);
  expect(server.requests[0]?.authorization).toBe(`token ${TOKEN}`);
  expect(first.told).toEqual({ info: [], warnings: [], masked: [TOKEN], opened: 1 });
});

test('it is found on the third page', async () => {
  const comments = Array.from({ length: 250 }, (_, index) => ({ body: `Comment ${index}` }));
  const server = await github({ comments: comments.with(240, { body: `${mark}\nold` }) });
  await step(server).run();
  expect(server.comments).toHaveLength(250);
  expect(server.comments[240]?.body).toContain('The crawl succeeded');
  expect(server.requests.filter(({ query }) => query['page'] === '3')).toHaveLength(2);
});

test('two sets of datasources have two comments, and the order of a set does not matter', async () => {
  const server = await github();
  const two = (ids: string[]) => ({ 'datasource-id': ids.join('\n') });
  await step(server).run();
  await step(server, { inputs: two([DATASOURCE, OTHER_DATASOURCE]) }).run();
  await step(server, { inputs: two([OTHER_DATASOURCE, DATASOURCE.toUpperCase()]) }).run();
  expect(server.comments).toHaveLength(2);
});

test('a comment that only quotes the mark, or that another person wrote, is left alone', async () => {
  const quoting = [
    { body: `> ${mark}\nwhat is this?`, user: PERSON },
    { body: `${mark}\nThe crawl succeeded, trust me`, user: PERSON },
  ];
  const server = await github({ comments: quoting });
  const gate = step(server);
  await gate.run();
  expect(server.comments.slice(0, 2)).toEqual([
    expect.objectContaining(quoting[0]),
    expect.objectContaining(quoting[1]),
  ]);
  expect(server.comments[2]).toEqual(expect.objectContaining({ user: BOT }));
  expect(gate.told.warnings).toEqual([]);
});

test('with the token of a person the comment of that person is found', async () => {
  const stranger = { body: `${mark}\nmine`, user: { ...PERSON, id: 8 } };
  const own = { body: `${mark}\nold`, user: PERSON };
  const server = await github({ user: PERSON, comments: [stranger, own] });
  await step(server, { inputs: { 'github-token': 'ghp_personal' } }).run();
  expect(server.comments.map(({ body }) => body)).toEqual([
    stranger.body,
    expect.stringContaining('The crawl succeeded'),
  ]);
});

test('without a word on whose token it is, there is a warning and no second comment', async () => {
  const server = await github({
    user: PERSON,
    comments: [{ body: `${mark}\nold`, user: PERSON }],
    faults: [{ path: '/user', status: 503 }],
  });
  const gate = step(server, { inputs: { 'github-token': 'ghp_personal' } });
  await gate.run();
  expect(server.comments).toHaveLength(1);
  expect(gate.told.warnings).toHaveLength(1);
});

test.each([403, 404])(
  'one that may not be edited (%d) is followed by an own one',
  async (status) => {
    const server = await github({
      comments: [{ body: `${mark}\nof another bot` }],
      faults: [{ method: 'PATCH', path: '/comments/1', status }],
    });
    const gate = step(server);
    await gate.run();
    await gate.run();
    expect(server.comments).toHaveLength(2);
    expect(gate.told.warnings).toEqual([]);
  },
);

test('a comment that GitHub is too busy to edit is not written a second time', async () => {
  const server = await github({
    comments: [{ body: `${mark}\nold` }],
    faults: [{ method: 'PATCH', status: 403, headers: { 'retry-after': '60' } }],
  });
  const gate = step(server);
  await gate.run();
  expect(server.comments).toHaveLength(1);
  expect(server.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(1);
  expect(gate.told.warnings).toEqual([expect.stringContaining('rate limit')]);
});

test('a missing permission is one warning that names it', async () => {
  const message = 'Resource not accessible by integration';
  const server = await github({ faults: [{ method: 'POST', status: 403, message }] });
  const gate = step(server, { inputs: both });
  await gate.run();
  expect(gate.told.warnings).toEqual([
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
  expect(gate.told.warnings).toEqual([expect.stringContaining(expected)]);
});

test('a token that GitHub does not know is one warning, and is not said', async () => {
  const fault = { status: 401, message: `Bad credentials: ${TOKEN}` };
  const gate = step(await github({ faults: [fault] }));
  await gate.run();
  expect(gate.told.warnings).toEqual([
    expect.stringContaining('Check that `github-token` is valid'),
  ]);
  expect(gate.told.warnings[0]).not.toContain(TOKEN);
});

test('what fails for a moment is tried again', async () => {
  const server = await github({
    faults: [
      { path: '/statuses', status: 502, times: 2 },
      { method: 'GET', path: '/comments', hang: true, times: 1 },
    ],
  });
  const gate = step(server, { inputs: both, limits: { ...PATIENCE, tryTimeoutMs: 1_000 } });
  await gate.run();
  expect(server.statuses.at(-1)).toMatchObject({ state: 'success' });
  expect(server.comments).toHaveLength(1);
  expect(gate.told.warnings).toEqual([]);
});

test.each([{ status: 502 }, { hang: true }])(
  'a comment that was written although the answer was lost (%j) is not repeated',
  async (fault) => {
    const faults = [{ method: 'POST', path: '/comments', times: 1, effective: true, ...fault }];
    const server = await github({ faults });
    const gate = step(server, { limits: { ...PATIENCE, tryTimeoutMs: 1_000 } });
    await gate.run();
    expect(server.comments).toHaveLength(1);
    expect(gate.told.warnings).toEqual([]);
  },
);

test.each([{ status: 503 }, { hang: true }])(
  'a GitHub that does not recover (%j) holds the gate for a bounded time',
  async (fault) => {
    const gate = step(await github({ faults: [fault] }), { inputs: both, limits: HURRY });
    expect(await gate.run()).toBeLessThan(4_000);
    expect(gate.told.warnings).toEqual([
      expect.stringMatching(/`statuses: write`[\s\S]*`pull-requests: write`/),
    ]);
  },
);

test('a response that is not a list of comments is one warning, and no comment', async () => {
  const server = await github({ faults: [{ method: 'GET', status: 200 }] });
  const gate = step(server);
  await gate.run();
  expect(server.comments).toEqual([]);
  expect(gate.told.warnings).toEqual([expect.stringContaining('not the response')]);
});

test('a GitHub that is not there is one warning', async () => {
  const gate = step({ url: 'http://127.0.0.1:9' }, { inputs: both, limits: HURRY });
  expect(await gate.run()).toBeLessThan(4_000);
  expect(gate.told.warnings).toEqual([expect.stringContaining('Could not reach GitHub')]);
});

test('a runner that names no repository is one warning', async () => {
  const gate = step(await github(), { env: { GITHUB_REPOSITORY: '' } });
  await gate.run();
  expect(gate.told.warnings).toEqual([expect.stringContaining('GITHUB_REPOSITORY')]);
});

test('no pull request is one line in the log', async () => {
  const server = await github();
  const gate = step(server, { inputs: both, event: { ref: 'refs/heads/main' } });
  await gate.run();
  expect(gate.told.info).toEqual([expect.stringContaining('Skipped the comment')]);
  expect(gate.told.warnings).toEqual([]);
  expect(server.comments).toEqual([]);
  expect(server.statuses.at(-1)).toMatchObject({ sha: PUSHED, state: 'success' });
});

test('the commit status follows the crawl and ends with the outcome', async () => {
  const server = await github();
  const gate = step(server, { inputs: onlyStatus });
  gate.begin();
  await until(() => server.statuses.length === 1);
  for (const completed_pages of [100, 200, 312]) {
    gate.sampled(0, facts({ status: 'scraping', completed_pages }));
  }
  await until(() => server.statuses.length === 2);
  await new Promise((resolve) => setTimeout(resolve, 100));
  gate.finished(0);
  await gate.end(runReport());

  const common = {
    sha: HEAD,
    context: 'crawl',
    target_url: 'https://github.example/octo/help/actions/runs/42',
  };
  expect(server.statuses).toEqual([
    { ...common, state: 'pending', description: 'Waiting for the crawl' },
    { ...common, state: 'pending', description: 'scraping, 312 of 800 pages' },
    {
      ...common,
      state: 'success',
      description: 'The crawl succeeded in 3m: 800 pages, 22 changed.',
    },
  ]);
});

test('the end waits for a movement that is still on its way', async () => {
  const server = await github({ faults: [{ path: '/statuses', delay: 100, times: 1 }] });
  const gate = step(server, { inputs: onlyStatus });
  await gate.run();
  expect(server.statuses.map(({ state }) => state)).toEqual(['pending', 'success']);
});

test('a movement that fails is made up for by the next, without a warning', async () => {
  const server = await github({ faults: [{ path: '/statuses', status: 502, times: 1 }] });
  const gate = step(server, { inputs: onlyStatus });
  gate.begin();
  await until(() => server.statuses.length === 1);
  await gate.end(runReport());
  expect(server.statuses.map(({ state }) => state)).toEqual(['pending', 'success']);
  expect(gate.told.warnings).toEqual([]);
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

test.each([401, 403, 404, 422])(
  'a movement that GitHub refuses (%d) does not stop the end',
  async (status) => {
    const server = await github({ faults: [{ path: '/statuses', status, times: 1 }] });
    const gate = step(server, { inputs: onlyStatus });
    gate.begin();
    await until(() => server.requests.length === 1);
    await gate.end(runReport());
    expect(server.statuses.map(({ state }) => state)).toEqual(['success']);
    expect(gate.told.warnings).toEqual([]);
  },
);

test('a movement that GitHub processes after the end is overwritten by the end', async () => {
  const server = await github({ faults: [{ path: '/statuses', delay: 600, times: 1 }] });
  const limits = { tryTimeoutMs: 200, end: 3_000, endAfterAbort: 3_000 };
  const gate = step(server, { inputs: onlyStatus, limits });
  await gate.run();
  expect(server.statuses.map(({ state }) => state)).toEqual(['success', 'pending', 'success']);
  expect(gate.told.warnings).toEqual([]);
});

test('the input sha gets the commit status, whatever the event is about', async () => {
  const server = await github();
  const sha = 'e'.repeat(40);
  await step(server, { inputs: { ...both, sha } }).run();
  expect(server.statuses.every((status) => status['sha'] === sha)).toBe(true);
});

test.each(['ghs_broken\ntoken', 'ghs_ünicode', 'two words'])(
  'a github-token that cannot be one (%j) is one warning, and nothing is sent',
  async (token) => {
    const server = await github();
    const gate = step(server, { inputs: { ...both, 'github-token': token } });
    await gate.run();
    expect(gate.told.warnings).toEqual([expect.stringContaining('`github-token`')]);
    expect(server.requests).toEqual([]);
  },
);

const failedRun = runReport([
  crawlReport({ verdict: { outcome: 'failed', reason: 'The crawl failed' } }),
]);

test('on-failure creates a comment only when the step is red or tolerated', async () => {
  const server = await github();
  const onFailure = { inputs: { comment: 'on-failure' } };
  await step(server, onFailure).run();
  expect(server.comments).toEqual([]);
  await step(server, onFailure).run(
    runReport(failedRun.crawls, { tolerated: new Set(['failed']) }),
  );
  expect(server.comments[0]?.body).toContain('(tolerated)');
  await step(server, onFailure).run();
  expect(server.comments).toHaveLength(1);
  expect(server.comments[0]?.body).toContain('The crawl succeeded');
});

describe('several runs', () => {
  const env = (id: number, attempt = 1) => ({
    GITHUB_RUN_ID: `${id}`,
    GITHUB_RUN_ATTEMPT: `${attempt}`,
  });

  test('that end together leave one comment, of the newest run', async () => {
    const server = await github({ faults: [{ method: 'GET', delay: 200, times: 3 }] });
    await Promise.all([
      step(server, { env: env(41) }).run(failedRun),
      step(server, { env: env(43) }).run(),
      step(server, { env: env(42) }).run(failedRun),
    ]);
    expect(server.comments).toEqual([
      expect.objectContaining({ id: 1, body: expect.stringContaining('The crawl succeeded') }),
    ]);
  });

  test.each([
    [42, 1],
    [43, 1],
  ])('an older one (run %d, attempt %d) keeps the comment', async (id, attempt) => {
    const server = await github();
    await step(server, { env: env(43, 2) }).run();
    const gate = step(server, { env: env(id, attempt) });
    await gate.run(failedRun);
    expect(server.comments).toHaveLength(1);
    expect(server.comments[0]?.body).toContain('The crawl succeeded');
    expect(gate.told.warnings).toEqual([]);
    expect(gate.told.info).toEqual([expect.stringContaining('newer run')]);
  });

  test('duplicates of earlier versions are cleaned up', async () => {
    const comments = [{ body: `${mark}\none` }, { body: 'thanks' }, { body: `${mark}\ntwo` }];
    const server = await github({ comments });
    await step(server).run();
    expect(server.comments.map(({ id }) => id)).toEqual([1, 2]);
    expect(server.comments[0]?.body).toContain('The crawl succeeded');
  });
});

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
    expect(gate.told.warnings).toEqual([]);
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
    expect(gate.told.warnings).toEqual([expect.stringContaining('`read:user`')]);
  });

  test('the permission for the commit status has another name', async () => {
    const server = await github({ forge: 'gitea', faults: [{ path: '/statuses', status: 403 }] });
    const gate = step(server, { inputs: onlyStatus });
    await gate.run();
    expect(gate.told.warnings).toEqual([expect.stringContaining('`contents: write`')]);
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
      limits: { ...PATIENCE, end: 1_500 },
    });
    await gate.run();
    expect(gate.told.warnings).toEqual([
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
    expect(gate.told.warnings).toEqual([expect.stringContaining('redirected the request')]);
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
  gate.begin();
  await until(() => server.statuses.length === 1);
  gate.abort();
  await gate.end(aborted);
  expect(server.statuses.at(-1)).toMatchObject({ state: 'error', description: 'Cancelled.' });
  expect(server.comments).toHaveLength(1);
  expect(gate.told.warnings).toEqual([]);
});

test('after an abort a GitHub that hangs gets only the time that is left', async () => {
  const gate = step(await github({ faults: [{ hang: true }] }), { inputs: both, limits: HURRY });
  gate.begin();
  gate.abort();
  const startedAt = performance.now();
  await gate.end(aborted);
  expect(performance.now() - startedAt).toBeLessThan(1_400);
});

test('a signal after the outcome drops the rest', async () => {
  const server = await github({ faults: [{ hang: true }] });
  const gate = step(server, { inputs: both });
  setTimeout(gate.abort, 100);
  expect(await gate.run()).toBeLessThan(5_000);
  expect(gate.told.warnings).toEqual([]);
  expect(gate.told.info).toEqual([expect.stringContaining('The workflow was canceled')]);

  const sent = server.requests.length;
  await gate.end(runReport());
  expect(server.requests).toHaveLength(sent);
});
