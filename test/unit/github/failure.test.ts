import { expect, test } from 'vitest';
import { explain, explainResponse } from '../../../src/github/failure.ts';

const NOW = Date.parse('2026-11-23T10:00:00Z');

function failureOf(
  status: number,
  message: string,
  { headers = {}, data = { message } as unknown }: { headers?: object; data?: unknown } = {},
) {
  return explainResponse({ status, headers: { ...headers }, data }, ['s3cret'], NOW);
}

test.each([
  // Secondary rate limits come as 403 with a header, and with nothing but a message.
  [429, 'Too many requests', {}, 'rate-limit'],
  [403, 'Forbidden', { 'retry-after': '60' }, 'rate-limit'],
  [403, 'Forbidden', { 'x-ratelimit-remaining': '0' }, 'rate-limit'],
  [403, 'You have exceeded a secondary rate limit. Please wait a few minutes', {}, 'rate-limit'],
  [403, 'You have triggered an abuse detection mechanism.', {}, 'rate-limit'],
  [422, 'Validation Failed: was submitted too quickly', {}, 'rate-limit'],
  [403, 'API rate limit exceeded for installation ID 1.', {}, 'rate-limit'],
  [403, 'Resource protected by organization SAML enforcement.', {}, 'sso'],
  [403, 'Forbidden', { 'x-github-sso': 'required; url=https://github.com/orgs/o/sso' }, 'sso'],
  [403, 'the `o` organization has an IP allow list enabled', {}, 'ip-allow-list'],
  [403, 'Unable to create comment because issue is locked.', {}, 'locked'],
  [403, 'You cannot comment on a locked issue.', {}, 'locked'],
  [403, 'Repository was archived so is read-only.', {}, 'archived'],
  [423, 'octo/help is archived', {}, 'archived'],
  [403, 'Resource not accessible by integration', {}, 'permission'],
  [403, '', {}, 'permission'],
  [401, 'Bad credentials', {}, 'invalid-token'],
  [404, 'Not Found', {}, 'not-found'],
  [422, 'No commit found for SHA: abc', {}, 'refused'],
  [422, 'This issue is locked', {}, 'locked'],
  [400, 'Problems parsing JSON', {}, 'refused'],
  [301, '', {}, 'redirect'],
  [307, '', {}, 'redirect'],
  [500, '', {}, 'server-error'],
  [502, 'rate limit', {}, 'server-error'],
  [408, '', {}, 'server-error'],
])('%d "%s" %j is %s', (status, message, headers, reason) => {
  expect(failureOf(status, message, { headers }).reason).toBe(reason);
});

test.each([
  [200, '<!doctype html><title>Sign in</title>', {}],
  [201, { id: 1 }, {}],
  [403, '<html>Blocked by the firewall</html>', {}],
  [404, 'Nothing here', { 'content-type': 'text/html' }],
])('%d with %j is not a response of the API', (status, data, headers) => {
  const { reason, message } = failureOf(status, '', { data, headers });
  expect(reason).toBe('unexpected-response');
  expect(message).not.toContain('<');
});

test('the message says what GitHub said, the details of a 422 too', () => {
  const data = {
    message: 'Validation Failed',
    errors: [
      {
        resource: 'Status',
        code: 'custom',
        message: 'This SHA has reached the limit of 1000 statuses',
      },
      { field: 'sha', code: 'invalid' },
      'and more',
      null,
    ],
  };
  expect(failureOf(422, '', { data }).message).toBe(
    'GitHub returned 422 (Validation Failed; This SHA has reached the limit of 1000 statuses; sha invalid; and more)',
  );
});

test('what GitHub said shows no secret, and stays short and on one line', () => {
  const { message } = failureOf(403, `Bad s3cret\n::error::${'x'.repeat(900)}`);
  expect(message).toContain('Bad *** ::error::');
  expect(message.length).toBeLessThan(240);
});

test.each([
  [403, { 'retry-after': '7' }, 7_000],
  [429, { 'retry-after': '1.5' }, 1_500],
  [503, { 'retry-after': 'Mon, 23 Nov 2026 10:00:30 GMT' }, 30_000],
  [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${NOW / 1_000 + 90}` }, 90_000],
  // GitHub: wait at least one minute where no header says how long.
  [429, {}, 60_000],
  [403, {}, undefined],
  [503, {}, undefined],
])('%d with %j asks for a pause of %s ms', (status, headers, pause) => {
  expect(failureOf(status, 'Forbidden', { headers }).retryAfterMs).toBe(pause);
});

function networkError(fields: object): Error {
  return Object.assign(new Error('the connection was refused'), {
    name: 'NetworkError',
    ...fields,
  });
}

test.each([
  [new DOMException('', 'TimeoutError'), 'no-response', 'GitHub did not respond in time'],
  [networkError({ timedOut: true }), 'no-response', 'GitHub did not respond in time'],
  [networkError({}), 'no-response', 'Could not reach GitHub: the connection was refused'],
  [
    networkError({ malformed: true }),
    'unexpected-response',
    'GitHub sent a broken response: the connection was refused',
  ],
  [new TypeError('fetch failed'), 'no-response', 'Could not reach GitHub'],
  [undefined, 'no-response', 'Could not reach GitHub'],
])('without a response: %s', (cause, reason, message) => {
  // Octokit wraps what its fetch throws.
  expect(explain({ cause }, [], 0)).toMatchObject({ reason, message });
  expect(explain(cause, [], 0)).toMatchObject({ reason, message });
});
