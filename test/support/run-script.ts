import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** How a script of a workflow is run. */
export interface ScriptOptions {
  env?: Readonly<Record<string, string>>;
  /** Shell scripts by the name of the program that each takes the place of, such as `gh`. */
  programs: Readonly<Record<string, string>>;
  /** Files in the working directory, by name. */
  files?: Readonly<Record<string, string>>;
}

/** A script that has finished. */
export interface ScriptResult {
  status: number | null;
  stderr: string;
  /** The arguments of each call of the programs, one per line. */
  calls: string;
  /** What the script left in its working directory. */
  file(name: string): string;
}

/** Runs the script of a workflow step with Bash, as a runner on Linux does, in an empty folder. */
export function runScript(script: string, options: ScriptOptions): ScriptResult {
  const { env = {}, programs, files = {} } = options;
  const folder = mkdtempSync(join(tmpdir(), 'crawl-gate-script-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries({ ...files, calls: '' })) {
    writeFileSync(join(folder, name), text);
  }
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\nprintf '%s\\n' "$@" >> calls\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  const path = [folder, process.env['PATH']].join(delimiter);
  const { status, stderr } = spawnSync('bash', ['-e', '-c', script], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...env, PATH: path },
  });
  const file = (name: string) => readFileSync(join(folder, name), 'utf8');
  return { status, stderr, calls: file('calls'), file };
}
