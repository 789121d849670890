import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { parse } from 'yaml';

/** How the action is started. */
export interface RunOptions {
  /** As a workflow's `with:` has them; the rest gets the defaults of `action.yml`. */
  inputs: Readonly<Record<string, string>>;
  /** Variables in addition to those of a runner. */
  env?: Readonly<Record<string, string | undefined>>;
  /** The value of the expression `github.token`. */
  githubToken?: string;
  /** The bundle to run. Default: the variable `ACTION_ENTRY`, or `dist/index.js`. */
  entry?: string;
  /** Receives every piece of the log as it arrives. */
  onLog?: (text: string) => void;
}

/** A command that the action gave the runner through its log. */
export interface Annotation {
  level: 'error' | 'warning' | 'notice';
  title: string;
  message: string;
}

/** A finished step. */
export interface RunResult {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  outputs: Record<string, string>;
  /** The job summary, as Markdown. */
  summary: string;
  annotations: Annotation[];
  masks: string[];
  /** The lines that a person sees, without colors and commands. */
  log: string[];
  /** Everything that the process wrote to stdout, to stderr, and to the runner's files. */
  everything: string;
  stderr: string;
  /** Milliseconds from the start of the process to its end. */
  took: number;
}

/** A running step. */
export interface Run {
  process: ChildProcess;
  done: Promise<RunResult>;
}

const ROOT = resolve(import.meta.dirname, '..');
/** The bundle that runs when the caller names no other. Tests set the variable. */
const defaultEntry = () => process.env['ACTION_ENTRY'] ?? join(ROOT, 'dist', 'index.js');

/** `action.yml` as far as a runner reads it. */
export function readAction(): {
  inputs: Record<string, { description: string; required?: boolean; default?: string }>;
  outputs: Record<string, { description: string }>;
  runs: { using: string; main: string };
} {
  return parse(readFileSync(join(ROOT, 'action.yml'), 'utf8'));
}

/** Starts the built action as a workflow runner does: its variables, its files, its defaults. */
export function startAction(options: RunOptions): Run {
  const { inputs, env = {}, githubToken = '', entry = defaultEntry(), onLog } = options;
  const folder = mkdtempSync(join(tmpdir(), 'crawl-gate-'));
  const files = {
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
    GITHUB_ENV: join(folder, 'env'),
    GITHUB_PATH: join(folder, 'path'),
    GITHUB_STATE: join(folder, 'state'),
  };
  for (const file of Object.values(files)) writeFileSync(file, '');

  const startedAt = performance.now();
  const child = spawn(process.execPath, [entry], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      // Windows does not start a process without it.
      SystemRoot: process.env['SystemRoot'],
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      RUNNER_OS: 'Linux',
      GITHUB_ACTION_REPOSITORY: 'owner/opencx-crawl-gate',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'owner/site',
      GITHUB_RUN_ID: '1',
      ...files,
      ...inputVariables(inputs, githubToken),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    onLog?.(text);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    onLog?.(text);
  });
  const done = new Promise<RunResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => {
      const written = Object.values(files).map((file) => readFileSync(file, 'utf8'));
      rmSync(folder, { recursive: true, force: true });
      resolve({
        exitCode,
        signal,
        outputs: parseOutputs(written[0] ?? ''),
        summary: written[1] ?? '',
        ...parseLog(stdout),
        everything: [stdout, stderr, ...written].join('\n'),
        stderr,
        took: performance.now() - startedAt,
      });
    });
  });
  return { process: child, done };
}

/** Starts the action and waits for its end. */
export function runAction(options: RunOptions): Promise<RunResult> {
  return startAction(options).done;
}

function inputVariables(inputs: RunOptions['inputs'], githubToken: string) {
  const declared = readAction().inputs;
  const unknown = Object.keys(inputs).filter((name) => declared[name] === undefined);
  if (unknown.length > 0) throw new Error(`action.yml has no input ${unknown.join(', ')}`);
  return Object.fromEntries(
    Object.entries(declared).map(([name, { default: value = '' }]) => [
      `INPUT_${name.toUpperCase().replaceAll(' ', '_')}`,
      inputs[name] ?? value.replace('${{ github.token }}', githubToken),
    ]),
  );
}

/** The runner's file format: `name=value`, or `name<<END`, lines, `END`. */
function parseOutputs(file: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const lines = file.split(/\r?\n/);
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const block = /^([^=]+?)<<(.+)$/.exec(line);
    const plain = /^([^=]+)=(.*)$/.exec(line);
    if (block !== null) {
      const end = lines.indexOf(block[2] ?? '', at + 1);
      outputs[block[1] ?? ''] = lines.slice(at + 1, end).join('\n');
      at = end;
    } else if (plain !== null) {
      outputs[plain[1] ?? ''] = plain[2] ?? '';
    }
  }
  return outputs;
}

/** Reads the log as a runner does: `::command properties::data` at the start of a line is a command. */
function parseLog(stdout: string): Pick<RunResult, 'annotations' | 'masks' | 'log'> {
  const annotations: Annotation[] = [];
  const masks: string[] = [];
  const log: string[] = [];
  for (const line of stdout.split(/\r?\n/)) {
    const [, command = '', properties = '', data = ''] =
      /^\s*::([a-z-]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$/.exec(line) ?? [];
    if (command === 'add-mask') masks.push(unescapeData(data));
    else if (command === 'error' || command === 'warning' || command === 'notice') {
      const title = /(?:^|,)title=([^,]*)/.exec(properties)?.[1] ?? '';
      annotations.push({ level: command, title: unescapeData(title), message: unescapeData(data) });
    } else log.push(stripVTControlCharacters(line));
  }
  while (log.at(-1) === '') log.pop();
  return { annotations, masks, log };
}

/** The text that a command carries. */
export function unescapeData(data: string): string {
  return data
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%');
}
