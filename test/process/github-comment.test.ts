import { describe, expect, test } from 'vitest';
import { BOT } from '../../emulator/github.ts';
import { DATASOURCE_ID, OTHER_ID } from '../support/crawl-builders.ts';
import {
  failedRun,
  github,
  LONG_LIMITS,
  mark,
  PERSON,
  step,
  TOKEN,
} from '../support/github-step.ts';
import { crawlReport, runReport } from '../support/run-results.ts';

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
  expect(first.shown).toEqual({ info: [], warnings: [], opened: 1 });
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
  await step(server, { inputs: two([DATASOURCE_ID, OTHER_ID]) }).run();
  await step(server, { inputs: two([OTHER_ID, DATASOURCE_ID.toUpperCase()]) }).run();
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
  expect(gate.shown.warnings).toEqual([]);
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
  expect(gate.shown.warnings).toHaveLength(1);
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
    expect(gate.shown.warnings).toEqual([]);
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
  expect(gate.shown.warnings).toEqual([expect.stringContaining('rate limit')]);
});

test.each([{ status: 502 }, { hang: true }])(
  'a comment that was written although the response was lost (%j) is not repeated',
  async (fault) => {
    const faults = [{ method: 'POST', path: '/comments', times: 1, effective: true, ...fault }];
    const server = await github({ faults });
    const gate = step(server, { limits: { ...LONG_LIMITS, tryTimeoutMs: 1_000 } });
    await gate.run();
    expect(server.comments).toHaveLength(1);
    expect(gate.shown.warnings).toEqual([]);
  },
);

test('a response that is not a list of comments is one warning, and no comment', async () => {
  const server = await github({ faults: [{ method: 'GET', status: 200 }] });
  const gate = step(server);
  await gate.run();
  expect(server.comments).toEqual([]);
  expect(gate.shown.warnings).toEqual([expect.stringContaining('not the response')]);
});

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
    expect(gate.shown.warnings).toEqual([]);
    expect(gate.shown.info).toEqual([expect.stringContaining('newer run')]);
  });

  test('duplicates of earlier versions are cleaned up', async () => {
    const comments = [{ body: `${mark}\none` }, { body: 'thanks' }, { body: `${mark}\ntwo` }];
    const server = await github({ comments });
    await step(server).run();
    expect(server.comments.map(({ id }) => id)).toEqual([1, 2]);
    expect(server.comments[0]?.body).toContain('The crawl succeeded');
  });
});
