import { describe, expect, it } from 'vitest';
import { outcomeFix, outcomes, tolerableOutcomes } from '../../../src/outcomes.ts';
import type { Annotation } from '../../../src/ports/runner.ts';
import {
  addWarning,
  clockWarning,
  closingAnnotations,
  noWarnings,
  type Warnings,
} from '../../../src/report/annotations.ts';
import type { RunResult } from '../../../src/result.ts';
import { facts, judged } from '../../support/crawl-builders.ts';
import { crawlReport, crawlThat, idOf, runReport } from '../../support/run-results.ts';

const annotationsOf = (result: RunResult) => closingAnnotations(result, noWarnings);

const RED = outcomes.filter((outcome) => outcome !== 'succeeded');

describe('the annotation for the outcome', () => {
  it('is none for a crawl that succeeded', () => {
    expect(annotationsOf(runReport())).toEqual([]);
  });

  it.each(RED)('is one error for %s, with title, reason, and fix', (outcome) => {
    const report = runReport([crawlThat(outcome)]);
    expect(annotationsOf(report)).toEqual([
      {
        level: 'error',
        title: `OpenCX crawl: ${outcome}`,
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
        title: `OpenCX crawl: ${outcome} (tolerated)`,
        message: expect.stringContaining(report.message),
      },
    ]);
  });

  it('stays an error when only another outcome is tolerated', () => {
    const report = runReport([crawlThat('failed'), crawlThat('stalled', 2)], {
      tolerated: new Set(['stalled']),
    });
    expect(annotationsOf(report)).toMatchObject([
      { level: 'error', title: 'OpenCX crawl: failed' },
    ]);
  });

  it('names the crawl, as far as it is known', () => {
    const [known] = annotationsOf(runReport([crawlThat('failed', 2)]));
    expect(known?.message.split('\n')[1]).toBe(
      `Crawl job: ${idOf(1_002)}. Datasource: ${idOf(2)}.`,
    );
    const [unknown] = annotationsOf(runReport([crawlThat('not-found', 3, { jobId: undefined })]));
    expect(unknown?.message.split('\n')[1]).toBe(`Datasource: ${idOf(3)}.`);
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
    expect(annotation?.message.split('\n')[1]).toBe(`Crawl job: ${idOf(1_002)}.`);
    const [lost] = annotationsOf(
      runReport([crawlThat('succeeded', 1), crawlThat('not-found', 2, { jobId: undefined })]),
    );
    expect(lost?.message.split('\n')[1]).toBe(outcomeFix('not-found'));
  });

  it('needs no crawl: the inputs might have been invalid', () => {
    const report = runReport([], { outcome: 'invalid-input', message: 'timeout is wrong.' });
    expect(annotationsOf(report)).toEqual([
      {
        level: 'error',
        title: 'OpenCX crawl: invalid-input',
        message: `timeout is wrong.\n${outcomeFix('invalid-input')}`,
      },
    ]);
  });
});

describe('a long reason', () => {
  it('leaves room for what helps', () => {
    const verdict = { outcome: 'failed', reason: 'x'.repeat(10_000) } as const;
    const [annotation] = annotationsOf(runReport([crawlThat('failed', 1, { verdict })]));
    expect(annotation?.message.length).toBeLessThanOrEqual(4_000);
    expect(annotation?.message).toContain(outcomeFix('failed'));
  });
});

describe('the annotation for a rule', () => {
  const broken = judged('removed_pages <= 5%', false, { level: 'warn' });

  it('is one warning for each warn rule that is not met', () => {
    const rules = [
      broken,
      judged('age < 1h', false, { level: 'warn', actual: '2h' }),
      judged('new_pages > 0', true, { level: 'warn' }),
    ];
    const annotations = annotationsOf(runReport([crawlReport({ rules })]));
    expect(annotations.map(({ level }) => level)).toEqual(['warning', 'warning']);
    expect(annotations[0]).toEqual({
      level: 'warning',
      title: 'A `warn` rule was not met',
      message: 'The rule "removed_pages <= 5%" was not met: the actual value is 11.8% (94 of 796).',
    });
    expect(annotations[1]?.message).toContain('"age < 1h"');
    expect(annotations[1]?.message).toContain('the actual value is 2h');
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
    expect(annotations[0]?.message).toContain(`was not met for datasource ${idOf(1)}: the actual`);
    expect(annotations[1]?.message).toContain(idOf(2));
    expect(annotationsOf(runReport([crawlReport({ rules: [broken] })]))[0]?.message).not.toContain(
      crawlReport().datasourceId,
    );
  });

  it('is given once a step for each text', () => {
    expect(annotationsOf(runReport([crawlReport({ rules: [broken, broken] })]))).toHaveLength(1);
  });
});

