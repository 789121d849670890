/**
 * Compiles `src` with tsc and bundles it with ncc: `npm run build` writes `dist`,
 * `node scripts/build.ts FOLDER` writes the same files elsewhere, for a comparison.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { minifySync } from '@swc/core';

const root = resolve(import.meta.dirname, '..');
const out = resolve(process.argv[2] ?? join(root, 'dist'));
const compiled = join(root, 'build');

const require = createRequire(import.meta.url);
const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
const ncc = join(dirname(require.resolve('@vercel/ncc/package.json')), 'dist', 'ncc', 'cli.js');

function run(bin: string, ...args: string[]): void {
  execFileSync(process.execPath, [bin, ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

/**
 * Bundles one file of `src` with all that it imports. ncc's own minifier keeps code that nothing
 * calls, which is half of the bundle.
 */
function bundle(entry: string, target: string): void {
  const folder = join(compiled, 'bundle');
  const options = ['--license', 'licenses.txt', '--quiet', '--no-cache'];
  run(ncc, 'build', join(compiled, `${entry}.js`), '-o', folder, ...options);
  mkdirSync(dirname(target), { recursive: true });
  const bundled = readFileSync(join(folder, 'index.js'), 'utf8');
  const { code } = minifySync(bundled, { module: true, compress: true, mangle: true });
  writeFileSync(target, code);
  renameSync(join(folder, 'licenses.txt'), join(dirname(target), 'licenses.txt'));
}

rmSync(compiled, { recursive: true, force: true });
run(tsc, '-p', 'tsconfig.build.json');
rmSync(out, { recursive: true, force: true });
bundle('main', join(out, 'main.js'));
// Read only when a comment or a commit status is wanted.
bundle('github/client', join(out, 'github', 'client.js'));
// Not bundled, so that it works with any Node and is read in a moment.
copyFileSync(join(compiled, 'index.js'), join(out, 'index.js'));
writeFileSync(join(out, 'package.json'), '{ "type": "module" }\n');
