import { describe, expect, it } from 'vitest';
import { isLoopback } from '../../src/api-url.ts';
import { problemsOf, settingsOf } from '../support/input-builders.ts';

const apiUrlOf = (written: string) => settingsOf({ 'api-url': written }).apiUrl;

describe('api-url', () => {
  it.each([
    ['https://api.open.cx', 'https://api.open.cx'],
    [' https://api.open.cx/ ', 'https://api.open.cx'],
    ['https://proxy.example.com/opencx/v1//', 'https://proxy.example.com/opencx/v1'],
    ['https://proxy.example.com:8443', 'https://proxy.example.com:8443'],
    ['HTTPS://API.OPEN.CX', 'https://api.open.cx'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://LOCALHOST', 'http://localhost'],
    ['http://127.0.0.1:9/x', 'http://127.0.0.1:9/x'],
    ['http://127.8.9.10', 'http://127.8.9.10'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
    ['https://localhost', 'https://localhost'],
  ])('%s is taken', (written, apiUrl) => {
    expect(apiUrlOf(written)).toBe(apiUrl);
  });

  it.each([
    'http://api.open.cx',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'http://example.com/localhost',
    'http://128.0.0.1',
    'http://0.0.0.0',
    'http://192.168.0.1',
    'http://[::2]',
    'http://10.127.0.1',
  ])('%s would send the token in the clear', (written) => {
    expect(problemsOf({ 'api-url': written })).toEqual([
      expect.stringMatching(/^api-url is ".*https.*loopback/),
    ]);
  });

  it.each([
    'api.open.cx',
    'ftp://api.open.cx',
    'file:///etc/passwd',
    'https://',
    'javascript:x',
    '/crawl',
    'https:// x',
  ])('"%s" is no https address', (written) => {
    expect(problemsOf({ 'api-url': written })).toEqual([
      expect.stringMatching(/^api-url is ".*https/),
    ]);
  });

  it.each([
    'https://user@api.open.cx',
    'https://:pw@api.open.cx',
    'https://user:pw@api.open.cx',
    'https://api.open.cx?a=b',
    'https://api.open.cx/#x',
  ])('"%s" is more than a base address', (written) => {
    const [problem, ...others] = problemsOf({ 'api-url': written });
    expect(others).toEqual([]);
    expect(problem).toMatch(/^api-url .*"https:\/\/api\.open\.cx"/);
    expect(problem).not.toContain('pw');
  });
});

describe('isLoopback', () => {
  it.each(['localhost', 'LocalHost', '127.0.0.1', '127.255.255.254', '[::1]'])('%s is', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it.each([
    '',
    'localhost.',
    'xlocalhost',
    'localhostx',
    '127.0.0.1.nip.io',
    '1127.0.0.1',
    '126.0.0.1',
    '[::]',
    'example.com',
  ])('"%s" is not', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});

describe('commit-status', () => {
  it('is a name on one line', () => {
    expect(settingsOf({ 'commit-status': ' crawl / help ' }).commitStatus).toBe('crawl / help');
    expect(settingsOf({ 'commit-status': 'x'.repeat(255) }).commitStatus).toHaveLength(255);
    for (const name of ['a\nb', 'a\rb', 'x'.repeat(256)]) {
      expect(problemsOf({ 'commit-status': name })).toEqual([
        expect.stringMatching(/^commit-status must be a single line.*255/),
      ]);
    }
  });
});

it.each(['true', 'False'])('a commit-status of %s is told to be a name', (name) => {
  expect(problemsOf({ 'commit-status': name })).toEqual([
    expect.stringMatching(/which is not a name: use the name/),
  ]);
});

it('commit-status and sha name an invisible character', () => {
  expect(problemsOf({ 'commit-status': 'cr\u200bawl', sha: `${'a'.repeat(39)}\u200ba` })).toEqual([
    expect.stringContaining('U+200B'),
    expect.stringContaining('U+200B'),
  ]);
});

it.each([
  'http:user:pw-secret@host',
  'https:/user:pw-secret@host',
  '//user:pw-secret@host',
  'https://user:pw-secret@host',
  'http://127.0.0.1@example.com',
  'user:pw-secret@host',
])('api-url %s is refused, and its credentials are not shown', (written) => {
  const problems = problemsOf({ 'api-url': written });
  expect(problems).toHaveLength(1);
  expect(problems[0]).not.toMatch(/user:|pw-secret|127\.0/);
});

it('api-url of any length is read in a moment', () => {
  expect(problemsOf({ 'api-url': `https://x/${'/'.repeat(1_000_000)}` })).toHaveLength(1);
  const path = `https://x/${'/a'.repeat(400)}`;
  expect(settingsOf({ 'api-url': `${path}////` }).apiUrl).toBe(path);
});

describe('require and warn', () => {
  it.each(['require', 'warn'] as const)(
    '%s reports a line that is no rule, with its number',
    (name) => {
      const problems = problemsOf({
        [name]: '# pages\n\nremoved_pages <= 5%\nremoved_pages 5\nage < 5',
      });
      expect(problems).toEqual([
        expect.stringMatching(new RegExp(`^${name}, line 4, is "removed_pages 5": .*<=`)),
        expect.stringMatching(new RegExp(`^${name}, line 5, is "age < 5": .*"45m"`)),
      ]);
    },
  );

  it('quotes untrusted text safely', () => {
    const [problem = ''] = problemsOf({ require: `::error::x${'y'.repeat(500)}` });
    expect(problem).toMatch(/^require, line 1, is ": :error::xy+…": /);
    expect(problem.length).toBeLessThan(300);
  });

  it('keeps the rules in the order of their lines', () => {
    const { rules } = settingsOf({ require: 'new_pages > 1\nage < 1h', warn: 'error_pages == 0' });
    expect(rules.map(({ level, metric }) => `${level} ${metric}`)).toEqual([
      'require new_pages',
      'require age',
      'warn error_pages',
    ]);
  });

  it.each([
    'http://me:s3cret@api.example.com',
    'https://me:s3cret@api.example.com',
    'ftp://me:s3cret@x',
  ])('%s is refused without telling the password', (url) => {
    const problems = problemsOf({ 'api-url': url });
    expect(problems).toHaveLength(1);
    expect(problems.join()).not.toContain('s3cret');
  });
});

it.each(['https://api.open.cx/v1\u200b/x', 'https://api.op\u200ben.cx'])(
  'an api-url with an invisible character inside is refused, and the character named: %j',
  (url) => {
    expect(problemsOf({ 'api-url': url }).join()).toContain('the invisible character U+200B');
  },
);

it.each(['https://api.open.cx/a\nb', 'https://api.open.cx/a b'])(
  'an api-url with white space inside is refused: %j',
  (url) => {
    expect(problemsOf({ 'api-url': url }).join()).toContain('is not an https URL');
  },
);
