import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type EmulatedGithub, type GithubFault, startGithub } from '../../emulator/github.ts';
import { fastClock } from '../support/fast-clock.ts';
import { HAS_SIGNALS, type Play, type Played, play } from '../support/play.ts';

const HEAD = 'b'.repeat(40);
const folder = mkdtempSync(join(tmpdir(), 'crawl-gate-events-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pullRequest = eventFile('pull_request', {
  pull_request: { number: 7, head: { sha: HEAD, repo: { full_name: 'owner/site' } } },
});
const push = eventFile('push', { after: 'c'.repeat(40) });

function eventFile(name: string, event: unknown): string {
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify(event));
  return path;
}

interface OnGithub extends Play {
  forge?: 'github' | 'gitea';
  githubFaults?: readonly GithubFault[];
  event?: string;
  githubToken?: string;
}

async function playOnGithub({
  githubFaults = [],
  event = pullRequest,
  forge = 'github',
  ...story
}: OnGithub) {
  const github = await startGithub({ forge, faults: githubFaults });
  try {
    const played = await play({
      githubToken: 'github-token-of-the-test',
      ...story,
      inputs: { comment: 'true', 'commit-status': 'crawl', ...story.inputs },
      env: {
        GITHUB_API_URL: github.url,
        GITHUB_EVENT_PATH: event,
        GITHUB_SHA: 'c'.repeat(40),
        ...story.env,
      },
    });
    return { played, github };
  } finally {
    await github.close();
  }
}

const warnings = ({ annotations }: Played) =>
  annotations.filter(({ level }) => level === 'warning');
const states = ({ statuses }: EmulatedGithub) => statuses.map(({ state }) => state);

