import { describe, expect, it } from 'vitest';
import { METRICS, type Metric, requiresFreshCrawl } from '../../../src/rules/metrics.ts';
import { parseRules } from '../../../src/rules/parse.ts';
import { ruleOf } from '../../support/crawl-builders.ts';

const parsed = (input: string) => parseRules(input, 'require').rules.map(({ text }) => text);
const problems = (input: string) => parseRules(input, 'require').problems;

const HOUR = 3_600_000;

describe('a line that is a rule', () => {
  it.each([
    ['total_pages >= 100', 'total_pages', '>=', { kind: 'count', count: 100 }],
    ['completed_pages == 0', 'completed_pages', '==', { kind: 'count', count: 0 }],
    [
      'removed_pages <= 5%',
      'removed_pages',
      '<=',
      { kind: 'percent', percent: '5', of: 'known pages' },
    ],
    [
      'removed_pages<=5%',
      'removed_pages',
      '<=',
      { kind: 'percent', percent: '5', of: 'known pages' },
    ],
    [
      'removed_pages <= 5 %',
      'removed_pages',
      '<=',
      { kind: 'percent', percent: '5', of: 'known pages' },
    ],
    [
      'removed_pages < 0.5%',
      'removed_pages',
      '<',
      { kind: 'percent', percent: '0.5', of: 'known pages' },
    ],
    ['new_pages > 150%', 'new_pages', '>', { kind: 'percent', percent: '150', of: 'total_pages' }],
    ['error_pages != 0', 'error_pages', '!=', { kind: 'count', count: 0 }],
    ['age < 1.5h', 'age', '<', { kind: 'duration', ms: 1.5 * HOUR }],
    ['age < 90d', 'age', '<', { kind: 'duration', ms: 90 * 24 * HOUR }],
    ['queue_time == 0s', 'queue_time', '==', { kind: 'duration', ms: 0 }],
    [
      'started_at >= 2026-11-23T12:00:00+02:00',
      'started_at',
      '>=',
      { kind: 'time', at: Date.parse('2026-11-23T10:00:00Z') },
    ],
  ] as const)('%s', (line, metric, operator, value) => {
    expect(parseRules(line, 'warn')).toEqual({
      rules: [{ text: line, level: 'warn', metric, operator, value }],
      problems: [],
    });
  });

  it.each(['>=', '<=', '>', '<', '==', '!='])(
    'may compare with %s, with and without spaces',
    (operator) => {
      for (const line of [
        `new_pages ${operator} 5`,
        `new_pages${operator}5`,
        `new_pages ${operator}5`,
      ]) {
        expect(ruleOf(line)).toMatchObject({ operator, value: { kind: 'count', count: 5 } });
      }
    },
  );

  it('is kept with single spaces', () => {
    expect(parsed('\t removed_pages \t <=   5% \r\n')).toEqual(['removed_pages <= 5%']);
  });
});

describe('blank lines and comments', () => {
  it.each([
    ['nothing', ''],
    ['blank lines', '\n \n\t\r\n'],
    ['a comment', '# removed_pages <= 5%'],
    ['an indented comment', '  # x'],
    ['a comment with more signs', '## x # y'],
    ['an empty comment', '#'],
  ])('%s holds no rule and no problem', (_, input) => {
    expect(parseRules(input, 'require')).toEqual({ rules: [], problems: [] });
  });

  it('a comment may follow a rule', () => {
    expect(parsed('age < 2h # fresh enough\nnew_pages > 0\t# at least one')).toEqual([
      'age < 2h',
      'new_pages > 0',
    ]);
  });

  it('a # inside a word starts none', () => {
    expect(problems('age < 2h#fresh')).toHaveLength(1);
    expect(problems('age#fresh < 2h')).toHaveLength(1);
  });

  it.each(['\n', '\r\n', '\r'])('lines end with %j, and are counted from 1', (end) => {
    const lines = ['# first', 'nonsense', '', 'age < 2h', 'nonsense'];
    expect(problems(lines.join(end)).map(({ line }) => line)).toEqual([2, 5]);
    expect(parsed(lines.join(end))).toEqual(['age < 2h']);
  });
});

const VALUES = ['5', '5%', '5m', '2026-11-23T10:00:00Z'];
const TAKEN = { count: ['5'], share: ['5', '5%'], duration: ['5m'], time: [VALUES[3]] };

describe('every metric', () => {
  it.each(Object.entries(METRICS).map(([metric, { kind }]) => [metric, TAKEN[kind]] as const))(
    '%s takes %j and nothing else',
    (metric, taken) => {
      expect(VALUES.filter((value) => parsed(`${metric} >= ${value}`).length === 1)).toEqual(taken);
    },
  );
});

