import { describe, expect, it } from 'vitest';
import { readInputs } from '../../src/inputs.ts';
import { given, problemsOf, settingsOf } from '../support/input-builders.ts';

describe('token', () => {
  it('loses the white space around it', () => {
    expect(settingsOf({ token: ' \n ocx_key \r\n' }).token).toBe('ocx_key');
  });

  it.each([
    ['empty', '', /^token is empty: pass an OpenCX API key/],
    ['blank', ' \n', /^token is empty: pass an OpenCX API key/],
    ['with a space inside', 'ocx key', /^token contains whitespace: store only/],
    ['with a line break inside', 'ocx\nkey', /^token contains whitespace: store only/],
    [
      'with an invisible character',
      'ocx\u200bkey',
      /^token contains the invisible character U\+[0-9A-F]{4}: store only/,
    ],
    ['with letters that no key has', 'ocxképy', /^token contains characters .*: store only/],
  ])('%s is a bad input', (_, token, problem) => {
    const problems = problemsOf({ token });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
  });

  it.each([
    'datasource-id',
    'job-id',
    'timeout',
    'poll-interval',
    'summary',
    'tolerate',
    'api-url',
    'require',
  ])('does not show when it stands in %s by mistake', (name) => {
    const [problem] = problemsOf({ token: 'ocx_live_secret', [name]: 'ocx_live_secret' });
    expect(problem).toContain(name);
    expect(problem).not.toContain('ocx_live_secret');
  });

  it.each([
    ['an invisible character', 'ocx_live\u200b_secret', 'ocx_live_secret'],
    ['an invisible character at its end', 'ocx_live_secret\u200b', 'ocx_live_secret'],
    ['a tab', 'ocx_live\tsecret', 'ocx_live secret'],
    ['nothing but digits', '4815162342', '4815162342'],
  ])('does not show in another input either when it has %s', (_, token, shown) => {
    const message = problemsOf({ token, timeout: token }).join('; ');
    expect(message).toContain('timeout');
    expect(message).not.toContain(token);
    expect(message).not.toContain(shown);
  });
});

it.each(['api-url', 'warn', 'datasource-id'])(
  'no secret is shown in part where %s is quoted and cut',
  (name) => {
    const [githubToken, password] = [`ghs_${'g'.repeat(36)}`, `pw_${'p'.repeat(36)}`];
    for (const secret of [githubToken, password]) {
      const inputs = given({ 'github-token': githubToken, [name]: `${'x'.repeat(70)} ${secret}` });
      const { problems } = readInputs((input) => inputs[input] ?? '', undefined, [password]);
      expect(problems).not.toEqual([]);
      expect(problems.join()).not.toContain(secret.slice(0, 6));
    }
  },
);

it('neither token becomes the name of a commit status', () => {
  for (const name of ['ocx_key', 'ghs_token']) {
    const problems = problemsOf({ 'github-token': 'ghs_token', 'commit-status': name });
    expect(problems).toEqual([
      expect.stringMatching(/^commit-status is "\*\*\*", which is not a name/),
    ]);
  }
});
