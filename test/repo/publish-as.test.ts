import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const copy = mkdtempSync(join(tmpdir(), 'crawl-gate-publish-'));
afterAll(() => rmSync(copy, { recursive: true, force: true }));

const PLACEHOLDER = ['owner', 'opencx-crawl-gate'].join('/');

function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8' });
}

function run(script: string, ...args: string[]) {
  return spawnSync(process.execPath, [join('scripts', script), ...args], {
    cwd: copy,
    encoding: 'utf8',
  });
}

/** The files of the copy that contain the text. */
function filesWith(text: string): string[] {
  const { stdout } = spawnSync('git', ['grep', '-lIF', text], { cwd: copy, encoding: 'utf8' });
  return stdout.split('\n').filter(Boolean);
}

beforeAll(() => {
  const files = git(root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard');
  for (const file of new Set(files.split('\0').filter(Boolean))) {
    cpSync(join(root, file), join(copy, file));
  }
  git(copy, 'init', '--quiet');
  git(copy, '-c', 'core.autocrlf=false', '-c', 'core.safecrlf=false', 'add', '.');
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
});

describe('npm run publish-as', () => {
  it.each(['', 'acme', 'acme/', '/gate', 'acme/gate/x', 'https://github.com/acme/gate', 'a b/c'])(
    'changes nothing when the name is %j',
    (name) => {
      const { status, stderr } = run('publish-as.ts', name);
      expect(status).toBe(1);
      expect(stderr).toContain('OWNER/NAME');
      expect(git(copy, 'diff', '--name-only')).toBe('');
    },
  );

  it('leaves no placeholder and keeps all other text', () => {
    const before = filesWith(PLACEHOLDER);
    const pictures = readFileSync(join(copy, 'docs/pictures/rejected-dark.png'));
    expect(run('publish-as.ts', 'acme/crawl-gate')).toMatchObject({ status: 0, stderr: '' });
    expect(filesWith(PLACEHOLDER)).toEqual([]);
    expect(git(copy, 'diff', '--name-only').split('\n').filter(Boolean)).toEqual(before);
    expect(readFileSync(join(copy, 'docs/pictures/rejected-dark.png'))).toEqual(pictures);
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    expect(readFileSync(join(copy, 'README.md'), 'utf8')).toBe(
      readme.replaceAll(PLACEHOLDER, 'acme/crawl-gate'),
    );
  });

  it('leaves workflows and examples that are valid and use the new name', () => {
    const { status, stdout, stderr } = run('check-workflows.ts');
    expect(stderr).toBe('');
    expect(stdout).toContain('0 with problems');
    expect(status).toBe(0);
    expect(filesWith('uses: acme/crawl-gate@v1').length).toBeGreaterThan(10);
  });

  it('still checks the inputs of the renamed action', () => {
    const example = join(copy, 'examples/comment-on-failure.yml');
    const text = readFileSync(example, 'utf8');
    writeFileSync(example, text.replace('comment: on-failure', 'coment: on-failure'));
    const { stderr } = run('check-workflows.ts');
    writeFileSync(example, text);
    expect(stderr).toContain('the action has no input "coment"');
  });

  it('can be run again', () => {
    expect(run('publish-as.ts', 'acme/opencx-crawl-gate').status).toBe(0);
    expect(filesWith('acme/crawl-gate')).toEqual([]);
    expect(filesWith('uses: acme/opencx-crawl-gate@v1').length).toBeGreaterThan(10);
  });
});
