import { type Outcome, outcomeTitle } from '../src/outcomes.ts';
import { tell } from '../test/support/virtual-world.ts';
import { inVirtualTime, STORIES } from './stories.ts';

/** The value of `github.token`. */
export const GITHUB_TOKEN = 'token-of-the-run';

/** A workflow of `test/workflows`, the stories that the API plays for it, and everything expected of it. */
export interface WorkflowTest {
  about: string;
  workflow: string;
  /** Names of stories (`stories.ts`), whose crawls are played to the datasources in this order. */
  stories: readonly string[];
  /** Default: `push`. */
  event?: 'pull_request';
  /** The workflow has no API key, like a pull request from a fork. */
  withoutKey?: true;
  /** The result of every job that ran, by its ID. */
  jobs: Record<string, 'success' | 'failure'>;
  /** Every step that ran, by the name of its job, except the runner's own steps and the checkout. */
  steps: Record<string, readonly string[]>;
  /** Whole lines that the steps print. */
  says: readonly string[];
  /** The headings of the job summaries, sorted. */
  summary: readonly string[];
  /** Every error and warning on the run page. Default: none. */
  annotations?: readonly string[];
  /** How often the workflow itself shows the key in the log. Default: never. */
  showsKey?: number;
  /** What GitHub received: states of the commit status, headings of comments, and tokens. */
  github?: {
    states: readonly string[];
    comments: readonly string[];
    authorizations: readonly string[];
  };
}

/** Seconds of a crawl for each second. */
export const SPEED = 40;

/** What the action says about a story, from a run in virtual time. */
async function messageOf(name: string): Promise<string> {
  const story = STORIES[name];
  if (story === undefined) throw new Error(`"${name}" is not a story`);
  const { outputs } = await tell({ ...inVirtualTime(story), speed: SPEED });
  return outputs['message'] ?? '';
}

const heading = (sign: string, text: string) => [`## ${sign} ${text.replace(/\.$/, '')}`];
const annotation = (outcome: Outcome, message: string) => [
  `error: OpenCX crawl: ${outcome}: ${message}`,
];

const SUCCEEDED = heading('✅', await messageOf('steady'));
const UNCHANGED = heading('✅', await messageOf('unchanged'));
const LOST = await messageOf('rejected');
const LOST_SUMMARY = heading('❌', outcomeTitle('rejected'));
const FAILED = await messageOf('failed');
const FAILED_SUMMARY = heading('❌', outcomeTitle('failed'));
const NO_KEY = await messageOf('no-key');

/** All run at the same time. */
export const WORKFLOW_TESTS: readonly WorkflowTest[] = [
  {
    about: 'a later step and a later job read the outputs',
    workflow: 'outputs.yml',
    stories: ['steady'],
    jobs: { crawl: 'success', deploy: 'success' },
    steps: { crawl: ['Gate: success', 'Read: success'], deploy: ['Deploy: success'] },
    says: [
      'outcome=succeeded status=completed job=7f1d2a60-5b0e-4c7a-9d3f-2b6e8c410000 error=',
      'rule: 0.5% (4 of 804)',
      'deploys 812 pages',
    ],
    summary: SUCCEEDED,
  },
  {
    about: 'the crawl finds no changes, so another job runs',
    workflow: 'outputs.yml',
    stories: ['unchanged'],
    jobs: { crawl: 'success', leave: 'success' },
    steps: { crawl: ['Gate: success', 'Read: success'], leave: ['Leave: success'] },
    says: ['nothing changed'],
    summary: UNCHANGED,
  },
  {
    about: 'a failed step with continue-on-error, and a branch on its outcome',
    workflow: 'continue-on-error.yml',
    stories: ['failed'],
    jobs: { crawl: 'success' },
    steps: { crawl: ['Gate: failure', 'Tell the team: success'] },
    says: [`tells the team - ${FAILED}`],
    summary: FAILED_SUMMARY,
    annotations: annotation('failed', FAILED),
  },
  {
    about: 'the same with a step that passes',
    workflow: 'continue-on-error.yml',
    stories: ['steady'],
    jobs: { crawl: 'success' },
    steps: { crawl: ['Gate: success', 'Go on: success'] },
    says: ['goes on'],
    summary: SUCCEEDED,
  },
  {
    about: 'the same for a fork, which has no secrets',
    workflow: 'continue-on-error.yml',
    stories: ['no-key'],
    withoutKey: true,
    jobs: { crawl: 'success' },
    steps: { crawl: ['Gate: failure', 'Fix the workflow: success'] },
    says: [`fixes the workflow - ${NO_KEY}`],
    summary: heading('❌', outcomeTitle('invalid-input')),
    annotations: annotation('invalid-input', NO_KEY),
  },
  {
    about: 'a failed step stops its job and the job that needs it',
    workflow: 'red-gate.yml',
    stories: ['rejected'],
    jobs: { crawl: 'failure', alarm: 'success' },
    steps: { crawl: ['Gate: failure', 'Clean up: success'], alarm: ['Alarm: success'] },
    says: ['alarm - rejected, failure'],
    summary: LOST_SUMMARY,
    annotations: annotation('rejected', LOST),
  },
  {
    about: 'a matrix, in which one job fails',
    workflow: 'matrix.yml',
    stories: ['steady', 'failed', 'growing'],
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
    annotations: annotation('failed', FAILED),
  },
  {
    about: 'a composite action around this action',
    workflow: 'composite.yml',
    stories: ['steady'],
    jobs: { crawl: 'success' },
    steps: {
      crawl: ['Gate: success', 'After the gate: success', 'Our gate: success', 'Read: success'],
    },
    says: ['inside, completed', 'outside, succeeded, 812 pages, success'],
    summary: SUCCEEDED,
  },
  {
    about: 'the same around a step that fails',
    workflow: 'composite.yml',
    stories: ['rejected'],
    jobs: { crawl: 'failure' },
    steps: { crawl: ['Gate: failure', 'Our gate: failure', 'Read: success'] },
    says: ['outside, rejected, 702 pages, failure'],
    summary: LOST_SUMMARY,
    annotations: annotation('rejected', LOST),
  },
  {
    about: 'the summary next to those of other steps, and no summary when it is off',
    workflow: 'summary.yml',
    stories: ['steady', 'steady'],
    jobs: { crawl: 'success' },
    steps: {
      crawl: ['Before: success', 'Gate: success', 'Silent gate: success', 'After: success'],
    },
    says: [],
    summary: ['## After', '## Before', ...SUCCEEDED],
  },
  {
    about: 'a key that later steps cannot show, although the API repeats it',
    workflow: 'token.yml',
    stories: ['leaky'],
    jobs: { crawl: 'success' },
    steps: { crawl: ['Before the gate: success', 'Gate: failure', 'After the gate: success'] },
    says: ['the key is ***', 'the crawl said: The key *** (***, ***) was refused'],
    summary: FAILED_SUMMARY,
    annotations: annotation(
      'failed',
      `${outcomeTitle('failed')}: The key *** (***, ***) was refused.`,
    ),
    showsKey: 1,
  },
  {
    about: 'a comment and a commit status with the token of the workflow run',
    workflow: 'pull-request.yml',
    stories: ['steady'],
    event: 'pull_request',
    jobs: { crawl: 'success' },
    steps: { crawl: ['Gate: success'] },
    says: [],
    summary: SUCCEEDED,
    github: {
      states: ['pending', 'success'],
      comments: SUCCEEDED.map((line) => `#${line}`),
      authorizations: [`token ${GITHUB_TOKEN}`],
    },
  },
];
