import { type EmulatorOptions, startEmulator } from '../emulator/emulator.ts';
import { type RunResult, startAction, unescapeData } from '../emulator/runner.ts';

/** A story that the demo tells: what the emulator plays, how the step is written, how it ends. */
export interface Story {
  about: string;
  emulator: EmulatorOptions;
  /** Inputs beside `token`, `datasource-id`, `job-id` and `api-url`. */
  inputs?: Record<string, string>;
  /** `active` in place of the jobs' ids. */
  active?: true;
  /** Cancels the workflow after so many requests. */
  cancelAfter?: number;
  /** The outcome that the step must end with. */
  outcome: string;
}

const KEY = 'demo-key';

/** A story of one scenario, sped up so that it ends within half a minute. */
function one(scenario: string, outcome: string, changes: Partial<Story> = {}): Story {
  const { emulator, ...rest } = changes;
  return {
    about: '',
    emulator: { scenarios: [scenario], speed: 6, token: KEY, ...emulator },
    outcome,
    ...rest,
  };
}

const agoIso = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

/** Every story by the name that `--scenario` takes. */
export const STORIES: Readonly<Record<string, Story>> = {
  steady: one('steady', 'succeeded', {
    about: 'a crawl of 812 pages that succeeds',
    inputs: { require: 'removed_pages <= 5%\nindexed_pages >= 500', warn: 'error_pages == 0' },
  }),
  growing: one('growing', 'succeeded', { about: 'the total grows while pages are discovered' }),
  'no-total': one('no-total', 'succeeded', { about: 'the total is never told' }),
  queued: one('queued', 'succeeded', { about: 'the crawl waits for its start first' }),
  first: one('first', 'succeeded', { about: 'the first crawl: every page is new' }),
  failed: one('failed', 'failed', { about: 'the crawl fails and says why' }),
  'failed-silently': one('failed-silently', 'failed', { about: 'the crawl fails without a word' }),
  'completed-with-error': one('completed-with-error', 'failed', {
    about: 'the crawl completes, but with an error message',
  }),
  cancelled: one('cancelled', 'cancelled', { about: 'somebody cancels the crawl' }),
  empty: one('empty', 'empty', { about: 'the crawl sees no page' }),
  rejected: one('lost-pages', 'rejected', {
    about: 'the crawl loses 94 of 796 pages, and a rule forbids it',
    inputs: { require: 'removed_pages <= 5%\ncompleted_pages >= 500', warn: 'new_pages >= 1' },
  }),
  stalled: one('stalled', 'stalled', {
    about: 'the crawl stands still',
    inputs: { 'stall-timeout': '4s' },
  }),
  'timed-out': one('slow', 'timed-out', {
    about: 'the crawl takes longer than it may',
    inputs: { timeout: '8s' },
  }),
  tolerated: one('slow', 'timed-out', {
    about: 'the same, but the step tolerates it and stays green',
    inputs: { timeout: '8s', tolerate: 'timed-out' },
  }),
  'not-found': one('no-datasource', 'not-found', {
    about: 'there is no such datasource',
    active: true,
  }),
  unauthorized: one('steady', 'unauthorized', {
    about: 'the API refuses the key',
    emulator: { scenarios: ['steady'], token: 'another-key' },
  }),
  unreachable: one('steady', 'unreachable', {
    about: 'the API answers 503 and does not recover',
    emulator: { scenarios: ['steady'], token: KEY, faults: [{ fault: '503', from: 2 }] },
    inputs: { 'outage-timeout': '6s' },
  }),
  outage: one('steady', 'succeeded', {
    about: 'the API fails three times in a row, and the wait goes on',
    emulator: {
      scenarios: ['steady'],
      speed: 6,
      token: KEY,
      faults: [{ fault: '503', from: 3, times: 3 }],
    },
  }),
  'invalid-response': one('steady', 'invalid-response', {
    about: 'a page comes in place of every answer',
    emulator: { scenarios: ['steady'], token: KEY, faults: [{ fault: 'html' }] },
    inputs: { 'outage-timeout': '4s' },
  }),
  'invalid-input': one('steady', 'invalid-input', {
    about: 'two inputs are wrong, and one message says so',
    inputs: { timeout: '30', require: 'removed_pages < few' },
  }),
  aborted: one('slow', 'aborted', {
    about: 'the workflow is cancelled in the middle',
    cancelAfter: 3,
  }),
  hostile: one('hostile', 'failed', { about: 'the API says things that attack log and summary' }),
  active: one('late-active', 'succeeded', {
    about: 'the crawl is found through its datasource, which shows it late',
    active: true,
  }),
  fresh: one('idle-fresh', 'succeeded', {
    about: 'no crawl runs, but the last one is fresh enough',
    active: true,
    inputs: { require: `started_at >= ${agoIso(10)}` },
  }),
  old: one('idle', 'rejected', {
    about: 'no crawl runs, and the last one is older than the rule allows',
    active: true,
    inputs: { require: 'age < 1h' },
  }),
  several: one('steady', 'rejected', {
    about: 'three crawls in one step; one of them loses pages',
    emulator: { scenarios: ['steady', 'lost-pages', 'growing'], speed: 6, token: KEY },
    inputs: { require: 'removed_pages <= 5%' },
  }),
  many: one('steady', 'failed', {
    about: 'twelve crawls in one step; two of them are red',
    emulator: {
      scenarios: Array.from({ length: 12 }, (_, index) =>
        index === 4 ? 'failed' : index === 9 ? 'empty' : 'steady',
      ),
      speed: 6,
      token: KEY,
    },
  }),
};

/** Tells a story to the built action. `onLog` is given the log as a runner shows it. */
export async function playStory(
  story: Story,
  {
    onStep = () => {},
    onLog,
  }: { onStep?: (inputs: Record<string, string>) => void; onLog: (text: string) => void },
): Promise<RunResult> {
  const emulator = await startEmulator(story.emulator);
  const inputs = {
    token: KEY,
    'datasource-id': emulator.sites.map(({ datasourceId }) => datasourceId).join('\n'),
    'job-id': story.active ? 'active' : emulator.sites.map(({ jobId }) => jobId).join('\n'),
    'api-url': emulator.url,
    ...story.inputs,
  };
  onStep(inputs);
  const run = startAction({ inputs, onLog: (text) => onLog(asRunnerShows(text)) });
  if (story.cancelAfter !== undefined) {
    void emulator.seen(story.cancelAfter).then(() => run.process.kill('SIGINT'));
  }
  const result = await run.done;
  await emulator.close();
  return result;
}

/** A runner hides some commands and shows others in a colour, with a word in place of the title. */
function asRunnerShows(log: string): string {
  return log
    .replace(/^::add-mask::.*\n/gm, '')
    .replace(/^::(error|warning) .*?::(.*)$/gm, (_, level, message) =>
      level === 'error'
        ? `\u001B[31mError: ${unescapeData(message)}\u001B[39m`
        : `\u001B[33mWarning: ${unescapeData(message)}\u001B[39m`,
    );
}
