import { STATUS_CODES } from 'node:http';
import type { GithubFault } from '../emulator/github.ts';
import type { Outcome } from '../src/outcomes.ts';
import { WaitAborted } from '../src/wait/context.ts';
import { workflowCancelled } from '../src/wait/verdicts.ts';
import { datasourceAnswer, jobAnswer } from '../test/support/crawl-builders.ts';
import type { Story } from '../test/support/virtual-world.ts';

/** A step that ends in a way a user can meet. */
export interface MessageCase {
  when: string;
  story: Story;
}

const steady: Story = { scenarios: ['steady'] };
const idle: Story = { scenarios: ['idle'], active: true };
const idleFresh: Story = { scenarios: ['idle-fresh'], active: true };
const many = (scenario: string, count: number) => Array.from({ length: count }, () => scenario);

/** From the third request on every answer is this one. */
function answering(status: number, body = '', inputs: Story['inputs'] = {}): Story {
  return { ...steady, inputs, wrong: ({ count }) => (count > 2 ? { status, body } : undefined) };
}

function stopped(how: (stop: AbortController) => void): Story {
  return { ...steady, onRequest: ({ count }, stop) => void (count === 4 && how(stop)) };
}

/** How steps end, by their outcome. */
export const ENDINGS: Readonly<Record<Outcome, readonly MessageCase[]>> = {
  succeeded: [
    { when: 'a crawl succeeded', story: steady },
    { when: 'nothing had changed', story: { scenarios: ['unchanged'] } },
    {
      when: 'no crawl was running, and the last one was fresh enough',
      story: { ...idleFresh, inputs: { require: 'started_at >= 2026-11-23T09:00:00Z' } },
    },
    { when: 'three crawls succeeded', story: { scenarios: many('steady', 3) } },
  ],
  'internal-error': [
    {
      when: 'the action has a defect',
      story: stopped(() => {
        throw new TypeError('x is not a function');
      }),
    },
  ],
  aborted: [
    {
      when: 'the workflow is cancelled, or its job runs out of time',
      story: stopped((stop) => stop.abort(new WaitAborted(workflowCancelled('SIGTERM')))),
    },
  ],
  'invalid-input': [
    { when: 'one input is wrong', story: { ...steady, inputs: { timeout: '30' } } },
    {
      when: 'the secret does not exist, or is not given to the workflow',
      story: { ...steady, inputs: { token: '' } },
    },
    { when: 'the API refuses the request', story: answering(400, '{"message":"Bad jobId"}') },
  ],
  unauthorized: [
    { when: 'the API does not know the key', story: answering(401) },
    { when: 'the key may not read crawls', story: answering(403) },
  ],
  'not-found': [
    { when: 'no crawl runs, and no rule asks for a fresh one', story: idle },
    {
      when: 'no crawl runs, and there never was one',
      story: { scenarios: ['idle-never'], active: true },
    },
    {
      when: 'the datasource does not exist',
      story: { scenarios: ['no-datasource'], active: true },
    },
    { when: 'the job does not exist', story: { scenarios: ['no-job'] } },
    { when: 'the job vanishes while it is watched', story: { scenarios: ['gone'] } },
  ],
  failed: [
    { when: 'the crawl fails and says why', story: { scenarios: ['failed'] } },
    { when: 'it fails without a word', story: { scenarios: ['failed-silently'] } },
    { when: 'it completes with an error', story: { scenarios: ['completed-with-error'] } },
    { when: 'that error is empty', story: { scenarios: ['completed-with-empty-error'] } },
    {
      when: 'two of three crawls fail',
      story: { scenarios: ['failed', 'steady', 'failed-silently'] },
    },
    {
      when: 'the crawl fails, and that is tolerated',
      story: { scenarios: ['failed'], inputs: { tolerate: 'failed' } },
    },
    {
      when: 'one of three fails, and that is tolerated',
      story: { scenarios: ['steady', 'failed', 'steady'], inputs: { tolerate: 'failed' } },
    },
  ],
  unrecognized: [
    {
      when: 'the crawl finished with a status that OpenCX does not document',
      story: { scenarios: ['odd-end'] },
    },
  ],
  cancelled: [
    { when: 'somebody cancels the crawl', story: { scenarios: ['cancelled'] } },
    { when: 'and says why', story: { scenarios: ['cancelled-with-error'] } },
  ],
  empty: [{ when: 'the crawl sees no page', story: { scenarios: ['empty'] } }],
  rejected: [
    {
      when: 'a rule does not hold',
      story: { scenarios: ['lost-pages'], inputs: { require: 'removed_pages <= 5%' } },
    },
    {
      when: 'two rules do not hold',
      story: {
        scenarios: ['lost-pages'],
        inputs: { require: 'removed_pages <= 5%\nnew_pages >= 1' },
      },
    },
    {
      when: 'three rules do not hold',
      story: {
        scenarios: ['lost-pages'],
        inputs: { require: 'removed_pages <= 5%\nnew_pages >= 1\nage > 1d' },
      },
    },
    {
      when: 'the last finished crawl is too old',
      story: { ...idle, inputs: { require: 'age < 1h' } },
    },
    {
      when: 'a rule is about pages, and only the times of the last finished crawl are known',
      story: { ...idleFresh, inputs: { require: 'age < 1h\nremoved_pages <= 5%' } },
    },
    {
      when: 'a rule is about a share of the pages known before, and the crawl is the first one',
      story: { scenarios: ['first'], inputs: { require: 'changed_pages <= 50%' } },
    },
    {
      when: 'a rule is about a share of all pages, and their number is unknown',
      story: { scenarios: ['no-total'], inputs: { require: 'new_pages <= 50%' } },
    },
  ],
  stalled: [{ when: 'the crawl stands still', story: { scenarios: ['stalled'] } }],
  'timed-out': [
    {
      when: 'the crawl takes longer than it may',
      story: { scenarios: ['slow'], inputs: { timeout: '10m' } },
    },
    {
      when: 'the crawl does not start',
      story: { scenarios: ['pending'], inputs: { timeout: '10m' } },
    },
    {
      when: 'the crawl is in a state that nobody documented',
      story: { scenarios: ['odd-status'], inputs: { timeout: '20s' } },
    },
    { when: 'with `timeout: 0s`', story: { scenarios: ['slow'], inputs: { timeout: '0s' } } },
    {
      when: 'the total is unknown',
      story: { scenarios: ['no-total'], inputs: { timeout: '20s' } },
    },
    {
      when: 'so many crawls are waited for that some have no turn',
      story: { scenarios: many('finished', 60), inputs: { timeout: '1s' } },
    },
  ],
  'invalid-response': [
    { when: 'a page comes in place of the answer', story: answering(200, '<html>') },
    { when: 'the API answers a redirect', story: answering(302) },
    { when: 'the API answers something that it does not document', story: answering(418) },
  ],
  unreachable: [
    { when: 'the API fails and does not recover', story: answering(503) },
    {
      when: 'the API fails until the time is up',
      story: answering(503, '', { timeout: '2m' }),
    },
    {
      when: 'with `outage-timeout: 0s`',
      story: answering(503, '', { 'outage-timeout': '0s' }),
    },
    { when: 'too many requests are sent', story: answering(429) },
  ],
};

