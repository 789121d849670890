import type { FaultPlan } from '../emulator/emulator.ts';
import type { ScenarioName } from '../emulator/scenarios.ts';
import type { Outcome } from '../src/outcomes.ts';
import { WaitAborted } from '../src/wait/context.ts';
import { workflowCancelled } from '../src/wait/verdicts.ts';
import type { Story as VirtualStory } from '../test/support/virtual-world.ts';

/**
 * What happens to a step: the crawls that the API plays, the inputs, and the outcome. The fields
 * `demo`, `messages`, and `preview` say where the story is used; `scripts/e2e-workflows.ts` names the
 * stories of the end-to-end tests.
 */
export interface Story {
  /** One line, without a full stop. */
  about: string;
  /** One per datasource (`emulator/scenarios.ts`). */
  scenarios: readonly ScenarioName[];
  outcome: Outcome;
  /** Inputs other than the key, the IDs, and `api-url`. */
  inputs?: Readonly<Record<string, string>>;
  /** `job-id: active` instead of the IDs of the jobs. */
  active?: true;
  /** What goes wrong in virtual time. */
  virtual?: Pick<
    VirtualStory,
    'wrong' | 'onRequest' | 'unwritable' | 'speed' | 'apiAhead' | 'ignoresCertificates'
  >;
  /** `npm run demo` offers it. */
  demo?: Demo;
  /** Where `docs/messages.md` has it: the message of the outcome, the warnings, or the whole log. */
  messages?: 'outcome' | 'warnings' | 'log';
  /** `npm run preview` takes pictures of it. */
  preview?: Preview;
}

/** How a story differs in real time, where it must finish within half a minute. */
export interface Demo {
  inputs?: Readonly<Record<string, string>>;
  faults?: readonly FaultPlan[];
  /** Cancels the workflow after this number of requests. */
  cancelAfter?: number;
  /** The API accepts another key only. */
  refused?: true;
}

/** Which pictures are taken, and their size in pixels. */
export interface Preview {
  /** The job summary. Default: yes. */
  summary?: false;
  /** The log of the demo. Default: no. */
  log?: true;
  width?: number;
  height?: number;
  /** Draws the summary with every supported Mermaid too, and compares them. */
  everyMermaid?: true;
}

/** The right response with other values. */
const changed = (right: string, fields: Record<string, unknown>) =>
  JSON.stringify({ ...JSON.parse(right), ...fields });

const many = (scenario: ScenarioName, count: number): ScenarioName[] =>
  Array<ScenarioName>(count).fill(scenario);

/** The crawl reports these values once it has finished. */
function finishing(values: Readonly<Record<string, unknown>>): Pick<Story, 'virtual'> {
  const change = (right: string) =>
    JSON.parse(right).completed_at === null ? right : changed(right, values);
  return { virtual: { wrong: () => ({ change }) } };
}

/** From the third request on, every response is this one. */
function responding(status: number, body = ''): Pick<Story, 'virtual'> {
  return { virtual: { wrong: ({ count }) => (count > 2 ? { status, body } : undefined) } };
}

function interrupted(how: (stop: AbortController) => void): Pick<Story, 'virtual'> {
  return { virtual: { onRequest: ({ count }, stop) => void (count === 4 && how(stop)) } };
}

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

const LOST_PAGES = 'removed_pages <= 5%';
const SEVERAL_RULES = {
  require: `${LOST_PAGES}\nindexed_pages >= 500\nstarted_at >= 2026-11-23T09:30:00Z`,
  warn: 'error_pages == 0',
};

/** The README shows the log and the pictures of this story. */
export const README_STORY = 'second-example';

