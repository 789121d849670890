import { execFileSync, spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

/** The only version whose log is understood here. */
const VERSION = '0.2.89';

const ROOT = resolve(import.meta.dirname, '..');
const NODE_24 = join(ROOT, 'node_modules', 'node', 'bin');

/** What a workflow is run with. */
export interface Workflow {
  /** From the project's top. */
  file: string;
  /** An empty folder for everything that act writes. */
  folder: string;
  event: string;
  /** The file with the event's body. */
  eventFile: string;
  secrets: Record<string, string>;
  vars: Record<string, string>;
  env: Record<string, string>;
}

/** One entry of act's log, as far as it is used. */
export interface Entry {
  msg: string;
  /** With a number from act at the end if it is part of a matrix. */
  job?: string;
  jobID?: string;
  jobResult?: string;
  stage?: string;
  stepResult?: string;
  /** A line that a step printed. */
  raw_output?: boolean;
  /** A command of the step, with `arg` and `kvPairs`, or the job summary as `content`. */
  command?: string;
  arg?: string;
  kvPairs?: Record<string, string>;
  content?: string;
}

/** A finished workflow. */
export interface Ran {
  exitCode: number | null;
  entries: Entry[];
  /** The lines of act that are not entries. */
  rest: string[];
}

/**
 * The path of act, a runner for workflows: the one on the path if it has the right version, or one
 * that Go builds once into the user's cache folder.
 *
 * @throws Error with the reason if there is none
 */
export function findAct(): string {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const folder = join(cache, 'opencx-crawl-gate', `act-${VERSION}`);
  const kept = join(folder, 'act');
  const found = ['act', kept].find(isAct);
  if (found !== undefined) return found;
  // The workflows' steps are written for bash.
  if (process.platform === 'win32') throw new Error('they do not run on Windows');
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
  } catch {
    throw new Error(`neither act ${VERSION} nor Go is on the path`);
  }
  console.log(`Building act ${VERSION} with Go. This takes a minute or two, once.`);
  try {
    execFileSync('go', ['install', `github.com/nektos/act@v${VERSION}`], {
      env: { ...process.env, GOBIN: folder },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
  } catch {
    throw new Error(`Go could not build act ${VERSION}`);
  }
  return kept;
}

function isAct(file: string): boolean {
  try {
    return execFileSync(file, ['--version'], { encoding: 'utf8' }).trim().endsWith(` ${VERSION}`);
  } catch {
    return false;
  }
}

/** Runs a workflow of this project on this machine, without containers and without a network. */
export async function runWorkflow(act: string, workflow: Workflow): Promise<Ran> {
  const { file, folder, event, eventFile, secrets, vars, env } = workflow;
  const given = Object.entries({ secret: secrets, var: vars, env }).flatMap(([flag, values]) =>
    Object.entries(values).flatMap(([name, value]) => [`--${flag}`, `${name}=${value}`]),
  );
  // The project folder can contain files with these names for another use of act.
  const no = (name: string) => [`--${name}-file`, join(folder, 'none')];
  const child = spawn(
    act,
    [event, '--json', '--workflows', file, '--eventpath', eventFile, ...given]
      .concat(['--platform', 'ubuntu-latest=-self-hosted', '--no-cache-server'])
      .concat(['--action-cache-path', join(folder, 'cache')])
      .concat(no('env'), no('secret'), no('var'), no('input')),
    {
      cwd: ROOT,
      env: {
        PATH: [NODE_24, process.env['PATH']].join(delimiter),
        HOME: folder,
        ACT_DISABLE_VERSION_CHECK: '1',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 120_000,
      killSignal: 'SIGINT',
    },
  );
  const logs = [child.stdout, child.stderr].map(text);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const lines = (await Promise.all(logs)).flatMap((log) => log.split('\n')).filter(Boolean);
  const isEntry = (line: string) => line.startsWith('{');
  return {
    exitCode,
    entries: lines.filter(isEntry).map((line) => JSON.parse(line) as Entry),
    rest: lines.filter((line) => !isEntry(line)),
  };
}