describe('without being asked', () => {
  const titles = (
    crawl: Parameters<typeof facts>[0],
    outcome: 'succeeded' | 'rejected' = 'succeeded',
  ) =>
    annotationsOf(runReport([crawlThat(outcome, 1, { facts: facts(crawl) })]))
      .filter(({ level }) => level === 'warning')
      .map(({ title }) => title);

  it.each([
    [719, 1],
    [720, 0],
    [800, 0],
  ])('a crawl that visited %d of 800 pages has %d warnings', (completed_pages, warnings) => {
    expect(titles({ completed_pages, total_pages: 800 })).toHaveLength(warnings);
  });

  it.each([
    [401, 1],
    [400, 0],
    [0, 0],
  ])('a crawl that removed %d of 800 known pages has %d warnings', (removed, warnings) => {
    const known = { removed_pages: removed, updated_pages: 0, unchanged_pages: 800 - removed };
    expect(titles(known)).toHaveLength(warnings);
  });

  it('says nothing of a crawl that is red anyway, or whose numbers are unknown', () => {
    expect(titles({ completed_pages: 1, total_pages: 800 }, 'rejected')).toEqual([]);
    expect(titles({ completed_pages: 1, total_pages: null, removed_pages: null })).toEqual([]);
  });

  it('does not call the first crawl of a website a loss', () => {
    expect(titles({ removed_pages: 0, updated_pages: 0, unchanged_pages: 0 })).toEqual([]);
  });
});

describe('ten warnings of a step', () => {
  const warning = (n: number) => ({ title: 'Unexpected crawl data', message: `text ${n}` });
  const during = (count: number) => {
    let warnings: Warnings = noWarnings;
    const shown: Annotation[] = [];
    for (let n = 0; n < count; n += 1) {
      const next = addWarning(warnings, warning(n));
      warnings = next.warnings;
      if (next.show !== undefined) shown.push(next.show);
    }
    return { warnings, shown };
  };

  it('are never exceeded, and the last one sums up the rest', () => {
    const { warnings, shown } = during(18);
    const closing = closingAnnotations(runReport(), warnings);
    expect(shown.length + closing.length).toBe(9);
    const text = [...shown, ...closing].map(({ message }) => message).join('\n');
    for (let n = 0; n < 18; n += 1) expect(text).toContain(`text ${n}`);
    expect(closing.at(-1)?.title).toBe('10 more warnings');
  });

  it('always have that of a tolerated outcome among them', () => {
    const { warnings, shown } = during(18);
    const result = runReport([crawlThat('stalled')], { tolerated: new Set(['stalled']) });
    const closing = closingAnnotations(result, warnings);
    expect(shown.length + closing.length).toBe(9);
    expect(closing[0]?.title).toContain('(tolerated)');
  });

  it('sum up what nobody expected before the rules that a workflow asked for', () => {
    const { warnings, shown } = during(18);
    const rules = [judged('age < 1h', false, { level: 'warn' })];
    const closing = closingAnnotations(runReport([crawlReport({ rules })]), warnings);
    expect(shown.length + closing.length).toBe(9);
    expect(closing[0]?.title).toBe('A `warn` rule was not met');
  });

  it('are remembered up to a limit, because an API can say something new at every check', () => {
    expect(during(10_000).warnings.texts).toHaveLength(100);
  });

  it('are all there when there is room', () => {
    const { warnings, shown } = during(9);
    expect(shown.length + closingAnnotations(runReport(), warnings).length).toBe(9);
  });

  it('have each text once', () => {
    const { warnings } = addWarning(noWarnings, warning(1));
    expect(addWarning(warnings, warning(1)).show).toBeUndefined();
  });

  it('are never longer than people read', () => {
    const { show } = addWarning(noWarnings, { title: 'x', message: 'y'.repeat(5_000_000) });
    expect(show?.message.length).toBeLessThanOrEqual(4_000);
  });
});

describe('the two clocks', () => {
  it.each([0, 60_000, -60_000])('agree when they differ by %d ms', (ahead) => {
    expect(clockWarning(ahead)).toBeUndefined();
  });

  it.each([
    [61_000, "The runner's clock is 1m1s ahead of the clock of the OpenCX API."],
    [-7_200_000, "The runner's clock is 2h behind the clock of the OpenCX API."],
  ])('differ by %d ms', (ahead, message) => {
    expect(clockWarning(ahead)).toEqual({
      title: "The runner's clock differs from the API's clock",
      message: `${message} Rules use the API's clock, so a time that this workflow took from the runner might be wrong.`,
    });
  });
});
