import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'crawl-gate-dist-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Every file below a folder with the hash of its bytes; line ends count as Git stores them. */
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

function build(name: string): Record<string, string> {
  const out = join(folder, name);
  execFileSync(process.execPath, [join(root, 'scripts', 'build.ts'), out], { stdio: 'pipe' });
  return hashes(out);
}

describe('dist', () => {
  it('is what the source gives, no file more and none less, the same at every build', () => {
    const built = build('first');
    expect(hashes(join(root, 'dist')), 'run "npm run build" and commit dist').toEqual(built);
    expect(build('second')).toEqual(built);
  }, 120_000);

  it('names no folder of the machine that built it', () => {
    expect(readFileSync(join(root, 'dist', 'index.js'), 'utf8')).not.toContain(root);
  });
});