describe.concurrent('comment and commit status of the built bundle', () => {
  it('show a crawl that succeeds', async () => {
    const { played, github } = await playOnGithub({});
    expect(played.exitCode).toBe(0);
    expect(warnings(played)).toEqual([]);
    expect(github.comments).toHaveLength(1);
    expect(github.comments[0]?.body).toContain('✅ The crawl succeeded');
    expect(states(github)).toEqual(['pending', 'success']);
    expect(github.statuses.at(-1)).toMatchObject({
      context: 'crawl',
      description: 'The crawl succeeded in 2s: 812 pages, 47 changed.',
      target_url: 'https://github.com/owner/site/actions/runs/1',
      sha: HEAD,
    });
  });

  it.each([
    ['failed', 'failure', {}],
    ['lost-pages', 'failure', { require: 'removed_pages <= 5%' }],
    ['stalled', 'error', { 'stall-timeout': '1s' }],
    ['empty', 'success', { tolerate: 'empty' }],
  ])('end for %s as %s', async (scenario, state, inputs) => {
    const { github } = await playOnGithub({ scenario, inputs });
    expect(states(github).at(-1)).toBe(state);
  });

  it('stand on the pushed commit when there is no pull request, with one line in the log', async () => {
    const { played, github } = await playOnGithub({ event: push });
    expect(github.statuses.at(-1)).toMatchObject({ sha: 'c'.repeat(40), state: 'success' });
    expect(github.comments).toEqual([]);
    expect(warnings(played)).toEqual([]);
    expect(played.log.filter((line) => line.includes('not for a pull request'))).toHaveLength(1);
  });

  it.each([
    ['broken', '{"x":'],
    ['missing', undefined],
  ])('stand on the input sha when the event file is %s', async (_, text) => {
    const event = join(folder, `::error::${text === undefined}.json`);
    if (text !== undefined) writeFileSync(event, text);
    const { played, github } = await playOnGithub({ event, inputs: { sha: 'd'.repeat(40) } });
    expect(played.exitCode).toBe(0);
    expect(github.statuses.at(-1)).toMatchObject({ sha: 'd'.repeat(40), state: 'success' });
    expect(warnings(played)).toEqual([]);
    expect(played.annotations).toEqual([]);
  });

  it('are one warning when both permissions are missing', async () => {
    const { played } = await playOnGithub({
      githubFaults: [{ status: 403, message: 'Resource not accessible by integration' }],
    });
    expect(played.exitCode).toBe(0);
    expect(warnings(played)).toHaveLength(1);
    expect(warnings(played)[0]?.message).toContain('`pull-requests: write`');
    expect(warnings(played)[0]?.message).toContain('`statuses: write`');
  });

  it('are one warning without a token, and nothing is sent', async () => {
    const { played, github } = await playOnGithub({ githubToken: '' });
    expect(played.exitCode).toBe(0);
    expect(warnings(played)).toHaveLength(1);
    expect(github.requests).toEqual([]);
  });

  it('survive a GitHub that fails twice', async () => {
    const { played, github } = await playOnGithub({ githubFaults: [{ status: 502, times: 2 }] });
    expect(warnings(played)).toEqual([]);
    expect(states(github).at(-1)).toBe('success');
    expect(github.comments).toHaveLength(1);
  });

  it('delay the end by ten seconds or less when GitHub hangs', async () => {
    const { played } = await playOnGithub({
      scenario: 'finished',
      inputs: { summary: 'false' },
      githubFaults: [{ hang: true }],
    });
    expect(played.exitCode).toBe(0);
    expect(warnings(played)).toHaveLength(1);
    expect(played.took).toBeGreaterThan(5_000);
    // A busy machine needs time to start and to exit; each write alone would hang for ever.
    expect(played.took).toBeLessThan(30_000);
  });

  it('show invalid inputs too, so that no older success stays', async () => {
    const { played, github } = await playOnGithub({ inputs: { timeout: '30' } });
    expect(played.outputs).toMatchObject({ outcome: 'invalid-input', requests: '0' });
    expect(states(github).at(-1)).toBe('error');
    expect(github.comments[0]?.body).toContain('timeout is "30"');
    const unreadable = await playOnGithub({ inputs: { 'datasource-id': 'x' } });
    expect(states(unreadable.github).at(-1)).toBe('error');
    expect(unreadable.github.comments).toEqual([]);
  });

  it.runIf(HAS_SIGNALS)(
    'show that the workflow was cancelled, where there are signals',
    async () => {
      const { played, github } = await playOnGithub({
        scenario: 'slow',
        // The second that is left is longer, so that a busy machine can use it too.
        env: fastClock(0.1).env ?? {},
        during: async (run, emulator) => {
          await emulator.seen(2);
          run.process.kill('SIGTERM');
        },
      });
      expect(played.outputs['outcome']).toBe('aborted');
      expect(states(github).at(-1)).toBe('error');
    },
  );

  it('stand on the commit that the event names', async () => {
    const head_sha = 'd'.repeat(40);
    const { github } = await playOnGithub({
      event: eventFile('check_suite', { check_suite: { head_sha, pull_requests: [] } }),
    });
    expect(github.statuses.map(({ sha }) => sha)).toEqual([head_sha, head_sha]);
  });

  it('stand on the input sha', async () => {
    const sha = 'e'.repeat(40);
    const { github } = await playOnGithub({ inputs: { sha } });
    expect(github.statuses.at(-1)).toMatchObject({ sha, state: 'success' });
  });

  it('end with the outcome although GitHub refused the movements', async () => {
    const { played, github } = await playOnGithub({
      githubFaults: [{ method: 'POST', path: '/statuses', status: 404, times: 1 }],
    });
    expect(states(github)).toEqual(['success']);
    expect(warnings(played)).toEqual([]);
  });

  it.each([
    ['a rate limit', { status: 403, message: 'You have exceeded a secondary rate limit.' }],
    ['a page', { page: '<html>Sign in</html>' }],
    ['a redirect', { status: 307, headers: { location: 'https://elsewhere.example/' } }],
    [
      'a locked conversation',
      { status: 403, message: 'Unable to create comment because issue is locked.' },
    ],
  ])('are one warning for %s, and the step stays green', async (_, fault) => {
    const { played, github } = await playOnGithub({
      githubFaults: [{ method: 'POST', ...fault }],
    });
    expect(played.exitCode).toBe(0);
    expect(warnings(played)).toHaveLength(1);
    expect(warnings(played)[0]?.message).not.toContain('Sign in');
    expect(github.comments).toEqual([]);
    expect(github.requests.filter(({ path }) => path.endsWith('/7/comments'))).toHaveLength(2);
  });

  it('work with Gitea', async () => {
    const { played, github } = await playOnGithub({ forge: 'gitea' });
    expect(warnings(played)).toEqual([]);
    expect(states(github)).toEqual(['pending', 'success']);
    expect(github.comments).toHaveLength(1);
  });

  it('never show the tokens', async () => {
    const { played, github } = await playOnGithub({ scenario: 'hostile' });
    const shown = [
      played.summary,
      JSON.stringify(played.outputs),
      played.log.join('\n'),
      JSON.stringify(github.requests.map(({ body }) => body)),
    ].join('\n');
    expect(shown).not.toContain('github-token-of-the-test');
    expect(played.masks).toContain('github-token-of-the-test');
  });

  it('send no request to GitHub when they are off', async () => {
    const { github } = await playOnGithub({ inputs: { comment: 'false', 'commit-status': '' } });
    expect(github.requests).toEqual([]);
  });
});
