/**
 * `npm run e2e`: the workflows of `test/workflows`, run by act, an independent runner. The exit code
 * is 3 if there is no act to run them.
 *
 * A canceled workflow is not among them: act kills its steps with SIGKILL where GitHub's runner
 * sends SIGINT first. `test/process/signals.test.ts` covers that.
 */
import { deepStrictEqual } from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulator } from '../emulator/emulator.ts';
import { startGithub } from '../emulator/github.ts';
import { type Entry, findAct, type Ran, runWorkflow } from './act.ts';
import { GITHUB_TOKEN, SPEED, WORKFLOW_TESTS, type WorkflowTest } from './e2e-workflows.ts';
import { STORIES } from './stories.ts';

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

/** What a workflow must lead to, or what it led to. */
interface Result extends Pick<WorkflowTest, 'jobs' | 'steps' | 'says' | 'summary'> {
  exitCode: number | null;
  annotations: readonly string[];
  showsKey: number;
  github: Required<WorkflowTest>['github'];
}

function expected(test: WorkflowTest): Result {
  const { jobs, steps, says, summary, annotations = [], showsKey = 0 } = test;
  const { github = { states: [], comments: [], authorizations: [] } } = test;
  const exitCode = Object.values(jobs).includes('failure') ? 1 : 0;
  return { exitCode, jobs, steps, says, summary, annotations, showsKey, github };
}

async function play(act: string, test: WorkflowTest): Promise<{ result: Result; ran: Ran }> {
  const { stories, event = 'push', withoutKey } = test;
  const scenarios = stories.flatMap((name) => STORIES[name]?.scenarios ?? []);
  const folder = mkdtempSync(join(tmpdir(), 'crawl-gate-e2e-'));
  const eventFile = join(folder, 'event.json');
  writeFileSync(eventFile, JSON.stringify(EVENTS[event]));
  const api = await startEmulator({ scenarios, speed: SPEED, token: KEY });
  const github = await startGithub({ head: HEAD });
  const key: Record<string, string> = withoutKey ? {} : { OPENCX_API_KEY: KEY };
  try {
    const ran = await runWorkflow(act, {
      file: join('test', 'workflows', test.workflow),
      folder,
      event,
      eventFile,
      // One workflow has its key as a variable, which a runner does not mask automatically.
      secrets: { GITHUB_TOKEN, ...(test.showsKey === undefined ? key : {}) },
      vars: { OPENCX_API_URL: api.url, ...(test.showsKey === undefined ? {} : key) },
      // `SHA_REF` is act's name for the commit.
      env: { GITHUB_REPOSITORY: REPOSITORY, GITHUB_API_URL: github.url, SHA_REF: HEAD },
    });
    const states = github.statuses.map(({ state }) => String(state));
    const comments = github.comments.map(({ body }) => body.split('\n')[1] ?? '');
    const authorizations = [...new Set(github.requests.map((request) => request.authorization))];
    const result = { ...read(ran, test), github: { states, comments, authorizations } };
    return { result, ran };
  } finally {
    await Promise.all([api.close(), github.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

function read({ exitCode, entries, rest }: Ran, { says }: WorkflowTest): Omit<Result, 'github'> {
  const jobs: Result['jobs'] = {};
  const steps: Record<string, string[]> = {};
  const summaries = new Set<string>();
  const annotations: string[] = [];
  for (const entry of entries) {
    const { jobID = '', jobResult, command, content = '', arg = '', kvPairs } = entry;
    // act reports the result of a whole matrix after each of its jobs; the last one counts.
    if (jobResult !== undefined) jobs[jobID] = jobResult as 'success' | 'failure';
    const step = stepEnd(entry);
    const job = jobName(entry);
    if (step !== undefined) steps[job] = [...(steps[job] ?? []), step];
    // act reports the summary of a failed step again for the composite action around it.
    if (command === 'summary') summaries.add(content);
    if (command === 'error' || command === 'warning') {
      annotations.push(`${command}: ${kvPairs?.['title']}: ${arg.split('\n')[0]}`);
    }
  }
  const printed = entries.filter((entry) => entry.raw_output).map(({ msg }) => msg.trim());
  // act hides the mask command, except in the fields of its log.
  const shown = entries
    .filter(({ command }) => command !== 'add-mask')
    .map((entry) => JSON.stringify(entry))
    .concat(rest);
  return {
    exitCode,
    jobs,
    steps,
    says: says.filter((line) => printed.includes(line)),
    summary: [...summaries].flatMap(headings).sort(),
    annotations,
    showsKey: shown.filter((entry) => KEY_FORMS.some((form) => entry.includes(form))).length,
  };
}

/** Name and result of a finished step; `undefined` for the runner's own steps and the checkout. */
function stepEnd({ stage, stepResult, msg }: Entry): string | undefined {
  const name = / - Main (.*) \[[^\]]*\]$/.exec(msg)?.[1];
  if (stage !== 'Main' || stepResult === undefined || name === undefined) return undefined;
  return name.startsWith('actions/checkout@') ? undefined : `${name}: ${stepResult}`;
}

/** From `Workflow/job`, padded, with a number at the end in a matrix. */
function jobName({ job = '' }: Entry): string {
  return job.trim().replace(/^.*\//, '').replace(/-\d+$/, '');
}

function headings(markdown: string): string[] {
  return markdown.split('\n').filter((line) => line.startsWith('## '));
}

/** Whether the workflow leads to what is expected. Prints the difference and the log if not. */
async function check(act: string, test: WorkflowTest): Promise<boolean> {
  const startedAt = performance.now();
  const { result, ran } = await play(act, test);
  const took = `${((performance.now() - startedAt) / 1_000).toFixed(1)} s`;
  try {
    deepStrictEqual(result, expected(test));
    console.log(`passed  ${test.workflow.padEnd(24)} ${test.about} (${took})`);
    return true;
  } catch (error) {
    console.error(`FAILED  ${test.workflow.padEnd(24)} ${test.about} (${took})`);
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
  const results = await Promise.all(WORKFLOW_TESTS.map((test) => check(act, test)));
  const failed = results.filter((passed) => !passed).length;
  console.log(`${results.length - failed} workflows passed, ${failed} failed, run by act`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
