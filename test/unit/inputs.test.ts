import { describe, expect, it } from 'vitest';
import { DATASOURCE_ID, JOB_ID } from '../support/crawl-builders.ts';
import { given, problemsOf, settingsOf } from '../support/input-builders.ts';

const MINUTE = 60_000;

describe('what the inputs mean', () => {
  it('the defaults are those of the contract', () => {
    expect(settingsOf({ 'job-id': 'active' })).toEqual({
      token: 'ocx_key',
      targets: [{ datasourceId: DATASOURCE_ID, jobId: 'active' }],
      timeout: 60 * MINUTE,
      startTimeout: 'auto',
      stallTimeout: 15 * MINUTE,
      outageTimeout: 10 * MINUTE,
      requestTimeout: 30_000,
      pollInterval: 'auto',
      rules: [],
      tolerated: new Set(),
      summary: true,
      comment: 'never',
      sha: '',
      commitStatus: '',
      githubToken: '',
      githubTokenProblem: expect.stringContaining('is empty'),
      apiUrl: 'https://api.open.cx',
    });
  });

  it.each([
    'timeout',
    'stall-timeout',
    'start-timeout',
    'outage-timeout',
    'request-timeout',
    'poll-interval',
    'require',
    'warn',
    'tolerate',
    'summary',
    'comment',
    'sha',
    'commit-status',
    'github-token',
    'api-url',
  ])('an empty or blank %s means its default', (name) => {
    expect(settingsOf({ [name]: '' })).toEqual(settingsOf());
    expect(settingsOf({ [name]: ' \t' })).toEqual(settingsOf());
  });

  it('every input is read', () => {
    const settings = settingsOf({
      token: 'ocx_key',
      'job-id': JOB_ID,
      timeout: '2h',
      'stall-timeout': '3m',
      'start-timeout': '5m',
      'outage-timeout': '4m',
      'request-timeout': '5s',
      'poll-interval': '6s',
      require: 'age < 1h',
      warn: 'new_pages > 0',
      tolerate: 'stalled',
      summary: 'false',
      comment: 'true',
      sha: 'a'.repeat(40),
      'commit-status': 'crawl',
      'github-token': 'ghs_x',
      'api-url': 'https://crawl.example.com/base/',
    });
    expect(settings).toMatchObject({
      targets: [{ datasourceId: DATASOURCE_ID, jobId: JOB_ID }],
      timeout: 120 * MINUTE,
      startTimeout: 5 * MINUTE,
      stallTimeout: 3 * MINUTE,
      outageTimeout: 4 * MINUTE,
      requestTimeout: 5_000,
      pollInterval: 6_000,
      summary: false,
      comment: 'always',
      sha: 'a'.repeat(40),
      commitStatus: 'crawl',
      githubToken: 'ghs_x',
      apiUrl: 'https://crawl.example.com/base',
    });
    expect([...settings.tolerated]).toEqual(['stalled']);
    expect(settings.rules.map(({ level, text }) => [level, text])).toEqual([
      ['require', 'age < 1h'],
      ['warn', 'new_pages > 0'],
    ]);
  });
});

