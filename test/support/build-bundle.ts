import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';

/** Name of the variable with the path of the bundle under test; `emulator/runner.ts` reads it. */
const VARIABLE = 'ACTION_ENTRY';

/**
 * Builds the bundle from the present source once, before the first test of a process: the
 * committed `dist` can be older than the source.
 *
 * @returns what removes the bundle after the last test
 */
export default function buildBundle(project: TestProject): (() => void) | undefined {
  // Another project of the same run has built it, or the caller wants to test a bundle of their own.
  if (process.env[VARIABLE] !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'crawl-gate-bundle-'));
  const script = resolve(import.meta.dirname, '../../scripts/build.ts');
  const build = () => {
    execFileSync(process.execPath, [script, join(folder, 'dist')], { stdio: 'inherit' });
  };
  build();
  project.onTestsRerun(build);
  process.env[VARIABLE] = join(folder, 'dist', 'index.js');
  return () => {
    delete process.env[VARIABLE];
    rmSync(folder, { recursive: true, force: true });
  };
}
