import { expect, test } from 'vitest';
import { facts } from '../support/crawl-builders.ts';
import { both, github, HEAD, onlyStatus, step, until } from '../support/github-step.ts';
import { runReport } from '../support/run-results.ts';

test('the commit status follows the crawl and ends with the outcome', async () => {
  const server = await github();
  const gate = step(server, { inputs: onlyStatus });
  gate.start();
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
      description: 'The crawl succeeded in 20m: 800 pages, 22 changed.',
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
  gate.start();
  await until(() => server.statuses.length === 1);
  await gate.end(runReport());
  expect(server.statuses.map(({ state }) => state)).toEqual(['pending', 'success']);
  expect(gate.shown.warnings).toEqual([]);
});

test.each([401, 403, 404, 422])(
  'a movement that GitHub refuses (%d) does not stop the end',
  async (status) => {
    const server = await github({ faults: [{ path: '/statuses', status, times: 1 }] });
    const gate = step(server, { inputs: onlyStatus });
    gate.start();
    await until(() => server.requests.length === 1);
    await gate.end(runReport());
    expect(server.statuses.map(({ state }) => state)).toEqual(['success']);
    expect(gate.shown.warnings).toEqual([]);
  },
);

test('a movement that GitHub processes after the end is overwritten by the end', async () => {
  const server = await github({ faults: [{ path: '/statuses', delay: 600, times: 1 }] });
  const limits = { tryTimeoutMs: 200, end: 3_000, endAfterAbort: 3_000 };
  const gate = step(server, { inputs: onlyStatus, limits });
  await gate.run();
  expect(server.statuses.map(({ state }) => state)).toContain('pending');
  expect(server.statuses.at(-1)).toMatchObject({ state: 'success' });
  expect(gate.shown.warnings).toEqual([]);
});

test('the input sha gets the commit status, whatever the event is about', async () => {
  const server = await github();
  const sha = 'e'.repeat(40);
  await step(server, { inputs: { ...both, sha } }).run();
  expect(server.statuses.every((status) => status['sha'] === sha)).toBe(true);
});
