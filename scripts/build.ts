/**
 * Compiles `src` with tsc and bundles it with ncc: `npm run build` writes `dist`,
 * `node scripts/build.ts FOLDER` writes the same files elsewhere, for a comparison.
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const out = resolve(process.argv[2] ?? join(root, 'dist'));
const compiled = join(root, 'build');

function run(bin: string, ...args: string[]): void {
  execFileSync(process.execPath, [bin, ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

const require = createRequire(import.meta.url);
const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
const ncc = join(dirname(require.resolve('@vercel/ncc/package.json')), 'dist', 'ncc', 'cli.js');

rmSync(compiled, { recursive: true, force: true });
run(tsc, '-p', 'tsconfig.build.json');
rmSync(out, { recursive: true, force: true });
run(
  ncc,
  'build',
  join(compiled, 'index.js'),
  '-o',
  out,
  '--license',
  'licenses.txt',
  '--quiet',
  '--no-cache',
  '--minify',
);
