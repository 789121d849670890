import { describe, expect, it } from 'vitest';
import { ruleLines } from '../../../src/report/rule-lines.ts';
import { judged } from '../../support/crawl-builders.ts';
import { crawlThat } from '../../support/run-results.ts';

const paint = (color: string, text: string) => `<${color} ${text}>`;
const rules = [
  judged('completed_pages >= 5', true, { actual: '800' }),
  judged('removed_pages <= 5%', false),
  judged('new_pages == 0', false, { actual: '6', level: 'warn' }),
];

describe('rules in the log', () => {
  it('are none when there is no rule', () => {
    expect(ruleLines([crawlThat('succeeded')], { together: false, paint })).toEqual([]);
  });

  it('are counted, and each stands with what was found, those that are not met first', () => {
    const crawls = [crawlThat('rejected', 1, { rules })];
    expect(ruleLines(crawls, { together: false, paint })).toEqual([
      '1 of 3 rules met:',
      '  <red ✗> removed_pages <= 5%: actual 11.8% (94 of 796)',
      '  <yellow !> new_pages == 0: actual 6',
      '  <green ✓> completed_pages >= 5: actual 800',
    ]);
  });

  it('say which crawl they are about', () => {
    const crawls = [
      crawlThat('succeeded', 1, { datasourceId: 'aaaaaaaa-1', rules: rules.slice(0, 1) }),
      crawlThat('rejected', 2, { datasourceId: 'bbbbbbbb-2', rules: rules.slice(1, 2) }),
    ];
    expect(ruleLines(crawls, { together: false, paint })).toEqual([
      '1 of 2 rules met:',
      '  <red ✗> [2/2] bbbbbbbb  removed_pages <= 5%: actual 11.8% (94 of 796)',
      '  <green ✓> [1/2] aaaaaaaa  completed_pages >= 5: actual 800',
    ]);
  });

  it('are spoken of as one when there is one', () => {
    const crawls = [crawlThat('succeeded', 1, { rules: rules.slice(0, 1) })];
    expect(ruleLines(crawls, { together: true, paint })).toEqual(['1 of 1 rules met']);
  });

  it.each([
    [8, 9],
    [9, 10],
  ])('%i of them are %i lines: eight, and how many more there are', (count, lines) => {
    const some = Array.from({ length: count }, () => judged('new_pages >= 1', true));
    const crawls = [crawlThat('succeeded', 1, { rules: some })];
    expect(ruleLines(crawls, { together: false, paint })).toHaveLength(lines);
  });

  it('are one line for many crawls, and never more than a page', () => {
    const crawls = Array.from({ length: 6 }, (_, n) => crawlThat('rejected', n, { rules }));
    expect(ruleLines(crawls, { together: true, paint })).toEqual(['6 of 18 rules met']);
    const many = Array.from({ length: 500 }, () => judged('new_pages >= 1', true));
    const lines = ruleLines([crawlThat('succeeded', 1, { rules: many })], {
      together: false,
      paint,
    });
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toBe('  … and 492 more');
  });
});