/** Steps that warn. */
export const WARNINGS: readonly MessageCase[] = [
  { when: 'a status that nobody documented', story: { scenarios: ['odd-status'] } },
  {
    when: 'an error on the way',
    story: { scenarios: ['passing-error'] },
  },
  {
    when: 'a rule of `warn` does not hold',
    story: { scenarios: ['page-errors'], inputs: { warn: 'error_pages <= 5%' } },
  },
  {
    when: 'a rule of `warn` does not hold for one of two crawls',
    story: { scenarios: ['steady', 'page-errors'], inputs: { warn: 'error_pages <= 5%' } },
  },
  {
    when: 'a rule of `warn` needs the datasource, which cannot be read',
    story: {
      ...steady,
      inputs: { warn: 'error_pages == 0' },
      wrong: ({ kind }) => (kind === 'datasource' ? { status: 503 } : undefined),
    },
  },
  { when: 'the outputs cannot be written', story: { ...steady, unwritable: 'outputs' } },
  { when: 'the summary cannot be written', story: { ...steady, unwritable: 'summary' } },
  {
    when: '`comment: true` without a token',
    story: { ...steady, inputs: { comment: 'true', 'github-token': '' } },
  },
];

/** Steps whose whole log is worth reading. */
export const LOGS: readonly MessageCase[] = [
  {
    when: 'the active crawl is found and waited for',
    story: { scenarios: ['growing'], active: true },
  },
  {
    when: 'the crawl waits for its start',
    story: { scenarios: ['queued'], active: true },
  },
  {
    when: 'the crawl shows late, and has begun by then',
    story: { scenarios: ['late-active'], active: true },
  },
  { when: 'the end takes long', story: { scenarios: ['plateau'], speed: 0.3 } },
  { when: 'the total is unknown', story: { scenarios: ['no-total'] } },
  { when: '`timeout: 0s`', story: { scenarios: ['slow'], inputs: { timeout: '0s' } } },
  {
    when: 'the API fails for a minute and a half',
    story: {
      ...steady,
      wrong: ({ at }) => (at > 10_000 && at < 100_000 ? { status: 503 } : undefined),
    },
  },
  {
    when: 'the API does not recover',
    story: answering(503, '', { 'outage-timeout': '30s' }),
  },
  {
    when: 'the first answer takes long',
    story: {
      ...steady,
      inputs: { 'request-timeout': '2m' },
      wrong: ({ count }) => (count === 1 ? { late: 70_000 } : undefined),
    },
  },
  {
    when: 'a rule',
    story: { scenarios: ['finished'], inputs: { require: 'removed_pages <= 5%' } },
  },
  {
    when: 'two crawls and a rule',
    story: {
      scenarios: ['steady', 'lost-pages'],
      inputs: { require: 'removed_pages <= 5%', warn: 'new_pages >= 1' },
    },
  },
  {
    when: 'eight crawls',
    story: { scenarios: [...many('steady', 6), 'failed', 'empty'] },
  },
];

