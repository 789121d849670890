import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type EmulatedGithub, type GithubFault, startGithub } from '../../emulator/github.ts';
import { HAS_SIGNALS, type Play, type Played, play } from '../support/play.ts';

const HEAD = 'b'.repeat(40);
const folder = mkdtempSync(join(tmpdir(), 'crawl-gate-events-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pullRequest = join(folder, 'pull_request.json');
writeFileSync(
  pullRequest,
  JSON.stringify({
    pull_request: { number: 7, head: { sha: HEAD, repo: { full_name: 'owner/site' } } },
  }),
);
const push = join(folder, 'push.json');
writeFileSync(push, JSON.stringify({ after: 'c'.repeat(40) }));

interface OnGithub extends Play {
  githubFaults?: readonly GithubFault[];
  event?: string;
  githubToken?: string;
}

async function playOnGithub({ githubFaults = [], event = pullRequest, ...story }: OnGithub) {
  const github = await startGithub({ faults: githubFaults });
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
    expect(played.log.filter((line) => line.includes('no pull request'))).toHaveLength(1);
  });

  it('are two warnings’ worth in one when the permissions are missing', async () => {
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

  it('do not hold the gate for more than ten seconds when GitHub hangs', async () => {
    const { played } = await playOnGithub({
      scenario: 'finished',
      inputs: { summary: 'false' },
      githubFaults: [{ hang: true }],
    });
    expect(played.exitCode).toBe(0);
    expect(warnings(played)).toHaveLength(1);
    // Without the limit, the step would run until the time limit of this test.
    expect(played.took).toBeGreaterThan(5_000);
  });

  it('tell of bad inputs too, so that no older success stays', async () => {
    const { played, github } = await playOnGithub({ inputs: { timeout: '30' } });
    expect(played.outputs).toMatchObject({ outcome: 'invalid-input', requests: '0' });
    expect(states(github).at(-1)).toBe('error');
    expect(github.comments[0]?.body).toContain('timeout is "30"');
    const unreadable = await playOnGithub({ inputs: { 'datasource-id': 'x' } });
    expect(states(unreadable.github).at(-1)).toBe('error');
    expect(unreadable.github.comments).toEqual([]);
  });

  it.runIf(HAS_SIGNALS)(
    'tell that the workflow was cancelled, where there are signals',
    async () => {
      const { played, github } = await playOnGithub({
        scenario: 'slow',
        during: async (run, emulator) => {
          await emulator.seen(2);
          run.process.kill('SIGTERM');
        },
      });
      expect(played.outputs['outcome']).toBe('aborted');
      expect(states(github).at(-1)).toBe('error');
    },
  );

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

  it('cost nothing when they are off: GitHub gets no request', async () => {
    const { github } = await playOnGithub({ inputs: { comment: 'false', 'commit-status': '' } });
    expect(github.requests).toEqual([]);
  });
});
