/**
 * `npm run e2e`: the workflows of `test/workflows`, run by act, a runner that is not ours. Ends
 * with 3 when there is no act to run them.
 *
 * A cancelled workflow is not among them: act kills its steps with SIGKILL where GitHub's runner
 * sends SIGINT first. `test/process/signals.test.ts` tells that story.
 */
import { deepStrictEqual } from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulator } from '../emulator/emulator.ts';
import { startGithub } from '../emulator/github.ts';
import { type Entry, findAct, type Ran, runWorkflow } from './act.ts';
import { GITHUB_TOKEN, STORIES, type Story } from './e2e-stories.ts';

const KEY = 'ocx+e2e/0123456789=key';
const KEY_FORMS = [KEY, Buffer.from(KEY).toString('base64'), encodeURIComponent(KEY), GITHUB_TOKEN];
const REPOSITORY = 'owner/site';
const HEAD = 'b'.repeat(40);

const EVENTS = {
  push: { ref: 'refs/heads/main', after: HEAD, deleted: false },
  pull_request: {
    number: 7,
    pull_request: {
      number: 7,
      head: { ref: 'new-pages', sha: HEAD, repo: { full_name: REPOSITORY } },
      base: { ref: 'main' },
    },
  },
};

/** What must come of a story, or what came of it. */
interface Result extends Pick<Story, 'jobs' | 'steps' | 'says' | 'summary'> {
  exitCode: number | null;
  annotations: readonly string[];
  showsKey: number;
  github: Required<Story>['github'];
}

function expected(story: Story): Result {
  const { jobs, steps, says, summary, annotations = [], showsKey = 0 } = story;
  const { github = { states: [], comments: [], authorizations: [] } } = story;
  const exitCode = Object.values(jobs).includes('failure') ? 1 : 0;
  return { exitCode, jobs, steps, says, summary, annotations, showsKey, github };
}

async function play(act: string, story: Story): Promise<{ result: Result; ran: Ran }> {
  const { scenarios, event = 'push', withoutKey } = story;
  const folder = mkdtempSync(join(tmpdir(), 'crawl-gate-e2e-'));
  const eventFile = join(folder, 'event.json');
  writeFileSync(eventFile, JSON.stringify(EVENTS[event]));
  const api = await startEmulator({ scenarios, speed: 40, token: KEY });
  const github = await startGithub({ head: HEAD });
  const key: Record<string, string> = withoutKey ? {} : { OPENCX_API_KEY: KEY };
  try {
    const ran = await runWorkflow(act, {
      file: join('test', 'workflows', story.workflow),
      folder,
      event,
      eventFile,
      // One workflow has its key as a variable, which a runner does not mask by itself.
      secrets: { GITHUB_TOKEN, ...(story.showsKey === undefined ? key : {}) },
      vars: { OPENCX_API_URL: api.url, ...(story.showsKey === undefined ? {} : key) },
      // `SHA_REF` is act's name for the commit.
      env: { GITHUB_REPOSITORY: REPOSITORY, GITHUB_API_URL: github.url, SHA_REF: HEAD },
    });
    const states = github.statuses.map(({ state }) => String(state));
    const comments = github.comments.map(({ body }) => body.split('\n')[1] ?? '');
    const authorizations = [...new Set(github.requests.map((request) => request.authorization))];
    const result = { ...read(ran, story), github: { states, comments, authorizations } };
    return { result, ran };
  } finally {
    await Promise.all([api.close(), github.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

function read({ exitCode, entries, rest }: Ran, { says }: Story): Omit<Result, 'github'> {
  const jobs: Result['jobs'] = {};
  const steps: Record<string, string[]> = {};
  const summaries = new Set<string>();
  const annotations: string[] = [];
  for (const entry of entries) {
    const { jobID = '', jobResult, command, content = '', arg = '', kvPairs } = entry;
    // act tells the result of a whole matrix after each of its jobs; the last word counts.
    if (jobResult !== undefined) jobs[jobID] = jobResult as 'success' | 'failure';
    const step = stepEnd(entry);
    const job = jobName(entry);
    if (step !== undefined) steps[job] = [...(steps[job] ?? []), step];
    // act tells the summary of a red step again for the composite action around it.
    if (command === 'summary') summaries.add(content);
    if (command === 'error' || command === 'warning') {
      annotations.push(`${command}: ${kvPairs?.['title']}: ${arg.split('\n')[0]}`);
    }
  }
  const printed = entries.filter((entry) => entry.raw_output).map(({ msg }) => msg.trim());
  // The mask itself is a command that act hides, but for the fields of its log.
  const shown = entries
    .filter(({ command }) => command !== 'add-mask')
    .map((entry) => JSON.stringify(entry))
    .concat(rest);
  return {
    exitCode,
    jobs,
    steps,
    says: says.filter((line) => printed.includes(line)),
    summary: [...summaries].flatMap(tellingLines).sort(),
    annotations,
    showsKey: shown.filter((entry) => KEY_FORMS.some((form) => entry.includes(form))).length,
  };
}

/** Name and result of a step that has ended; none of the runner's own, nor of the checkout. */
function stepEnd({ stage, stepResult, msg }: Entry): string | undefined {
  const name = / - Main (.*) \[[^\]]*\]$/.exec(msg)?.[1];
  if (stage !== 'Main' || stepResult === undefined || name === undefined) return undefined;
  return name.startsWith('actions/checkout@') ? undefined : `${name}: ${stepResult}`;
}

/** `Workflow/job`, padded, and a number behind it in a matrix. */
function jobName({ job = '' }: Entry): string {
  return job.trim().replace(/^.*\//, '').replace(/-\d+$/, '');
}

/** Headings, outcomes and rules. */
function tellingLines(markdown: string): string[] {
  return markdown.split('\n').filter((line) => /^(## |\*\*|\| (✅|❌|⚠️) )/.test(line));
}

/** Tells whether all came as it must; otherwise shows what did not, and the log. */
async function tell(act: string, story: Story): Promise<boolean> {
  const startedAt = performance.now();
  const { result, ran } = await play(act, story);
  const took = `${((performance.now() - startedAt) / 1_000).toFixed(1)} s`;
  try {
    deepStrictEqual(result, expected(story));
    console.log(`passed  ${story.workflow.padEnd(24)} ${story.about} (${took})`);
    return true;
  } catch (error) {
    console.error(`FAILED  ${story.workflow.padEnd(24)} ${story.about} (${took})`);
    console.error((error as Error).message);
    console.error(
      [...ran.entries.map(({ job, msg }) => `${job ?? ''} ${msg}`), ...ran.rest].join('\n'),
    );
    return false;
  }
}

async function main(): Promise<number> {
  let act: string;
  try {
    act = findAct();
  } catch (error) {
    console.log(`The workflows were NOT run: ${(error as Error).message}.`);
    return 3;
  }
  const told = await Promise.all(STORIES.map((story) => tell(act, story)));
  const failed = told.filter((passed) => !passed).length;
  console.log(`${told.length - failed} stories passed, ${failed} failed, told by act`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