describe('a line that is no rule is reported', () => {
  it.each([
    ['an unknown metric', 'pages >= 5', /unknown metric.*total_pages.*completed_at/],
    ['a metric in capitals', 'Removed_Pages <= 5%', /unknown metric/],
    ['a name that every object has', 'constructor >= 5', /unknown metric/],
    ['the name __proto__', '__proto__ >= 5', /unknown metric/],
    ['no operator', 'removed_pages 5%', />=, <=, ==, !=, >, </],
    ['a metric alone', 'removed_pages', /"removed_pages <= 5%"/],
    ['one equals sign', 'removed_pages = 5', />=, <=, ==, !=, >, </],
    ['an operator turned round', 'removed_pages =< 5', />=, <=, ==, !=, >, </],
    ['an arrow', 'removed_pages => 5', />=, <=, ==, !=, >, </],
    ['an operator in another sign', 'removed_pages ≤ 5', />=, <=, ==, !=, >, </],
    ['an operator cut in two', 'removed_pages < = 5', /whole number or a percentage/],
    ['two operators', 'removed_pages <= <= 5', /whole number or a percentage/],
    ['the value first', '5 >= removed_pages', /unknown metric/],
    ['an operator alone', '>= 5', /"metric operator value"/],
    ['a sentence', 'few removed pages', /"metric operator value"/],
    ['no value', 'started_at >=', /value is missing.*expression.*zone/],
    ['two values', 'new_pages >= 5 6', /whole number or a percentage/],
    ['a negative number', 'new_pages >= -1', /whole number or a percentage/],
    ['a fraction of a page', 'new_pages >= 1.5', /whole number or a percentage/],
    ['an exponent', 'new_pages >= 1e3', /whole number or a percentage/],
    ['a grouped number', 'new_pages >= 1,000', /whole number or a percentage/],
    ['a negative percentage', 'new_pages >= -5%', /whole number or a percentage/],
    ['something after the percent sign', 'new_pages >= 5%x', /^the value must be a whole number/],
    ['a percent sign alone', 'new_pages >= %', /whole number or a percentage/],
    ['a percentage with an exponent', 'new_pages >= 1e1%', /whole number or a percentage/],
    [
      'a percentage too large for a number',
      `new_pages < ${'9'.repeat(100)}%`,
      /whole number or a percentage/,
    ],
    ['a number too large to count with', 'total_pages < 9007199254740993', /whole number/],
    ['a percentage of the total itself', 'total_pages >= 5%', /whole number, for example/],
    ['an age without unit', 'age < 2', /duration with a unit/],
    ['an age as a time', 'age < 2026-11-23T10:00:00Z', /duration with a unit/],
    ['a time without zone', 'started_at >= 2026-11-23T10:00:00', /date and time with a time zone/],
    ['a date', 'started_at >= 2026-11-23', /date and time with a time zone/],
    ['a duration for a time', 'started_at >= 2h', /date and time with a time zone/],
    ['two rules on one line', 'age < 2h, new_pages > 0', /one rule per line/],
    ['two rules with &&', 'age < 2h && new_pages > 0', /one rule per line/],
    ['two rules with and', 'age < 2h and new_pages > 0', /one rule per line/],
    ['two rules with ;', 'age<2h;new_pages>0', /one rule per line/],
    ['a decimal comma', 'removed_pages <= 5,5%', /without a comma/],
    ['thousands with a comma', 'removed_pages <= 1,000', /without a comma/],
    ['a rule without an end', `removed_pages <= ${'5'.repeat(300)}`, /up to 200 characters/],
  ])('%s', (_, text, problem) => {
    expect(parseRules(`# one\n${text}`, 'require')).toEqual({
      rules: [],
      problems: [{ line: 2, text, problem: expect.stringMatching(problem) }],
    });
  });

  it('with what is wrong with it, and no more', () => {
    expect(problems('age <')[0]?.problem).toBe(
      'the value is missing (if you use an expression, check that it has a value); the value must be a duration with a unit, for example "45m" or "2h"',
    );
    expect(problems('age < 2')[0]?.problem).toBe(
      'the value must be a duration with a unit, for example "45m" or "2h"',
    );
    expect(problems('pages > 2')[0]?.problem).toBe(
      `unknown metric (valid metrics: ${Object.keys(METRICS).join(', ')})`,
    );
  });

  it('and does not hide the others', () => {
    const { rules, problems: wrong } = parseRules('age < 2\nage < 2h\nnew_pages\n', 'require');
    expect(rules).toHaveLength(1);
    expect(wrong.map(({ line }) => line)).toEqual([1, 3]);
  });

  it.each(Object.keys(METRICS) as Metric[])(
    'with an example for %s that is a rule itself',
    (metric) => {
      const example = /for example "([^"]+)"/.exec(problems(metric)[0]?.problem ?? '')?.[1] ?? '';
      expect(ruleOf(example).metric).toBe(metric);
    },
  );
});

describe('rules that ask for freshness', () => {
  const OPERATORS = ['>=', '<=', '>', '<', '==', '!='];
  const value = (metric: string) =>
    ({ count: '5', share: '5', duration: '5m', time: '2026-11-23T10:00:00Z' })[
      METRICS[metric as Metric].kind
    ];

  it.each(Object.keys(METRICS))('%s', (metric) => {
    const fresh = OPERATORS.filter((operator) =>
      requiresFreshCrawl(ruleOf(`${metric} ${operator} ${value(metric)}`)),
    );
    const expected =
      metric === 'age'
        ? ['<=', '<']
        : ['started_at', 'completed_at'].includes(metric)
          ? ['>=', '>']
          : [];
    expect(fresh).toEqual(expected);
  });
});
