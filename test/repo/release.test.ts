import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runScript } from '../support/run-script.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const { jobs } = parse(read('.github/workflows/release.yml'));
const { version } = JSON.parse(read('package.json'));

const scriptOf = (name: string): string =>
  jobs.publish.steps.find((step: { name?: string }) => step.name === name).run;

const publish = (tag: string) =>
  runScript(scriptOf('Publish the notes'), {
    env: { GITHUB_REF_NAME: tag },
    programs: { gh: '[ "$2" = create ]' },
    files: { 'CHANGELOG.md': read('CHANGELOG.md') },
  });

// The scripts run on a Linux runner.
describe.skipIf(process.platform === 'win32')('a release', () => {
  it('has the notes that the changelog has for the version of package.json', () => {
    const { status, calls, file } = publish(`v${version}`);
    expect(status).toBe(0);
    expect(calls).toContain(`release\ncreate\nv${version}\n--verify-tag\n--notes-file\nnotes.md\n`);
    expect(read('CHANGELOG.md')).toContain(file('notes.md'));
    expect(file('notes.md')).toContain('- ');
    expect(file('notes.md')).not.toMatch(/^## /m);
  });

  it('is not published without notes', () => {
    const { status, calls } = publish('v0.0.1');
    expect(status).not.toBe(0);
    expect(calls).toBe('');
  });

  it('moves the tag of its major version, or creates it', () => {
    const { status, calls } = runScript(scriptOf('Move the tag of the major version'), {
      env: { GITHUB_REF_NAME: 'v1.2.3', GITHUB_REPOSITORY: 'octo-org/gate', GITHUB_SHA: 'abc' },
      programs: { gh: '[ "$3" = POST ]' },
    });
    expect(status).toBe(0);
    expect(calls).toContain('PATCH\nrepos/octo-org/gate/git/refs/tags/v1\n-f\nsha=abc\n');
    expect(calls).toContain('POST\nrepos/octo-org/gate/git/refs\n-f\nref=refs/tags/v1\n');
  });
});
