/**
 * `npm run messages`: writes every message of the action to `docs/messages.md`. The action itself
 * produces them: whole steps in virtual time, invalid inputs, a local API, and a local GitHub.
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
import { DEFAULTS } from '../src/inputs.ts';
import { systemClock } from '../src/node/clock.ts';
import { refusedByProxy } from '../src/node/connect.ts';
import { createHttpClient } from '../src/node/http-client.ts';
import { EXPLANATIONS, explain } from '../src/node/network-failures.ts';
import { routeTo } from '../src/node/proxy.ts';
import { outcomes, outcomeTitle } from '../src/outcomes.ts';
import type { Annotation } from '../src/ports/runner.ts';
import { facts } from '../test/support/crawl-builders.ts';
import { problemsOf, settingsOf } from '../test/support/input-builders.ts';
import { crawlReport, runReport } from '../test/support/run-results.ts';
import { type Told, tell, type Story as VirtualStory } from '../test/support/virtual-world.ts';
import {
  BAD_RESPONSES,
  GITHUB_FAILURES,
  INVALID_INPUTS,
  pullRequestOf,
  STATUSES,
} from './message-cases.ts';
import { inVirtualTime, type Story, storiesFor } from './stories.ts';

/** The generated page. */
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

/** The stories of one section, in the order of the registry. */
function storiesOf(section: NonNullable<Story['messages']>): Story[] {
  return storiesFor('messages')
    .map(([, story]) => story)
    .filter(({ messages }) => messages === section);
}

async function tellStory(story: Story): Promise<Told> {
  const told = await tell(inVirtualTime(story));
  const { outcome } = told.outputs;
  if (outcome !== undefined && outcome !== story.outcome) {
    throw new Error(`"${story.about}" has the outcome ${outcome} instead of ${story.outcome}`);
  }
  return told;
}

/** The annotation of the outcome, or the last log line of a crawl that succeeded. */
async function outcomeMessages(): Promise<string[]> {
  const parts: string[] = [];
  const stories = storiesOf('outcome');
  for (const outcome of ['succeeded' as const, ...outcomes.filter((o) => o !== 'succeeded')]) {
    parts.push(`### \`${outcome}\`: ${outcomeTitle(outcome)}`);
    for (const story of stories.filter((one) => one.outcome === outcome)) {
      const { annotations, log } = await tellStory(story);
      const about = annotations.find(({ title }) => title.startsWith(`OpenCX crawl: ${outcome}`));
      parts.push(
        `${capital(story.about)}:`,
        block([about === undefined ? (log.at(-1) ?? '') : shown(about)]),
      );
    }
  }
  return parts;
}

async function warnings(): Promise<string[]> {
  const parts: string[] = [];
  for (const story of storiesOf('warnings')) {
    const { annotations } = await tellStory(story);
    parts.push(`${capital(story.about)}:`, block(annotations.map(shown)));
  }
  return parts;
}

function invalidInputs(): string {
  return block([...INVALID_INPUTS.flatMap((inputs) => problemsOf(inputs)), invalidProxy()]);
}

function invalidProxy(): string {
  const route = routeTo(DEFAULTS['api-url'], { HTTPS_PROXY: 'socks5://127.0.0.1' });
  if (route.kind !== 'unusable') throw new Error('an invalid proxy was accepted');
  return route.problem;
}

async function messagesOf(stories: readonly VirtualStory[]): Promise<string> {
  const said: string[] = [];
  for (const story of stories) said.push((await tell(story)).outputs['message'] ?? '');
  return block(said);
}

/** What can go wrong on the network, in the words of the client. */
async function networkFailures(): Promise<string> {
  const said = new Set<string>();
  for (const code of [...Object.keys(EXPLANATIONS), 'Z_DATA_ERROR', 'HPE_INVALID_CONSTANT']) {
    said.add(explain(Object.assign(new Error(code), { code })));
  }
  said.add(explain(Object.assign(new Error('x'), { code: 'EMFILE' })));
  said.add(explain(new Error('x')));
  const proxy = routeTo(DEFAULTS['api-url'], { HTTPS_PROXY: 'http://127.0.0.1:3128' });
  if (proxy.kind === 'proxy') said.add(refusedByProxy(proxy, 407).message);
  for (const fault of ['too-large', 'unknown-encoding', 'upgrade', 'hang']) {
    const emulator = await startEmulator({ scenarios: ['steady'], faults: [{ fault }] });
    const [site] = emulator.sites;
    const url = `${emulator.url}/crawl/${site?.datasourceId}/crawls/${site?.jobId}`;
    const { signal } = new AbortController();
    const timeout = fault === 'hang' ? 200 : 10_000;
    await createHttpClient({}, systemClock)
      .send({ method: 'GET', url, headers: {}, maxBodyBytes: 256 * 1024, timeout, signal })
      .catch((error: Error) => said.add(error.message));
    await emulator.close();
  }
  return block([...said].sort());
}

/** From the real client and a local GitHub. */
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
  token: githubToken = 'github-token',
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
          { http: createHttpClient({}, systemClock), clock: systemClock },
          { tryTimeoutMs: 1_000, retryPauseMs: 1 },
        ),
      clock: systemClock,
      signal: stop.signal,
      info: (line) => said.push(line),
      warn: (title, message) => said.push(shown({ level: 'warning', title, message })),
    },
    { end: faults.some(({ hang }) => hang) ? 500 : 20_000, endAfterAbort: 300, pause: 30_000 },
  );
  reports.start(
    settingsOf({ comment: 'true', 'commit-status': 'crawl', 'github-token': githubToken }),
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
  for (const story of storiesOf('log')) {
    parts.push(`${capital(story.about)}:`, block((await tellStory(story)).log));
  }
  return parts;
}

/** The whole page, the same at every call. */
export async function renderMessages(): Promise<string> {
  const parts = [
    '# Messages',
    'This page lists every message of the action. It is generated with `npm run messages`, and a test checks that it is up to date. For the most common problems, see [Troubleshooting](troubleshooting.md).',
    '## Outcomes',
    'The annotation on the run page. For a crawl that succeeded: the last log line.',
    ...(await outcomeMessages()),
    `If a workflow uses the action as \`./\`, the \`internal-error\` message contains "the action's repository" instead of a URL.`,
    '## Invalid inputs',
    'If the outcome is `invalid-input`, one message lists all problems. Each problem is one of the following:',
    invalidInputs(),
    '## Unusable responses',
    'The response body is not what the API documents:',
    await messagesOf(BAD_RESPONSES),
    'Result for each HTTP status, with `outage-timeout: 0s` so that nothing is retried. For 404, see `not-found`:',
    await messagesOf(STATUSES),
    'Network errors. In a message, they follow "last error":',
    await networkFailures(),
    '## Warnings',
    ...(await warnings()),
    '## Comment and commit status',
    'Descriptions of the commit status during and after the wait:',
    commitStatuses(),
    ...(await githubWarnings()),
    '## Log output',
    ...(await logs()),
  ];
  return `${parts.join('\n\n')}\n`;
}

if (import.meta.main) writeFileSync(MESSAGES_PAGE, await renderMessages());
