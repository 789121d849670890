import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/emulator.ts';
import { type Run, type RunResult, startAction } from '../../emulator/runner.ts';
import { checkResult } from './result-schema.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** A run of the built bundle, as a runner starts it. */
export interface Play extends Omit<EmulatorOptions, 'scenarios'> {
  scenario?: string;
  scenarios?: readonly string[];
  inputs?: Readonly<Record<string, string>>;
  /** Variables in addition to those of a runner, or a function that makes them from the emulator's port. */
  env?: Variables | ((port: number) => Promise<Variables>);
  /** The input `api-url`, from the emulator's own. */
  apiUrl?: (url: string) => string;
  githubToken?: string;
  /** The bundle to run; the one built from the present source when left out. */
  entry?: string;
  /** `active` instead of the IDs of the jobs. */
  active?: boolean;
  /** Runs while the action runs. */
  during?: (run: Run, emulator: Emulator) => Promise<void>;
}

/** The finished step, and the emulator with the requests that it received. */
export type Played = RunResult & { emulator: Emulator };

/** An API key that is easy to find in the output. */
export const TOKEN = 'key-of-the-test/+=?7f3a91';

/**
 * On Windows a process cannot receive a signal: `kill` ends it at once, whatever it listens to. The
 * Ctrl-C of a runner comes from a console, which a test does not have. Tests that need a signal run
 * on POSIX only, and are skipped on Windows.
 */
export const HAS_SIGNALS = process.platform !== 'win32';

/** Runs the bundle against the emulator, at a speed at which a crawl of a minute takes two seconds. */
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
    const result = await run.done;
    if (result.outputs['result'] !== undefined) checkResult(result.outputs['result']);
    return { ...result, emulator };
  } finally {
    await emulator.close();
  }
}
