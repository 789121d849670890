import { describe, expect, it } from 'vitest';
import { outcomes, tolerableOutcomes } from '../../src/outcomes.ts';
import { DATASOURCE_ID, JOB_ID, OTHER_ID } from '../support/crawl-builders.ts';
import { problemsOf, settingsOf } from '../support/input-builders.ts';
import { idOf } from '../support/run-results.ts';

const targetsOf = (datasources: string, jobs: string) =>
  settingsOf({ 'datasource-id': datasources, 'job-id': jobs }).targets.map(
    ({ datasourceId, jobId }) => [datasourceId, jobId],
  );
const wrong = (datasources: string, jobs: string) =>
  problemsOf({ 'datasource-id': datasources, 'job-id': jobs });
const ids = (count: number, from = 1) =>
  Array.from({ length: count }, (_, index) => idOf(from + index)).join('\n');

describe('datasource-id and job-id', () => {
  it.each([
    ['one of each', DATASOURCE_ID, JOB_ID, [[DATASOURCE_ID, JOB_ID]]],
    ['the block that YAML writes', `${DATASOURCE_ID}\n`, `${JOB_ID}\n`, [[DATASOURCE_ID, JOB_ID]]],
    ['white space around', `  ${DATASOURCE_ID}\t`, ` active `, [[DATASOURCE_ID, 'active']]],
    [
      'the lines of Windows',
      `${DATASOURCE_ID}\r\n${OTHER_ID}\r\n`,
      `${JOB_ID}\r\nactive\r\n`,
      [
        [DATASOURCE_ID, JOB_ID],
        [OTHER_ID, 'active'],
      ],
    ],
    [
      'the one word for all',
      `${DATASOURCE_ID}\n${OTHER_ID}`,
      'active',
      [
        [DATASOURCE_ID, 'active'],
        [OTHER_ID, 'active'],
      ],
    ],
    [
      'lines that mix both',
      `${DATASOURCE_ID}\n${OTHER_ID}`,
      `active\n${JOB_ID}`,
      [
        [DATASOURCE_ID, 'active'],
        [OTHER_ID, JOB_ID],
      ],
    ],
    [
      'two crawls of one datasource',
      `${DATASOURCE_ID}\n${DATASOURCE_ID}`,
      `active\n${JOB_ID}`,
      [
        [DATASOURCE_ID, 'active'],
        [DATASOURCE_ID, JOB_ID],
      ],
    ],
  ])('takes %s', (_, datasources, jobs, targets) => {
    expect(targetsOf(datasources, jobs)).toEqual(targets);
  });

  it.each([
    ['given but empty', ''],
    ['given but blank', '  '],
    ['given as an empty line', '\n'],
  ])('a job-id that is %s is a bad input, not the active crawl', (_, jobs) => {
    expect(wrong(DATASOURCE_ID, jobs)).toEqual([
      expect.stringMatching(/^job-id.* is empty: .*"active"/),
    ]);
  });

  it.each(['', ' '])('a datasource-id that is "%s" is a bad input', (datasources) => {
    expect(wrong(datasources, 'active')).toEqual([
      expect.stringMatching(/^datasource-id is empty: pass the UUID/),
    ]);
  });

  it.each([
    [
      'between others',
      `${DATASOURCE_ID}\n\n${OTHER_ID}`,
      'active',
      /^datasource-id, line 2, is empty/,
    ],
    ['before others', `\n${DATASOURCE_ID}`, 'active', /^datasource-id, line 1, is empty/],
    ['after others', `${DATASOURCE_ID}\n \n`, 'active', /^datasource-id, line 2, is empty/],
    ['among jobs', ids(2), `${JOB_ID}\n\n`, /^job-id, line 2, is empty/],
  ])(
    'a blank line %s is a bad input: it may be an expression that gave nothing',
    (_, datasources, jobs, problem) => {
      expect(wrong(datasources, jobs)).toEqual([expect.stringMatching(problem)]);
    },
  );

  it.each([
    ['a word', 'help-center'],
    ['a UUID without hyphens', DATASOURCE_ID.replaceAll('-', '')],
    ['an unknown version', '3c90c3cc-0d44-9b50-8888-8dd25736052a'],
    ['an unknown variant', '3c90c3cc-0d44-4b50-c888-8dd25736052a'],
    ['the word of job-id', 'active'],
  ])('%s is no datasource-id', (_, datasources) => {
    expect(wrong(datasources, JOB_ID)).toEqual([
      expect.stringMatching(
        /^datasource-id is ".*, which is not a UUID: pass the UUID of a website datasource/,
      ),
    ]);
  });

  it.each([
    ['commas', `${DATASOURCE_ID},${OTHER_ID}`],
    ['spaces', `${DATASOURCE_ID} ${OTHER_ID}`],
    ['semicolons', `${DATASOURCE_ID};${OTHER_ID}`],
    ['JSON', JSON.stringify([DATASOURCE_ID, OTHER_ID])],
    ['braces', `{${DATASOURCE_ID}}`],
    ['quotes', `"${DATASOURCE_ID}"`],
    ['a path', `${DATASOURCE_ID}/../${OTHER_ID}`],
    ['a URL', `https://platform.example/${DATASOURCE_ID}`],
    ['a dash, as in YAML', `- ${DATASOURCE_ID}`],
    ['words', '["active"]'],
  ])('an ID with %s is told to stand alone on its line', (_, list) => {
    expect(wrong(list, 'active')).toEqual([
      expect.stringMatching(/: list one ID per line, and nothing else on it$/),
    ]);
    expect(wrong(DATASOURCE_ID, list)).toEqual([
      expect.stringMatching(/one ID per line, and nothing else on it$/),
    ]);
  });

  it('names an invisible character inside a value, and drops those around it', () => {
    expect(targetsOf(`\ufeff${DATASOURCE_ID}\u200b\n`, '\u2060active\u200d')).toEqual([
      [DATASOURCE_ID, 'active'],
    ]);
    expect(wrong(DATASOURCE_ID, 'act\u200bive')).toEqual([
      expect.stringContaining('"active" with the invisible character U+200B'),
    ]);
  });

  it.each(['Active', 'latest'])('"%s" is no job-id', (jobs) => {
    expect(wrong(DATASOURCE_ID, jobs)).toEqual([
      expect.stringMatching(/^job-id is ".*": pass the UUID of the crawl job or "active"/),
    ]);
  });

  it.each([
    ['fewer jobs', ids(3), ids(2, 50)],
    ['more jobs', ids(2), ids(3, 50)],
    ['two words for three datasources', ids(3), 'active\nactive'],
    ['two words for one datasource', ids(1), 'active\nactive'],
    ['one job for two datasources', ids(2), JOB_ID],
  ])('%s are refused, and the message gives both numbers', (_, datasources, jobs) => {
    const [problem, ...others] = wrong(datasources, jobs);
    expect(others).toEqual([]);
    expect(problem).toMatch(/^job-id has \d lines? but datasource-id has \d: .*"active"/);
    const lines = jobs.split('\n').length;
    expect(problem).toContain(`job-id has ${lines} line${lines === 1 ? ' ' : 's '}`);
    expect(problem).toContain(`datasource-id has ${datasources.split('\n').length}:`);
  });

  it('waits for 100 crawls at most', () => {
    expect(targetsOf(ids(100), 'active')).toHaveLength(100);
    expect(wrong(ids(101), 'active')).toEqual([
      expect.stringMatching(/^datasource-id has 101 lines.* 100 /),
    ]);
  });

  it.each([
    ['the same pair', `${ids(2)}\n${idOf(1)}`, `${ids(2, 50)}\n${idOf(50)}`, 'line 3', 'line 1'],
    ['an active crawl twice', `${ids(2)}\n${idOf(2)}`, 'active', 'line 3', 'line 2'],
    [
      'a pair in other letters',
      `${DATASOURCE_ID}\n${DATASOURCE_ID.toUpperCase()}`,
      `${JOB_ID.toUpperCase()}\n${JOB_ID}`,
      'line 2',
      'line 1',
    ],
  ])('refuses %s', (_, datasources, jobs, second, first) => {
    const [problem, ...others] = wrong(datasources, jobs);
    expect(others).toEqual([]);
    expect(problem).toContain(second);
    expect(problem).toContain(first);
  });

  it('reports the lines of both inputs at once', () => {
    expect(wrong(`x\n${DATASOURCE_ID}\n`, `${JOB_ID}\ny\n`)).toEqual([
      expect.stringMatching(/^datasource-id, line 1, is "x"/),
      expect.stringMatching(/^job-id, line 2, is "y"/),
    ]);
  });
});

