/**
 * `npm run messages`: writes every message that a user can meet into `docs/messages.md`, by letting
 * the product say it: whole steps in virtual time, wrong inputs, a local API and a local GitHub.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startEmulator } from '../emulator/emulator.ts';
import { startGithub } from '../emulator/github.ts';
import { createGithubClient } from '../src/github/client.ts';
import { statusAtEnd, statusWhileWaiting } from '../src/github/commit-status.ts';
import { readRunContext } from '../src/github/event.ts';
import { createGithubReporter } from '../src/github/reporter.ts';
import { DEFAULTS, InputError } from '../src/inputs.ts';
import { systemClock } from '../src/node/clock.ts';
import { createHttpClient, EXPLANATIONS, explain } from '../src/node/http-client.ts';
import { createRunner } from '../src/node/toolkit.ts';
import type { Annotation } from '../src/ports/runner.ts';
import { problemsOf, settingsOf } from '../test/support/input-builders.ts';
import { crawlReport, facts, runReport } from '../test/support/run-results.ts';
import { type Story, tell } from '../test/support/virtual-world.ts';
import {
  BAD_ANSWERS,
  ENDINGS,
  GITHUB_FAILURES,
  LOGS,
  pullRequestOf,
  STATUSES,
  WARNINGS,
  WRONG_INPUTS,
} from './message-cases.ts';

/** The page that is made. */
export const MESSAGES_PAGE = join(resolve(import.meta.dirname, '..'), 'docs', 'messages.md');

function block(lines: readonly string[]): string {
  return `\`\`\`text\n${lines.join('\n')}\n\`\`\``;
}

/** As a runner shows it. */
function shown({ level, title, message }: Annotation): string {
  return `${level === 'error' ? 'Error' : 'Warning'}: ${title}\n${message}`;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

async function endings(): Promise<string[]> {
  const parts: string[] = [];
  for (const [outcome, cases] of Object.entries(ENDINGS)) {
    parts.push(`### \`${outcome}\``);
    for (const { when, story } of cases) {
      const { outputs, annotations, log } = await tell(story);
      if (outputs['outcome'] !== outcome) {
        throw new Error(`"${when}" ended as ${outputs['outcome']} in place of ${outcome}`);
      }
      const about = annotations.find(({ title }) => !title.startsWith('Something odd'));
      parts.push(
        `${capital(when)}:`,
        block([about === undefined ? (log.at(-1) ?? '') : shown(about)]),
      );
    }
  }
  return parts;
}

async function warnings(): Promise<string[]> {
  const parts: string[] = [];
  for (const { when, story } of WARNINGS) {
    const { annotations } = await tell(story);
    parts.push(`${capital(when)}:`, block(annotations.map(shown)));
  }
  return parts;
}

function wrongInputs(): string {
  return block([...WRONG_INPUTS.flatMap((inputs) => problemsOf(inputs)), wrongProxy()]);
}

function wrongProxy(): string {
  try {
    createHttpClient(DEFAULTS['api-url'], { HTTPS_PROXY: 'socks5://127.0.0.1' });
  } catch (error) {
    if (error instanceof InputError) return error.message;
  }
  throw new Error('a proxy that is none was taken for one');
}

async function messagesOf(stories: readonly Story[]): Promise<string> {
  const said: string[] = [];
  for (const story of stories) said.push((await tell(story)).outputs['message'] ?? '');
  return block(said);
}

/** What the network and its ends can do, told by the client itself. */
async function networkFailures(): Promise<string> {
  const said = new Set<string>();
  for (const code of [...Object.keys(EXPLANATIONS), 'Z_DATA_ERROR', 'HPE_INVALID_CONSTANT']) {
    said.add(explain(Object.assign(new Error(code), { code })));
  }
  said.add(explain(Object.assign(new Error('x'), { code: 'EMFILE' })));
  said.add(explain(new Error('x')));
  for (const fault of ['too-large', 'unknown-encoding', 'upgrade', 'hang']) {
    const emulator = await startEmulator({ scenarios: ['steady'], faults: [{ fault }] });
    const [site] = emulator.sites;
    const url = `${emulator.url}/crawl/${site?.datasourceId}/crawls/${site?.jobId}`;
    const { signal } = new AbortController();
    const timeout = fault === 'hang' ? 200 : 10_000;
    await createHttpClient(emulator.url, {})
      .send({ method: 'GET', url, headers: {}, timeout, signal })
      .catch((error: Error) => said.add(error.message));
    await emulator.close();
  }
  return block([...said].sort());
}

/** Each told by the real client and a local GitHub. */
async function githubWarnings(): Promise<string[]> {
  const parts: string[] = [];
  for (const { when, ...failure } of GITHUB_FAILURES) {
    parts.push(`${capital(when)}:`, block(await tellGithub(failure)));
  }
  return parts;
}

async function tellGithub({
  faults = [],
  event = pullRequestOf('owner/site'),
  env = {},
  cancelled = false,
}: Omit<(typeof GITHUB_FAILURES)[number], 'when'>): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'crawl-gate-messages-'));
  const eventPath = join(folder, 'event.json');
  writeFileSync(eventPath, JSON.stringify(event));
  const github = await startGithub({ faults });
  const said: string[] = [];
  const stop = new AbortController();
  const reports = createGithubReporter(
    {
      open: async (token) =>
        createGithubClient(
          token,
          readRunContext({
            GITHUB_API_URL: github.url,
            GITHUB_REPOSITORY: 'owner/site',
            GITHUB_EVENT_PATH: eventPath,
            ...env,
          }),
          { tryTimeoutMs: 1_000, retryPauseMs: 1 },
        ),
      clock: systemClock,
      signal: stop.signal,
      mask: () => undefined,
      info: (line) => said.push(line),
      warn: (title, message) => said.push(shown({ level: 'warning', title, message })),
    },
    { end: faults.some(({ hang }) => hang) ? 500 : 20_000, endAfterAbort: 300, pause: 30_000 },
  );
  reports.start(
    settingsOf({ comment: 'true', 'commit-status': 'crawl', 'github-token': 'github-token' }),
  );
  const ended = reports.end(runReport());
  if (cancelled) stop.abort();
  await ended;
  await github.close();
  rmSync(folder, { recursive: true });
  return said;
}

