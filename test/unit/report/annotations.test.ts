import { describe, expect, it } from 'vitest';
import { outcomeFix, outcomes, outcomeTitle, tolerableOutcomes } from '../../../src/outcomes.ts';
import { annotationsOf } from '../../../src/report/annotations.ts';
import { crawlThat, idOf, judged } from '../../support/report-builders.ts';
import { crawlReport, runReport } from '../../support/run-results.ts';

const RED = outcomes.filter((outcome) => outcome !== 'succeeded');

describe('the annotation for the outcome', () => {
  it('is none for a crawl that succeeded', () => {
    expect(annotationsOf(runReport())).toEqual([]);
  });

  it.each(RED)('is one error for %s, with title, reason and remedy', (outcome) => {
    const report = runReport([crawlThat(outcome)]);
    expect(annotationsOf(report)).toEqual([
      {
        level: 'error',
        title: outcomeTitle(outcome),
        message: expect.stringContaining(report.message),
      },
    ]);
    expect(annotationsOf(report)[0]?.message).toContain(outcomeFix(outcome));
    expect(report.message).toContain('Reason of crawl 1');
  });

  it.each(tolerableOutcomes)('is one warning for %s when that is tolerated', (outcome) => {
    const report = runReport([crawlThat(outcome)], { tolerated: new Set([outcome]) });
    expect(annotationsOf(report)).toEqual([
      {
        level: 'warning',
        title: expect.stringContaining(outcomeTitle(outcome)),
        message: expect.stringContaining(report.message),
      },
    ]);
    expect(annotationsOf(report)[0]?.title).toContain('tolerated');
  });

  it('stays an error when only another outcome is tolerated', () => {
    const report = runReport([crawlThat('failed'), crawlThat('stalled', 2)], {
      tolerated: new Set(['stalled']),
    });
    expect(annotationsOf(report)).toMatchObject([
      { level: 'error', title: outcomeTitle('failed') },
    ]);
  });

  it('names the crawl, as far as it is known', () => {
    const [known] = annotationsOf(runReport([crawlThat('failed', 2)]));
    expect(known?.message.split('\n')[1]).toBe(`Crawl job ${idOf(1_002)}, datasource ${idOf(2)}.`);
    const [unknown] = annotationsOf(runReport([crawlThat('not-found', 3, { jobId: undefined })]));
    expect(unknown?.message.split('\n')[1]).toBe(`Datasource ${idOf(3)}.`);
  });

  it('says what helps in the case, where that is more than what helps with the outcome', () => {
    const verdict = { outcome: 'not-found', reason: 'It is gone', fix: 'Look for it.' } as const;
    const [annotation] = annotationsOf(runReport([crawlThat('not-found', 1, { verdict })]));
    expect(annotation?.message).toMatch(/Look for it\.$/);
    expect(annotation?.message).not.toContain(outcomeFix('not-found'));
  });

  it('names a crawl of several once', () => {
    const [annotation] = annotationsOf(
      runReport([crawlThat('succeeded', 1), crawlThat('failed', 2)]),
    );
    expect(annotation?.message.split(idOf(2))).toHaveLength(2);
    expect(annotation?.message.split('\n')[1]).toBe(`Crawl job ${idOf(1_002)}.`);
    const [lost] = annotationsOf(
      runReport([crawlThat('succeeded', 1), crawlThat('not-found', 2, { jobId: undefined })]),
    );
    expect(lost?.message.split('\n')[1]).toBe(outcomeFix('not-found'));
  });

  it('needs no crawl: the inputs may have been refused', () => {
    const report = runReport([], { outcome: 'invalid-input', message: 'timeout is wrong.' });
    expect(annotationsOf(report)).toEqual([
      {
        level: 'error',
        title: outcomeTitle('invalid-input'),
        message: `timeout is wrong.\n${outcomeFix('invalid-input')}`,
      },
    ]);
  });
});

describe('the annotation for a rule', () => {
  const broken = judged('removed_pages <= 5%', false, { level: 'warn' });

  it('is one warning for each warn rule that does not hold', () => {
    const rules = [
      broken,
      judged('age < 1h', false, { level: 'warn', actual: '2h' }),
      judged('new_pages > 0', true, { level: 'warn' }),
    ];
    const annotations = annotationsOf(runReport([crawlReport({ rules })]));
    expect(annotations.map(({ level }) => level)).toEqual(['warning', 'warning']);
    expect(annotations[0]).toEqual({
      level: 'warning',
      title: 'A rule of `warn` does not hold',
      message: '"removed_pages <= 5%" does not hold: found 11.8% (94 of 796).',
    });
    expect(annotations[1]?.message).toContain('"age < 1h"');
    expect(annotations[1]?.message).toContain('found 2h');
  });

  it('is none for a require rule: that is the outcome', () => {
    const rules = [judged('removed_pages <= 5%', false)];
    expect(annotationsOf(runReport([crawlThat('rejected', 1, { rules })]))).toHaveLength(1);
  });

  it('comes after that for the outcome', () => {
    const annotations = annotationsOf(runReport([crawlThat('rejected', 1, { rules: [broken] })]));
    expect(annotations.map(({ level }) => level)).toEqual(['error', 'warning']);
  });

  it('names the datasource when there are several', () => {
    const report = runReport([1, 2].map((n) => crawlThat('succeeded', n, { rules: [broken] })));
    const annotations = annotationsOf(report);
    expect(annotations).toHaveLength(2);
    expect(annotations[0]?.message).toContain(`does not hold for datasource ${idOf(1)}: found`);
    expect(annotations[1]?.message).toContain(idOf(2));
    expect(annotationsOf(runReport([crawlReport({ rules: [broken] })]))[0]?.message).not.toContain(
      crawlReport().datasourceId,
    );
  });

  it('is told once a step for each text', () => {
    expect(annotationsOf(runReport([crawlReport({ rules: [broken, broken] })]))).toHaveLength(1);
  });
});