describe('tolerate', () => {
  it.each([
    ['by comma', 'stalled,timed-out'],
    ['by comma and space', ' stalled , timed-out '],
    ['by line', 'stalled\ntimed-out\n'],
    ['by both, with empty places', ',stalled,\r\n\n timed-out,'],
    ['twice', 'stalled, timed-out, stalled'],
  ])('takes outcomes %s', (_, tolerate) => {
    expect([...settingsOf({ tolerate }).tolerated].sort()).toEqual(['stalled', 'timed-out']);
  });

  it.each(['all', tolerableOutcomes.join(), 'failed, all'])(
    'with "%s" takes every outcome but four',
    (tolerate) => {
      const all = settingsOf({ tolerate }).tolerated;
      expect(outcomes.filter((outcome) => !all.has(outcome)).sort()).toEqual([
        'aborted',
        'internal-error',
        'invalid-input',
        'succeeded',
      ]);
    },
  );

  it.each([
    'succeeded',
    'invalid-input',
    'aborted',
    'internal-error',
    'Failed',
    'timeout',
    'All',
    'failed cancelled',
  ])('refuses "%s" and lists what it takes', (tolerate) => {
    const [problem, ...others] = problemsOf({ tolerate: `failed, ${tolerate}` });
    expect(others).toEqual([]);
    expect(problem).toMatch(/^tolerate contains /);
    expect(problem).toContain(tolerate);
    expect(problem).toContain(`(valid values: all, ${tolerableOutcomes.join(', ')})`);
  });
});
