import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { type EmulatedGithub, startGithub } from '../../emulator/github.ts';
import { createGithubClient } from '../../src/github/client.ts';
import { commentMark } from '../../src/github/comment.ts';
import { readRunContext } from '../../src/github/event.ts';
import { createGithubReporter } from '../../src/github/reporter.ts';
import { readInputs } from '../../src/inputs.ts';
import { systemClock } from '../../src/node/clock.ts';
import { createHttpClient } from '../../src/node/http-client.ts';
import type { RunResult } from '../../src/result.ts';
import { DATASOURCE_ID } from './crawl-builders.ts';
import { crawlReport, runReport } from './run-results.ts';

/** The head of the pull request that the event names. */
export const HEAD = 'a'.repeat(40);
/** The value of `GITHUB_SHA`. */
export const PUSHED = 'b'.repeat(40);
/** The token of the workflow. */
export const TOKEN = 'ghs_sixteenCharacters';
/** An account that is not a bot. */
export const PERSON = { id: 7, login: 'someone', type: 'User' } as const;
/** The mark of the comment of `step`. */
export const mark = commentMark([DATASOURCE_ID]);

/** As the event of a pull request has it. */
export const pullRequest = {
  number: 7,
  head: { sha: HEAD, repo: { full_name: 'octo/help' } },
};

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** A forge that is closed after the test. */
export async function github(options?: Parameters<typeof startGithub>[0]): Promise<EmulatedGithub> {
  const server = await startGithub(options);
  cleanUps.push(server.close);
  return server;
}

/** Short limits for a GitHub that hangs; without a fault, not even a busy machine reaches LONG_LIMITS. */
export const SHORT_LIMITS = { tryTimeoutMs: 300, end: 1_500, endAfterAbort: 300 };
export const LONG_LIMITS = { tryTimeoutMs: 20_000, end: 25_000, endAfterAbort: 25_000 };

/** Longer than a test may take: what finishes all the same was stopped by something else. */
export const ENDLESS = { tryTimeoutMs: 600_000, end: 600_000, endAfterAbort: 600_000 };

/** One step's reports to that GitHub, and what the log shows then. */
export function step(
  server: Pick<EmulatedGithub, 'url'>,
  {
    inputs = {},
    event = { pull_request: pullRequest },
    env = {},
    limits: { tryTimeoutMs, ...limits } = LONG_LIMITS,
  }: {
    inputs?: Record<string, string>;
    event?: unknown;
    env?: NodeJS.ProcessEnv;
    limits?: typeof LONG_LIMITS;
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
    'datasource-id': DATASOURCE_ID,
    'job-id': 'active',
    comment: 'true',
    'github-token': TOKEN,
    ...inputs,
  };
  const shown = {
    info: [] as string[],
    warnings: [] as string[],
    opened: 0,
  };
  const stop = new AbortController();
  const reports = createGithubReporter(
    {
      open: async (token) => {
        shown.opened += 1;
        const http = createHttpClient({}, systemClock);
        const ports = { http, clock: systemClock };
        const times = { tryTimeoutMs, retryPauseMs: 10 };
        return createGithubClient(token, readRunContext(runnerEnv), ports, times);
      },
      clock: systemClock,
      signal: stop.signal,
      info: (line) => shown.info.push(line),
      warn: (title, message) => shown.warnings.push(`${title}\n${message}`),
    },
    { ...limits, pause: 30 },
  );
  const settings = readInputs((name) => given[name] ?? '');
  return {
    ...reports,
    shown,
    start: () => reports.start(settings),
    abort: () => stop.abort(),
    /** The whole of it. */
    async run(report: RunResult = runReport()): Promise<void> {
      reports.start(settings);
      await reports.end(report);
    },
  };
}

/** Inputs for a commit status alone. */
export const onlyStatus = { comment: 'false', 'commit-status': 'crawl' };
/** Inputs for a commit status beside the comment. */
export const both = { 'commit-status': 'crawl' };
/** A run whose crawl failed. */
export const failedRun = runReport([
  crawlReport({ verdict: { outcome: 'failed', reason: 'The crawl failed' } }),
]);

/** Waits for something that is certain to happen. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}
