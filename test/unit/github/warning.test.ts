import { expect, test } from 'vitest';
import { warningOf } from '../../../src/github/warning.ts';
import { GithubError, type GithubFailure } from '../../../src/ports/github.ts';

const onGithub = { forge: 'github', pullRequest: undefined } as const;
const ofFork = {
  forge: 'github',
  pullRequest: { number: 7, headUnknown: false, readOnlyToken: true },
} as const;

function fixOf(reason: GithubFailure, context: typeof onGithub | typeof ofFork = onGithub) {
  const error = new GithubError(reason, 'GitHub returned 403');
  return warningOf([{ what: 'comment', error }], context).message.split('\n')[0];
}

test.each([
  ['no-response', 'when GitHub is available'],
  ['server-error', 'when GitHub is available'],
  ['rate-limit', 'rate limit'],
  ['redirect', '`GITHUB_API_URL`'],
  ['unexpected-response', 'proxy or a login page'],
  ['invalid-token', 'is valid'],
  ['sso', 'single sign-on'],
  ['ip-allow-list', 'IP allow list'],
  ['locked', 'Unlock the conversation'],
  ['archived', 'Unarchive'],
  ['permission', "Add `pull-requests: write` to the job's `permissions`"],
  ['not-found', 'can access this repository'],
  ['refused', 'what the response names'],
] as const)('%s has a fix of its own', (reason, expected) => {
  expect(fixOf(reason)).toMatch(/^Comment: GitHub returned 403\. /);
  expect(fixOf(reason)).toContain(expected);
});

test('only a permission is missing because of a fork', () => {
  expect(fixOf('permission', ofFork)).toContain('the token is read-only');
  expect(fixOf('not-found', ofFork)).toContain('the token is read-only');
  expect(fixOf('rate-limit', ofFork)).not.toContain('fork');
});

test('a scope that the error names is the one to add', () => {
  const error = new GithubError('permission', 'No', { needs: 'read:user' });
  expect(warningOf([{ what: 'comment', error }], onGithub).message).toContain(
    'Comment: No. Give the token the scope `read:user`.',
  );
});

test('without GitHub it says what is needed', () => {
  const failed = [
    { what: 'commit status' as const, error: new Error('GITHUB_REPOSITORY is not set') },
  ];
  const { title, message } = warningOf(failed, undefined);
  expect(title).toBe('Could not update the commit status');
  expect(message).toContain('This requires a workflow run on GitHub with the `statuses: write`');
});