/** Answers with the status 200 that are not what was asked for. */
export const BAD_ANSWERS: readonly Story[] = [
  { body: 'x' },
  { body: '[]' },
  { body: '{}' },
  { body: JSON.stringify(jobAnswer()) },
  { body: JSON.stringify(datasourceAnswer()), active: true },
].map(({ body, active = false }) => ({
  ...steady,
  active,
  inputs: { 'outage-timeout': '0s' },
  wrong: () => ({ status: 200, body }),
}));

/** Answers with every status that Node knows. */
export const STATUSES: readonly Story[] = Object.keys(STATUS_CODES)
  .map(Number)
  .filter((status) => status >= 300 && status !== 404)
  .map((status) => answering(status, '', { 'outage-timeout': '0s' }));

/** Wrong inputs, each by what is wrong. */
export const WRONG_INPUTS: readonly Readonly<Record<string, string>>[] = [
  { token: '' },
  { token: 'two words' },
  { token: 'clé' },
  { 'datasource-id': '' },
  { 'datasource-id': 'help-centre' },
  { 'job-id': '' },
  { 'job-id': 'latest' },
  { 'job-id': 'active\nactive' },
  {
    'datasource-id': [1, 2].map(() => '3c90c3cc-0d44-4b50-8888-8dd25736052a').join('\n'),
    'job-id': 'active',
  },
  {
    'datasource-id': Array.from(
      { length: 101 },
      (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    ).join('\n'),
    'job-id': 'active',
  },
  {
    'datasource-id': '3c90c3cc-0d44-4b50-8888-8dd25736052a\n',
    'job-id': 'active\n\n',
  },
  { timeout: '30' },
  { timeout: 'soon' },
  { timeout: '31d' },
  { 'request-timeout': '0s' },
  { 'poll-interval': '100ms' },
  { 'poll-interval': 'often' },
  { require: 'pages > 5' },
  { require: 'removed_pages 5' },
  { require: 'no lost pages' },
  { require: 'total_pages >= 90%' },
  { require: 'removed_pages <= few' },
  { require: 'age < 8' },
  { require: 'started_at >= ' },
  { require: 'started_at >= yesterday' },
  { tolerate: 'timeout' },
  { summary: 'yes' },
  { 'commit-status': 'x'.repeat(256) },
  { 'api-url': 'api.open.cx' },
  { 'api-url': 'http://api.open.cx' },
  { 'api-url': 'https://me:password@api.open.cx' },
];

const refused = { status: 403, message: 'Resource not accessible by integration' };

/** The event of a pull request that comes from this repository. */
export function pullRequestOf(repository: string): unknown {
  const head = { sha: 'a'.repeat(40), repo: { full_name: repository } };
  return { pull_request: { number: 7, head } };
}

/** How comment and commit status fail. */
export const GITHUB_FAILURES: readonly {
  when: string;
  faults?: readonly GithubFault[];
  /** The event that started the run. */
  event?: unknown;
  /** Variables of the runner. */
  env?: NodeJS.ProcessEnv;
  /** The workflow is cancelled while the end is on its way. */
  cancelled?: boolean;
}[] = [
  { when: 'the permissions are missing', faults: [refused] },
  {
    when: 'the pull request comes from a fork',
    faults: [refused],
    event: pullRequestOf('else/site'),
  },
  { when: 'the token is wrong', faults: [{ status: 401, message: 'Bad credentials' }] },
  { when: 'GitHub fails', faults: [{ status: 502 }] },
  { when: 'GitHub gives no answer', faults: [{ hang: true }] },
  { when: 'GitHub cannot be reached', env: { GITHUB_API_URL: 'http://127.0.0.1:9' } },
  { when: 'GitHub answers with no list of comments', faults: [{ method: 'GET', status: 200 }] },
  { when: 'the runner does not say where it is', env: { GITHUB_REPOSITORY: '' } },
  { when: 'there is no pull request', event: {} },
  { when: 'the workflow is cancelled at the very end', faults: [{ hang: true }], cancelled: true },
];