/** Every story by its name. */
export const STORIES: Readonly<Record<string, Story>> = {
  steady: {
    about: 'the crawl succeeds',
    scenarios: ['steady'],
    outcome: 'succeeded',
    demo: { inputs: { require: `${LOST_PAGES}\nindexed_pages >= 500`, warn: 'error_pages == 0' } },
    messages: 'outcome',
    preview: { summary: false, log: true },
  },
  'with-rules': {
    about: 'the crawl meets several rules',
    scenarios: ['steady'],
    outcome: 'succeeded',
    active: true,
    inputs: SEVERAL_RULES,
    preview: {},
  },
  unchanged: {
    about: 'the crawl finds no changes',
    scenarios: ['unchanged'],
    outcome: 'succeeded',
    messages: 'outcome',
  },
  fresh: {
    about: 'no crawl is running, and the last one is recent enough',
    scenarios: ['idle-fresh'],
    outcome: 'succeeded',
    active: true,
    inputs: { require: 'started_at >= 2026-11-23T09:00:00Z' },
    demo: { inputs: { require: `started_at >= ${minutesAgo(10)}` } },
    messages: 'outcome',
  },
  three: {
    about: 'three crawls succeed',
    scenarios: many('steady', 3),
    outcome: 'succeeded',
    messages: 'outcome',
  },
  first: {
    about: 'the first crawl: every page is new',
    scenarios: ['first'],
    outcome: 'succeeded',
    demo: {},
    preview: {},
  },

  'internal-error': {
    about: 'internal error',
    scenarios: ['steady'],
    outcome: 'internal-error',
    ...interrupted(() => {
      throw new TypeError('x is not a function');
    }),
    messages: 'outcome',
  },

  aborted: {
    about: 'the workflow is canceled, or the job times out',
    scenarios: ['slow'],
    outcome: 'aborted',
    ...interrupted((stop) => stop.abort(new WaitAborted(workflowCancelled('SIGTERM')))),
    demo: { cancelAfter: 3 },
    messages: 'outcome',
    preview: { summary: false, log: true },
  },

  'invalid-input': {
    about: 'one input is invalid',
    scenarios: ['steady'],
    outcome: 'invalid-input',
    inputs: { timeout: '30' },
    messages: 'outcome',
    preview: { height: 500 },
  },
  'invalid-inputs': {
    about: 'two inputs are invalid, and one message reports both',
    scenarios: ['steady'],
    outcome: 'invalid-input',
    inputs: { timeout: '30', require: 'removed_pages < few' },
    demo: {},
  },
  'no-key': {
    about: "the secret doesn't exist, or the workflow can't read it",
    scenarios: ['steady'],
    outcome: 'invalid-input',
    inputs: { token: '' },
    messages: 'outcome',
  },
  'bad-request': {
    about: 'the API rejects the request',
    scenarios: ['steady'],
    outcome: 'invalid-input',
    ...responding(400, '{"message":"Bad jobId"}'),
    messages: 'outcome',
  },

  unauthorized: {
    about: 'the API key is invalid',
    scenarios: ['steady'],
    outcome: 'unauthorized',
    ...responding(401),
    demo: { refused: true },
    messages: 'outcome',
  },
  forbidden: {
    about: "the API key doesn't have the `crawl:read` scope",
    scenarios: ['steady'],
    outcome: 'unauthorized',
    ...responding(403),
    messages: 'outcome',
  },

  'not-found': {
    about: 'no crawl is running, and the rules accept no finished crawl',
    scenarios: ['idle'],
    outcome: 'not-found',
    active: true,
    messages: 'outcome',
    preview: { height: 500 },
  },
  'never-crawled': {
    about: 'no crawl is running, and none has ever finished',
    scenarios: ['idle-never'],
    outcome: 'not-found',
    active: true,
    messages: 'outcome',
  },
  'no-datasource': {
    about: 'the datasource does not exist',
    scenarios: ['no-datasource'],
    outcome: 'not-found',
    active: true,
    demo: {},
    messages: 'outcome',
  },
  'no-job': {
    about: 'the job does not exist',
    scenarios: ['no-job'],
    outcome: 'not-found',
    messages: 'outcome',
  },
  'no-active-job': {
    about: 'the job of the active crawl does not exist',
    scenarios: ['steady'],
    outcome: 'not-found',
    active: true,
    virtual: { wrong: ({ kind }) => (kind === 'job' ? { status: 404 } : undefined) },
    messages: 'outcome',
  },
  gone: {
    about: 'the job disappears during the wait',
    scenarios: ['gone'],
    outcome: 'not-found',
    messages: 'outcome',
  },

  failed: {
    about: 'the crawl fails with a reason',
    scenarios: ['failed'],
    outcome: 'failed',
    demo: {},
    messages: 'outcome',
    preview: {},
  },
  'failed-silently': {
    about: 'the crawl fails without a reason',
    scenarios: ['failed-silently'],
    outcome: 'failed',
    demo: {},
    messages: 'outcome',
  },
  'completed-with-error': {
    about: 'the crawl completes with an error',
    scenarios: ['completed-with-error'],
    outcome: 'failed',
    demo: {},
    messages: 'outcome',
    preview: {},
  },
  'completed-with-empty-error': {
    about: 'the crawl completes with an empty error',
    scenarios: ['completed-with-empty-error'],
    outcome: 'failed',
    messages: 'outcome',
  },
  'two-of-three-fail': {
    about: 'two of three crawls fail',
    scenarios: ['failed', 'steady', 'failed-silently'],
    outcome: 'failed',
    messages: 'outcome',
  },
  'failed-tolerated': {
    about: 'the crawl fails (tolerated)',
    scenarios: ['failed'],
    outcome: 'failed',
    inputs: { tolerate: 'failed' },
    messages: 'outcome',
  },
  'one-of-three-fails-tolerated': {
    about: 'one of three crawls fails (tolerated)',
    scenarios: ['steady', 'failed', 'steady'],
    outcome: 'failed',
    inputs: { tolerate: 'failed' },
    messages: 'outcome',
  },
  hostile: {
    about: 'the API sends texts that attack the log and the summary',
    scenarios: ['hostile'],
    outcome: 'failed',
    demo: {},
    preview: { log: true },
  },
  leaky: {
    about: 'the API repeats the API key',
    scenarios: ['leaky'],
    outcome: 'failed',
    demo: {},
  },
  many: {
    about: 'twelve crawls in one step: one fails, and one finds no pages',
    scenarios: many('steady', 12).with(4, 'failed').with(9, 'empty'),
    outcome: 'failed',
    demo: {},
    preview: { summary: false, log: true },
  },
  thirty: {
    about: 'thirty crawls in one step: one fails, and one finds no pages',
    scenarios: many('steady', 30).with(4, 'failed').with(19, 'empty'),
    outcome: 'failed',
    preview: { height: 1_000 },
  },

  'slow-clock': {
    about: "the runner's clock is slow",
    scenarios: ['tiny'],
    outcome: 'succeeded',
    virtual: { apiAhead: 2 * 3_600_000 },
    messages: 'warnings',
  },
  'fast-clock': {
    about: "the runner's clock is fast",
    scenarios: ['tiny'],
    outcome: 'succeeded',
    virtual: { apiAhead: -2 * 3_600_000 },
    messages: 'warnings',
  },
  'certificates-off': {
    about: 'NODE_TLS_REJECT_UNAUTHORIZED is 0',
    scenarios: ['tiny'],
    outcome: 'succeeded',
    inputs: { 'api-url': 'https://127.0.0.1:1' },
    virtual: { ignoresCertificates: true },
    messages: 'warnings',
  },
  'part-of-the-pages': {
    about: 'the crawl visited less than 90% of its pages',
    scenarios: ['tiny'],
    outcome: 'succeeded',
    virtual: { wrong: () => ({ change: (right) => changed(right, { total_pages: 5_000 }) }) },
    messages: 'warnings',
  },
  'most-pages-removed': {
    about: 'the crawl removed more than half of the pages',
    scenarios: ['tiny'],
    outcome: 'succeeded',
    virtual: { wrong: () => ({ change: (right) => changed(right, { removed_pages: 5_000 }) }) },
    messages: 'warnings',
  },
  'newer-crawl-vanished': {
    about: 'a newer crawl started and did not finish',
    scenarios: ['idle-started-later'],
    outcome: 'succeeded',
    active: true,
    inputs: { require: 'age < 1d' },
    messages: 'warnings',
  },
  'many-warnings': {
    about: 'a step has more warnings than GitHub shows',
    scenarios: ['tiny'],
    outcome: 'succeeded',
    inputs: { warn: Array.from({ length: 12 }, (_, n) => `new_pages > ${1_000 + n}`).join('\n') },
    messages: 'warnings',
  },
  'older-crawl-runs': {
    about: 'an older crawl was still running at the deadline',
    scenarios: ['slow'],
    outcome: 'timed-out',
    active: true,
    inputs: { require: 'started_at >= 2026-11-23T11:00:00Z', timeout: '10m' },
    messages: 'outcome',
  },
  'older-crawl-first': {
    about: 'an older crawl runs first',
    scenarios: ['steady'],
    outcome: 'rejected',
    active: true,
    inputs: { require: 'started_at >= 2026-11-23T11:00:00Z', timeout: '5m' },
    messages: 'log',
  },
  'rejected-early': {
    about: 'a rule can no longer be met',
    scenarios: ['slow'],
    outcome: 'rejected',
    inputs: { require: 'started_at >= 2026-11-23T11:00:00Z' },
    messages: 'outcome',
  },
  'finished-in-the-future': {
    about: 'the crawl finished in the future',
    scenarios: ['tiny'],
    outcome: 'rejected',
    inputs: { require: 'age < 1h' },
    ...finishing({ completed_at: '9999-12-31T23:59:59Z' }),
    messages: 'outcome',
  },
  'finished-before-it-started': {
    about: 'the crawl finished before it started',
    scenarios: ['tiny'],
    outcome: 'rejected',
    inputs: { require: 'duration < 1h' },
    ...finishing({ started_at: '2026-11-23T11:00:00Z' }),
    messages: 'outcome',
  },
  'started-before-it-was-created': {
    about: 'the crawl started before it was created',
    scenarios: ['tiny'],
    outcome: 'rejected',
    inputs: { require: 'queue_time < 1h' },
    ...finishing({ created_at: '2026-11-23T11:00:00Z' }),
    messages: 'outcome',
  },
  'newer-crawl-lost': {
    about: 'a rule about the start of the last finished crawl, after which a newer one started',
    scenarios: ['idle-started-later'],
    outcome: 'rejected',
    active: true,
    inputs: { require: 'age < 1h\nduration < 1h' },
    messages: 'outcome',
  },

  cancelled: {
    about: 'the crawl is canceled',
    scenarios: ['cancelled'],
    outcome: 'cancelled',
    demo: {},
    messages: 'outcome',
    preview: {},
  },
  'cancelled-with-error': {
    about: 'the crawl is canceled with a reason',
    scenarios: ['cancelled-with-error'],
    outcome: 'cancelled',
    messages: 'outcome',
  },

  unrecognized: {
    about: 'the crawl finishes with a status that OpenCX does not document',
    scenarios: ['odd-end'],
    outcome: 'unrecognized',
    demo: {},
    messages: 'outcome',
  },

  empty: {
    about: 'the crawl finds no pages',
    scenarios: ['empty'],
    outcome: 'empty',
    demo: {},
    messages: 'outcome',
    preview: { height: 700 },
  },

  rejected: {
    about: 'one rule is not met',
    scenarios: ['lost-pages'],
    outcome: 'rejected',
    inputs: { require: LOST_PAGES },
    demo: { inputs: { require: `${LOST_PAGES}\ncompleted_pages >= 500`, warn: 'new_pages >= 1' } },
    messages: 'outcome',
    preview: { summary: false, log: true },
  },
  'second-example': {
    about: "the README's second example, for a crawl that loses pages",
    scenarios: ['lost-pages'],
    outcome: 'rejected',
    active: true,
    inputs: { require: 'started_at >= 2026-11-23T09:30:00Z\nindexed_pages >= 750' },
    preview: { height: 1_310 },
  },
  'rejected-by-one-of-several-rules': {
    about: 'one of several rules is not met',
    scenarios: ['lost-pages'],
    outcome: 'rejected',
    inputs: SEVERAL_RULES,
    preview: { height: 1_390, everyMermaid: true },
  },
  narrow: {
    about: 'one of several rules is not met, on a narrow page',
    scenarios: ['lost-pages'],
    outcome: 'rejected',
    inputs: SEVERAL_RULES,
    preview: { width: 500, height: 1_500, everyMermaid: true },
  },
  'two-rules': {
    about: 'two rules are not met',
    scenarios: ['lost-pages'],
    outcome: 'rejected',
    inputs: { require: `${LOST_PAGES}\nnew_pages >= 1` },
    messages: 'outcome',
  },
  'three-rules': {
    about: 'three rules are not met',
    scenarios: ['lost-pages'],
    outcome: 'rejected',
    inputs: { require: `${LOST_PAGES}\nnew_pages >= 1\nage > 1d` },
    messages: 'outcome',
  },
  old: {
    about: 'no crawl is running, and the last one is too old',
    scenarios: ['idle'],
    outcome: 'rejected',
    active: true,
    inputs: { require: 'age < 1h' },
    demo: {},
    messages: 'outcome',
    preview: { height: 700 },
  },
  'pages-of-the-last-crawl': {
    about: 'a rule about pages with the last finished crawl',
    scenarios: ['idle-fresh'],
    outcome: 'rejected',
    active: true,
    inputs: { require: `age < 1h\n${LOST_PAGES}` },
    messages: 'outcome',
  },
  'percentage-of-a-first-crawl': {
    about: 'a percentage of the known pages on a first crawl',
    scenarios: ['first'],
    outcome: 'rejected',
    inputs: { require: 'changed_pages <= 50%' },
    messages: 'outcome',
  },
  'percentage-without-total': {
    about: 'a percentage of all pages, and the total is unknown',
    scenarios: ['no-total'],
    outcome: 'rejected',
    inputs: { require: 'new_pages <= 50%' },
    messages: 'outcome',
  },
  several: {
    about: 'three crawls in one step, and one loses pages',
    scenarios: ['steady', 'lost-pages', 'growing'],
    outcome: 'rejected',
    inputs: { require: LOST_PAGES },
    demo: {},
    preview: { log: true },
  },

  stalled: {
    about: 'the crawl stalls',
    scenarios: ['stalled'],
    outcome: 'stalled',
    demo: { inputs: { 'stall-timeout': '4s' } },
    messages: 'outcome',
    preview: {},
  },

  'timed-out': {
    about: 'the crawl takes too long',
    scenarios: ['slow'],
    outcome: 'timed-out',
    inputs: { timeout: '10m' },
    demo: { inputs: { timeout: '8s' } },
    messages: 'outcome',
    preview: {},
  },
  tolerated: {
    about: 'the crawl takes too long (tolerated)',
    scenarios: ['slow'],
    outcome: 'timed-out',
    inputs: { timeout: '10m', tolerate: 'timed-out' },
    demo: { inputs: { timeout: '8s', tolerate: 'timed-out' } },
    preview: {},
  },
  pending: {
    about: 'the crawl does not start',
    scenarios: ['pending'],
    outcome: 'timed-out',
    inputs: { timeout: '10m' },
    messages: 'outcome',
  },
  'undocumented-status': {
    about: 'the crawl has an undocumented status',
    scenarios: ['odd-status'],
    outcome: 'timed-out',
    inputs: { timeout: '20s' },
    messages: 'outcome',
  },
  'checked-once': {
    about: 'with `timeout: 0s`',
    scenarios: ['slow'],
    outcome: 'timed-out',
    inputs: { timeout: '0s' },
    messages: 'outcome',
  },
  'timed-out-without-total': {
    about: 'the total is unknown',
    scenarios: ['no-total'],
    outcome: 'timed-out',
    inputs: { timeout: '20s' },
    messages: 'outcome',
  },
  'too-many': {
    about: 'too many crawls for the timeout',
    scenarios: many('finished', 60),
    outcome: 'timed-out',
    inputs: { timeout: '1s' },
    messages: 'outcome',
  },

  'invalid-response': {
    about: 'an HTML page instead of JSON',
    scenarios: ['steady'],
    outcome: 'invalid-response',
    ...responding(200, '<html>'),
    demo: { faults: [{ fault: 'html' }], inputs: { 'outage-timeout': '4s' } },
    messages: 'outcome',
  },
  redirect: {
    about: 'the API redirects',
    scenarios: ['steady'],
    outcome: 'invalid-response',
    ...responding(302),
    messages: 'outcome',
  },
  'undocumented-response': {
    about: 'the API returns an undocumented status',
    scenarios: ['steady'],
    outcome: 'invalid-response',
    ...responding(418),
    messages: 'outcome',
  },

  unreachable: {
    about: 'the API stays unavailable',
    scenarios: ['steady'],
    outcome: 'unreachable',
    ...responding(503),
    demo: { faults: [{ fault: '503', from: 2 }], inputs: { 'outage-timeout': '6s' } },
    messages: 'outcome',
    preview: {},
  },
  'unreachable-until-timeout': {
    about: 'the API stays unavailable until the timeout',
    scenarios: ['steady'],
    outcome: 'unreachable',
    inputs: { timeout: '2m' },
    ...responding(503),
    messages: 'outcome',
  },
  'unreachable-once': {
    about: 'with `outage-timeout: 0s`',
    scenarios: ['steady'],
    outcome: 'unreachable',
    inputs: { 'outage-timeout': '0s' },
    ...responding(503),
    messages: 'outcome',
  },
  'rate-limited': {
    about: 'rate limit reached',
    scenarios: ['steady'],
    outcome: 'unreachable',
    ...responding(429),
    messages: 'outcome',
  },

  'status-warning': {
    about: 'the crawl has an undocumented status',
    scenarios: ['odd-status'],
    outcome: 'succeeded',
    messages: 'warnings',
  },
  'error-warning': {
    about: 'an error while the crawl is running',
    scenarios: ['passing-error'],
    outcome: 'succeeded',
    messages: 'warnings',
  },
  'warn-rule': {
    about: 'a `warn` rule is not met',
    scenarios: ['page-errors'],
    outcome: 'succeeded',
    inputs: { warn: 'error_pages <= 5%' },
    messages: 'warnings',
  },
  'warn-rule-of-one-crawl': {
    about: 'a `warn` rule is not met for one of two crawls',
    scenarios: ['steady', 'page-errors'],
    outcome: 'succeeded',
    inputs: { warn: 'error_pages <= 5%' },
    messages: 'warnings',
  },
  'warn-rule-without-datasource': {
    about: "a `warn` rule needs the datasource, which can't be read",
    scenarios: ['steady'],
    outcome: 'succeeded',
    inputs: { warn: 'error_pages == 0' },
    virtual: { wrong: ({ kind }) => (kind === 'datasource' ? { status: 503 } : undefined) },
    messages: 'warnings',
  },
  'no-outputs': {
    about: "can't write the outputs",
    scenarios: ['steady'],
    outcome: 'succeeded',
    virtual: { unwritable: 'outputs' },
    messages: 'warnings',
  },
  'no-summary': {
    about: "can't write the job summary",
    scenarios: ['steady'],
    outcome: 'succeeded',
    virtual: { unwritable: 'summary' },
    messages: 'warnings',
  },
  'comment-without-token': {
    about: '`comment: true` without a token',
    scenarios: ['steady'],
    outcome: 'succeeded',
    inputs: { comment: 'true', 'github-token': '' },
    messages: 'warnings',
  },

  growing: {
    about: 'the active crawl is found, and its total grows while pages are discovered',
    scenarios: ['growing'],
    outcome: 'succeeded',
    active: true,
    demo: {},
    messages: 'log',
    preview: {},
  },
  queued: {
    about: 'the crawl is queued',
    scenarios: ['queued'],
    outcome: 'succeeded',
    active: true,
    demo: {},
    messages: 'log',
  },
  active: {
    about: 'the crawl appears late and has already started',
    scenarios: ['late-active'],
    outcome: 'succeeded',
    active: true,
    demo: {},
    messages: 'log',
  },
  plateau: {
    about: 'indexing takes long',
    scenarios: ['plateau'],
    outcome: 'succeeded',
    virtual: { speed: 0.3 },
    messages: 'log',
  },
  'no-total': {
    about: 'the total is unknown',
    scenarios: ['no-total'],
    outcome: 'succeeded',
    demo: {},
    messages: 'log',
  },
  'log-checked-once': {
    about: '`timeout: 0s`',
    scenarios: ['slow'],
    outcome: 'timed-out',
    inputs: { timeout: '0s' },
    messages: 'log',
  },
  outage: {
    about: 'the API is unavailable for 90 seconds',
    scenarios: ['steady'],
    outcome: 'succeeded',
    virtual: { wrong: ({ at }) => (at > 10_000 && at < 100_000 ? { status: 503 } : undefined) },
    demo: { faults: [{ fault: '503', from: 3, times: 3 }] },
    messages: 'log',
    preview: { summary: false, log: true },
  },
  'permanent-outage': {
    about: 'the API does not recover',
    scenarios: ['steady'],
    outcome: 'unreachable',
    inputs: { 'outage-timeout': '30s' },
    ...responding(503),
    messages: 'log',
  },
  'outage-outlasted': {
    about: 'the API recovers too late for one of two crawls',
    scenarios: ['steady', 'steady'],
    outcome: 'unreachable',
    inputs: { 'outage-timeout': '30s', 'poll-interval': '5s' },
    virtual: {
      wrong: ({ at, path }) => {
        const from = path.endsWith('0000') ? 10_000 : 25_000;
        return at > from && at < 50_000 ? { status: 503 } : undefined;
      },
    },
    messages: 'log',
  },
  'slow-response': {
    about: 'the first response takes long',
    scenarios: ['steady'],
    outcome: 'succeeded',
    inputs: { 'request-timeout': '2m' },
    virtual: { wrong: ({ count }) => (count === 1 ? { late: 70_000 } : undefined) },
    messages: 'log',
  },
  'one-rule': {
    about: 'one rule',
    scenarios: ['finished'],
    outcome: 'succeeded',
    inputs: { require: LOST_PAGES },
    messages: 'log',
  },
  'two-crawls': {
    about: 'two crawls with rules',
    scenarios: ['steady', 'lost-pages'],
    outcome: 'rejected',
    inputs: { require: LOST_PAGES, warn: 'new_pages >= 1' },
    messages: 'log',
  },
  'older-crawls-first': {
    about: 'six datasources, and older crawls run first',
    scenarios: many('steady', 6),
    outcome: 'rejected',
    active: true,
    inputs: { require: 'started_at >= 2026-11-23T11:00:00Z', timeout: '3m' },
    messages: 'log',
  },
  'eight-crawls': {
    about: 'eight crawls',
    scenarios: [...many('steady', 6), 'failed', 'empty'],
    outcome: 'failed',
    messages: 'log',
  },
};

/** The stories with this use, by name. */
export function storiesFor<Use extends 'demo' | 'messages' | 'preview'>(
  use: Use,
): [string, Story & Required<Pick<Story, Use>>][] {
  return Object.entries(STORIES).filter(
    (entry): entry is [string, Story & Required<Pick<Story, Use>>] => entry[1][use] !== undefined,
  );
}

/** The story as `tell` of `test/support/virtual-world.ts` takes it. */
export function inVirtualTime({ scenarios, inputs, active, virtual }: Story): VirtualStory {
  return {
    scenarios,
    ...(inputs === undefined ? {} : { inputs }),
    ...(active === undefined ? {} : { active }),
    ...virtual,
  };
}
