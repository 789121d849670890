import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'crawl-gate-dist-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The hash of every file in a folder; line ends count as Git stores them. */
function hashes(of: string): Record<string, string> {
  const files = readdirSync(of, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file): [string, string] => [
        file.slice(of.length + 1).replaceAll('\\', '/'),
        createHash('sha256')
          .update(readFileSync(file, 'utf8').replaceAll('\r\n', '\n'))
          .digest('hex'),
      ])
      .sort(),
  );
}

/** What `npm run build` writes now. */
function build(): Record<string, string> {
  execFileSync(process.execPath, [join(root, 'scripts', 'build.ts'), folder], { stdio: 'pipe' });
  return hashes(folder);
}

describe('dist', () => {
  it('contains exactly the files that the source builds, the same in every build', () => {
    // Built into another folder before the first test.
    const tested = hashes(dirname(process.env['ACTION_ENTRY'] ?? ''));
    expect(hashes(join(root, 'dist')), 'run "npm run build" and commit dist').toEqual(tested);
    expect(build()).toEqual(tested);
  }, 120_000);

  it('contains no path of the machine that built it', () => {
    expect(readFileSync(join(root, 'dist', 'index.js'), 'utf8')).not.toContain(root);
  });
});
