/** What a runner gives as `github.token`. */
export const GITHUB_TOKEN = 'token-of-the-run';

/** A workflow of `test/workflows`, what the API plays for it, and all that must come of it. */
export interface Story {
  about: string;
  workflow: string;
  /** One for each datasource (see `emulator/scenarios.ts`). */
  scenarios: readonly string[];
  /** `push` when left out. */
  event?: 'pull_request';
  /** The workflow gets no key, like the pull request of a fork. */
  withoutKey?: true;
  /** The result of every job that ran, by its ID. */
  jobs: Record<string, 'success' | 'failure'>;
  /** Every step that ran, by the name of its job, but for those of a runner and the checkout. */
  steps: Record<string, readonly string[]>;
  /** Whole lines that the steps print. */
  says: readonly string[];
  /** Every heading, outcome and rule of the job summaries, sorted. */
  summary: readonly string[];
  /** Every error and warning on the run's page; none when left out. */
  annotations?: readonly string[];
  /** How often the log shows the key, by the workflow's own doing; never when left out. */
  showsKey?: number;
  /** What GitHub got: states of the commit status, headings of comments, and by whose token. */
  github?: {
    states: readonly string[];
    comments: readonly string[];
    authorizations: readonly string[];
  };
}

const SUCCEEDED = ['## ✅ The crawl succeeded in 2s: 812 pages, 47 changed'];

const LOST =
  'The crawl finished, but "removed_pages <= 5%" does not hold: found 11.8% (94 of 796).';
const LOST_SUMMARY = [
  '## ❌ The crawl does not keep the rules',
  `**${LOST}**`,
  '| ❌ | `removed_pages <= 5%` | `11.8% (94 of 796)` | required |',
];
const LOST_ERROR = `error: The crawl does not keep the rules: ${LOST}`;

const FAILED = 'The crawl failed: Robots.txt of help.example.com forbids the crawler.';
const FAILED_SUMMARY = ['## ❌ The crawl failed'];

const NO_KEY =
  'The inputs of this step are wrong: token is empty: pass an OpenCX API key, such as secrets.OPENCX_API_KEY; a secret that does not exist is empty, and so is every secret in a pull request from a fork or from Dependabot.';