describe('durations', () => {
  const names = ['timeout', 'stall-timeout', 'outage-timeout', 'request-timeout', 'poll-interval'];

  it.each(names)('%s without a unit is refused, and the message shows what to write', (name) => {
    for (const written of ['60', '1.5']) {
      const problems = problemsOf({ [name]: written });
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatch(new RegExp(`^${name} is "${written}"`));
      expect(problems[0]).toContain(`"${written}s"`);
      expect(problems[0]).toContain(`"${written}m"`);
    }
  });

  it('suggests nothing that would itself be refused', () => {
    expect(problemsOf({ timeout: '3600' })[0]).toMatch(/use "3600s" or "3600m"$/);
    expect(problemsOf({ timeout: '2592000' })[0]).toMatch(/use "2592000s"$/);
    expect(problemsOf({ timeout: '2592001' })[0]).toContain('not a duration');
    expect(problemsOf({ timeout: '0' })[0]).toContain('"0s"');
    expect(problemsOf({ 'request-timeout': '0' })[0]).not.toContain('"0s"');
  });

  it.each(names)('%s that is no duration is refused with an example', (name) => {
    for (const written of ['soon', '-5m', '30m1h', '5 m', '5M', '1h1h', 'Infinity', '1e3s', '٥m']) {
      const problems = problemsOf({ [name]: written });
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatch(new RegExp(`^${name} is "`));
      expect(problems[0]).toContain('"90s"');
    }
  });

  it.each(names)('%s may be 30 days, and no more', (name) => {
    expect(settingsOf({ [name]: '30d' })).toBeDefined();
    expect(settingsOf({ [name]: '720h' })).toBeDefined();
    for (const written of ['30d1ms', '31d', '721h', `${'9'.repeat(400)}d`]) {
      const [problem, ...others] = problemsOf({ [name]: written });
      expect(others).toEqual([]);
      expect(problem).toMatch(new RegExp(`^${name} is "`));
    }
    expect(problemsOf({ [name]: '31d' })[0]).toContain('30d');
  });

  it.each(['timeout', 'stall-timeout', 'outage-timeout'])('%s may be 0s', (name) => {
    expect(settingsOf({ [name]: '0s' })).toBeDefined();
  });

  it.each(['0s', '0d', '0ms'])('request-timeout may not be %s', (written) => {
    expect(problemsOf({ 'request-timeout': written })).toEqual([
      expect.stringMatching(/^request-timeout is "0\w+", but the minimum is \d/),
    ]);
  });

  it('request-timeout may be anything above', () => {
    expect(settingsOf({ 'request-timeout': '1ms' }).requestTimeout).toBe(1);
  });

  it('poll-interval is auto, or at least 500ms', () => {
    expect(settingsOf({ 'poll-interval': ' auto ' }).pollInterval).toBe('auto');
    expect(settingsOf({ 'poll-interval': '500ms' }).pollInterval).toBe(500);
    for (const written of ['499ms', '0s', '0.4s']) {
      expect(problemsOf({ 'poll-interval': written })).toEqual([
        expect.stringMatching(/^poll-interval is .*minimum is 500ms.*"auto"/),
      ]);
    }
    for (const written of ['Auto', 'AUTO', 'automatic']) {
      expect(problemsOf({ 'poll-interval': written })[0]).toContain('"auto"');
    }
  });
});

describe('booleans', () => {
  it.each(['summary'] as const)('%s follows the YAML core schema', (name) => {
    for (const yes of ['true', 'True', 'TRUE', ' true ']) {
      expect(settingsOf({ [name]: yes })[name]).toBe(true);
    }
    for (const no of ['false', 'False', 'FALSE']) {
      expect(settingsOf({ [name]: no })[name]).toBe(false);
    }
    for (const other of [
      'yes',
      'no',
      'on',
      'off',
      '1',
      '0',
      'tRUE',
      'y',
      'null',
      '~',
      'xtrue',
      'truex',
    ]) {
      expect(problemsOf({ [name]: other })).toEqual([
        expect.stringMatching(new RegExp(`^${name} is .*"true" or "false"`)),
      ]);
    }
  });
});

describe('one message', () => {
  it('parts the problems', () => {
    const read = () => settingsOf({ summary: 'yes', comment: 'no' });
    expect(read).toThrow('summary is "yes": use "true" or "false"; comment is "no": use "true"');
  });

  it('names each line that is wrong, and does not compare what is no crawl', () => {
    expect(problemsOf({ 'datasource-id': 'x\nx', 'job-id': 'active' })).toHaveLength(2);
  });

  it('tells a number without a unit from what is no number', () => {
    expect(problemsOf({ timeout: '1.25' })[0]).toContain('use "1.25s", "1.25m", or "1.25h"');
    expect(problemsOf({ timeout: 'x60' })).toEqual([
      'timeout is "x60", which is not a duration: use numbers with units and no spaces, for example "90s", "45m", or "1h30m"',
    ]);
  });

  it('lists every problem', () => {
    const problems = problemsOf({
      token: '',
      'datasource-id': 'x',
      'job-id': '',
      timeout: '60',
      'start-timeout': 'x',
      'stall-timeout': 'x',
      'outage-timeout': 'x',
      'request-timeout': '0s',
      'poll-interval': '1ms',
      require: 'pages < 5\nnew_pages',
      warn: 'x',
      tolerate: 'succeeded, nothing',
      summary: 'yes',
      comment: 'no',
      'commit-status': 'a\nb',
      sha: 'main',
      'api-url': 'http://example.com',
    });
    const about = problems.map((problem) => problem.split(/[ ,]/, 1)[0]);
    expect(about.sort()).toEqual(
      [
        ...Object.keys(given()).filter((name) => name !== 'github-token'),
        'require',
        'tolerate',
      ].sort(),
    );
  });
});
