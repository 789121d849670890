import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/emulator.ts';
import { type Run, type RunResult, startAction } from '../../emulator/runner.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** A story told to the built bundle, as a runner starts it. */
export interface Play extends Omit<EmulatorOptions, 'scenarios'> {
  scenario?: string;
  scenarios?: readonly string[];
  inputs?: Readonly<Record<string, string>>;
  /** Variables beside those of a runner, or what makes them from the emulator's port. */
  env?: Variables | ((port: number) => Promise<Variables>);
  /** The input `api-url`, from the emulator's own. */
  apiUrl?: (url: string) => string;
  githubToken?: string;
  /** The bundle to run; the one built from the present source when left out. */
  entry?: string;
  /** `active` in place of the jobs' ids. */
  active?: boolean;
  /** While it runs. */
  during?: (run: Run, emulator: Emulator) => Promise<void>;
}

/** The step when it is over, and what the emulator saw of it. */
export type Played = RunResult & { emulator: Emulator };

/** An API key that is easy to find in what was written. */
export const TOKEN = 'key-of-the-test/+=?7f3a91';

/**
 * On Windows a process cannot be sent a signal: `kill` ends it at once, whatever it listens to. A
 * runner's own Ctrl-C comes from a console that a test does not have. What needs a signal is told on
 * POSIX only, and shows as skipped on Windows.
 */
export const HAS_SIGNALS = process.platform !== 'win32';

/** Plays a story at a speed at which a crawl of a minute takes two seconds. */
export async function play(story: Play): Promise<Played> {
  const { scenario = 'steady', scenarios = [scenario], active, during } = story;
  const { inputs, env = {}, githubToken, entry, apiUrl = (url) => url } = story;
  const emulator = await startEmulator({ token: TOKEN, speed: 30, ...story, scenarios });
  try {
    const run = startAction({
      inputs: {
        token: TOKEN,
        'datasource-id': emulator.sites.map(({ datasourceId }) => datasourceId).join('\n'),
        'job-id': active ? 'active' : emulator.sites.map(({ jobId }) => jobId).join('\n'),
        'api-url': apiUrl(emulator.url),
        'poll-interval': '500ms',
        ...inputs,
      },
      env: typeof env === 'function' ? await env(Number(new URL(emulator.url).port)) : env,
      ...(githubToken === undefined ? {} : { githubToken }),
      ...(entry === undefined ? {} : { entry }),
    });
    await during?.(run, emulator);
    return { ...(await run.done), emulator };
  } finally {
    await emulator.close();
  }
}
