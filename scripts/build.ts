/**
 * Compiles `src` with tsc and bundles it with ncc: `npm run build` writes `dist`,
 * and `node scripts/build.ts FOLDER` writes the same files to another folder.
 */
import { execFileSync } from 'node:child_process';
import { renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

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

function bundle(entry: string, folder: string): void {
  const options = ['--license', 'licenses.txt', '--minify', '--quiet', '--no-cache'];
  run(ncc, 'build', join(compiled, entry), '-o', folder, ...options);
}

rmSync(compiled, { recursive: true, force: true });
run(tsc, '-p', 'tsconfig.build.json');
rmSync(out, { recursive: true, force: true });
bundle('index.js', out);
// Loaded only for a comment or a commit status (docs/decisions/two-bundles.md).
const late = join(out, 'github');
bundle('github/client.js', late);
renameSync(join(late, 'index.js'), join(late, 'client.js'));
// `dist/package.json` has the same content.
rmSync(join(late, 'package.json'));