/** They are told all at once. */
export const STORIES: readonly Story[] = [
  {
    about: 'a later step and a later job read the outputs',
    workflow: 'outputs.yml',
    scenarios: ['steady'],
    jobs: { crawl: 'success', deploy: 'success' },
    steps: { crawl: ['Gate: success', 'Read: success'], deploy: ['Deploy: success'] },
    says: [
      'outcome=succeeded status=completed job=7f1d2a60-5b0e-4c7a-9d3f-2b6e8c410000 error=',
      'rule: 0.5% (4 of 804)',
      'deploys 812 pages',
    ],
    summary: [
      ...SUCCEEDED,
      '| ✅ | `duration < 10m` | `2s` | required |',
      '| ✅ | `removed_pages <= 5%` | `0.5% (4 of 804)` | required |',
    ],
  },
  {
    about: 'nothing changed, so another job runs',
    workflow: 'outputs.yml',
    scenarios: ['unchanged'],
    jobs: { crawl: 'success', leave: 'success' },
    steps: { crawl: ['Gate: success', 'Read: success'], leave: ['Leave: success'] },
    says: ['nothing changed'],
    summary: [
      '## ✅ The crawl succeeded in 2s: 812 pages, none changed',
      '| ✅ | `duration < 10m` | `2s` | required |',
      '| ✅ | `removed_pages <= 5%` | `0% (0 of 812)` | required |',
    ],
  },
  {
    about: 'a red gate that may be red, and a branch on its outcome',
    workflow: 'continue-on-error.yml',
    scenarios: ['failed'],
    jobs: { crawl: 'success' },
    steps: { crawl: ['Gate: failure', 'Tell the team: success'] },
    says: [`tells the team - ${FAILED}`],
    summary: FAILED_SUMMARY,
    annotations: [`error: The crawl failed: ${FAILED}`],
  },
  {
    about: 'the same with a green gate',
    workflow: 'continue-on-error.yml',
    scenarios: ['steady'],
    jobs: { crawl: 'success' },
    steps: { crawl: ['Gate: success', 'Go on: success'] },
    says: ['goes on'],
    summary: SUCCEEDED,
  },
  {
    about: 'the same for a fork, which gets no secrets',
    workflow: 'continue-on-error.yml',
    scenarios: ['steady'],
    withoutKey: true,
    jobs: { crawl: 'success' },
    steps: { crawl: ['Gate: failure', 'Mend the workflow: success'] },
    says: [`mends the workflow - ${NO_KEY}`],
    summary: ['## ❌ The inputs were refused'],
    annotations: [`error: The inputs were refused: ${NO_KEY}`],
  },
  {
    about: 'a red gate stops its job and the one that needs it',
    workflow: 'red-gate.yml',
    scenarios: ['lost-pages'],
    jobs: { crawl: 'failure', alarm: 'success' },
    steps: { crawl: ['Gate: failure', 'Clean up: success'], alarm: ['Alarm: success'] },
    says: ['alarm - rejected, failure'],
    summary: LOST_SUMMARY,
    annotations: [LOST_ERROR],
  },
  {
    about: 'a matrix, one of which is red',
    workflow: 'matrix.yml',
    scenarios: ['steady', 'failed', 'growing'],
    jobs: { crawl: 'failure' },
    steps: {
      English: ['Gate: success', 'Read: success'],
      German: ['Gate: failure', 'Read: success'],
      French: ['Gate: success', 'Read: success'],
    },
    says: [
      'English - succeeded, 3c90c3cc-0d44-4b50-8888-8dd257360000',
      'German - failed, 3c90c3cc-0d44-4b50-8888-8dd257360001',
      'French - succeeded, 3c90c3cc-0d44-4b50-8888-8dd257360002',
    ],
    summary: [...SUCCEEDED, ...SUCCEEDED, ...FAILED_SUMMARY].sort(),
    annotations: [`error: The crawl failed: ${FAILED}`],
  },
  {
    about: 'a composite action around the gate',
    workflow: 'composite.yml',
    scenarios: ['steady'],
    jobs: { crawl: 'success' },
    steps: {
      crawl: ['Gate: success', 'After the gate: success', 'Our gate: success', 'Read: success'],
    },
    says: ['inside, completed', 'outside, succeeded, 812 pages, success'],
    summary: [...SUCCEEDED, '| ✅ | `removed_pages <= 5%` | `0.5% (4 of 804)` | required |'],
  },
  {
    about: 'the same around a red gate',
    workflow: 'composite.yml',
    scenarios: ['lost-pages'],
    jobs: { crawl: 'failure' },
    steps: { crawl: ['Gate: failure', 'Our gate: failure', 'Read: success'] },
    says: ['outside, rejected, 702 pages, failure'],
    summary: LOST_SUMMARY,
    annotations: [LOST_ERROR],
  },
  {
    about: 'the summary beside those of other steps, and none when it is turned off',
    workflow: 'summary.yml',
    scenarios: ['steady', 'steady'],
    jobs: { crawl: 'success' },
    steps: {
      crawl: ['Before: success', 'Gate: success', 'Silent gate: success', 'After: success'],
    },
    says: [],
    summary: ['## After', '## Before', ...SUCCEEDED],
  },
  {
    about: 'a key that later steps cannot show, though the API repeats it',
    workflow: 'token.yml',
    scenarios: ['leaky'],
    jobs: { crawl: 'success' },
    steps: { crawl: ['Before the gate: success', 'Gate: failure', 'After the gate: success'] },
    says: ['the key is ***', 'the crawl said: The key *** (***, ***) was refused'],
    summary: FAILED_SUMMARY,
    annotations: ['error: The crawl failed: The crawl failed: The key *** (***, ***) was refused.'],
    showsKey: 1,
  },
  {
    about: 'a comment and a commit status with the token of the run',
    workflow: 'pull-request.yml',
    scenarios: ['steady'],
    event: 'pull_request',
    jobs: { crawl: 'success' },
    steps: { crawl: ['Gate: success'] },
    says: [],
    summary: SUCCEEDED,
    github: {
      states: ['pending', 'success'],
      comments: ['### ✅ The crawl succeeded'],
      authorizations: [`token ${GITHUB_TOKEN}`],
    },
  },
];
