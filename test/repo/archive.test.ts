import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { play } from '../support/play.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'crawl-gate-archive-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a runner downloads for every job, by the attributes that stand in the folder. */
const archive = execFileSync('git', ['archive', '--worktree-attributes', '--format=tar', 'HEAD'], {
  cwd: root,
  maxBuffer: 64 * 1024 * 1024,
});

describe('the archive that a runner downloads', () => {
  it('weighs up to 130 KB', () => {
    expect(gzipSync(archive, { level: 6 }).length).toBeLessThanOrEqual(130_000);
  });

  it('holds only what an action needs', () => {
    const files = execFileSync('tar', ['-tf', '-'], { input: archive, encoding: 'utf8' })
      .split(/\r?\n/)
      .filter((file) => file !== '' && !file.endsWith('/') && !file.startsWith('dist/'));
    expect(files.sort()).toEqual(['LICENSE', 'action.yml']);
  });

  it('runs by itself, far from the packages that it was built with', async () => {
    const alone = join(folder, 'alone');
    mkdirSync(alone);
    // By relative names: some tars take the letter of a Windows drive for a host.
    writeFileSync(join(alone, 'archive.tar'), archive);
    execFileSync('tar', ['-xf', 'archive.tar'], { cwd: alone });
    const played = await play({
      scenario: 'tiny',
      entry: join(alone, 'dist', 'index.js'),
      inputs: { 'commit-status': 'crawl' },
      githubToken: 'x',
      env: { GITHUB_API_URL: 'http://127.0.0.1:9', GITHUB_SHA: 'a'.repeat(40) },
    });
    expect(played.outputs['outcome']).toBe('succeeded');
    // The late bundle was found: it tried, and could not reach this GitHub.
    expect(played.annotations.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('Could not reach GitHub'),
    );
  });
});