function commitStatuses(): string {
  const scraping = { facts: facts({ status: 'scraping', completed_pages: 312 }), finished: false };
  const failed = crawlReport({ verdict: { outcome: 'failed', reason: 'The crawl failed' } });
  return block(
    [
      statusWhileWaiting([{ facts: undefined, finished: false }]),
      statusWhileWaiting([scraping]),
      statusWhileWaiting([{ facts: facts(), finished: true }, scraping]),
      statusAtEnd(runReport()),
      statusAtEnd(runReport([failed], { tolerated: new Set(['failed']) })),
    ].map(({ state, description }) => `${state}: ${description}`),
  );
}

async function logs(): Promise<string[]> {
  const parts: string[] = [];
  for (const { when, story } of LOGS) {
    parts.push(`${capital(when)}:`, block((await tell(story)).log));
  }
  return parts;
}

/** The whole page, the same at every call. */
export async function renderMessages(): Promise<string> {
  const parts = [
    '# Every message',
    'This page is made by `npm run messages`: the action itself says each of these, and a test fails when the page and the action differ. What to do about the ones that are met most often stands in [troubleshooting](troubleshooting.md).',
    '## How a step ends',
    'The annotation on the run’s page; for a crawl that succeeded the last line of the log.',
    ...(await endings()),
    `The action does not know its repository when a workflow uses it as \`./\`. It then says “${createRunner({}).issues}” in place of the address under \`internal-error\`.`,
    '## Wrong inputs',
    'One message of the outcome `invalid-input` lists all that is wrong. Each part of it is one of these:',
    wrongInputs(),
    '## Answers that cannot be used',
    'What the API may send in place of an answer:',
    await messagesOf(BAD_ANSWERS),
    'What each status leads to (404 has its own place above); `outage-timeout` is `0s` here, so that nothing is tried again:',
    await messagesOf(STATUSES),
    'What may come in place of any answer. In a message it stands after “the last was”:',
    await networkFailures(),
    '## Warnings',
    ...(await warnings()),
    '## Comment and commit status',
    'What the commit status says while the step waits, and at its end:',
    commitStatuses(),
    ...(await githubWarnings()),
    '## The log',
    ...(await logs()),
  ];
  return `${parts.join('\n\n')}\n`;
}

if (import.meta.main) writeFileSync(MESSAGES_PAGE, await renderMessages());
