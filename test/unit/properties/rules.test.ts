import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../../src/duration.ts';
import { evaluateRule } from '../../../src/rules/evaluate.ts';
import { METRICS, type Metric, OPERATORS } from '../../../src/rules/metrics.ts';
import { parseRules } from '../../../src/rules/parse.ts';
import { facts, ruleOf } from '../../support/crawl-builders.ts';

/** Thirty days, and more: rules may ask for any age. */
const milliseconds = fc.integer({ min: 0, max: 10_000 * 86_400_000 });
const pages = fc.nat({ max: 5_000 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const moment = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());

const values = {
  count: pages.map(String),
  share: fc.oneof(
    pages.map(String),
    fc.integer({ min: 0, max: 100_000 }).map((thousandths) => `${thousandths / 1_000}%`),
  ),
  duration: milliseconds.map(formatDuration),
  time: moment,
};
const metrics = Object.keys(METRICS) as Metric[];
const operator = fc.constantFrom(...OPERATORS);
/** A right rule, in the parts that it is written with. */
const ruleParts = fc
  .constantFrom(...metrics)
  .chain((metric) => fc.tuple(fc.constant(metric), operator, values[METRICS[metric].kind]));
const crawl = fc
  .record({
    total_pages: maybe(pages),
    completed_pages: maybe(pages),
    new_pages: maybe(pages),
    updated_pages: maybe(pages),
    removed_pages: maybe(pages),
    unchanged_pages: maybe(pages),
    created_at: maybe(moment),
    started_at: maybe(moment),
    completed_at: maybe(moment),
  })
  .map((known) => facts(known));
const pageStats = fc.option(
  fc.record({ total: pages, synced: pages, pending: pages, error: pages, excluded: pages }),
  { nil: undefined },
);
const evidence = fc.record({
  crawl,
  pageStats,
  now: moment.map((at) => Date.parse(at)),
});

describe('rules', () => {
  const space = fc.constantFrom('', ' ', '  ', '\t');
  const comment = fc.constantFrom('', ' # why', '\t#');

  it('are read back as they were printed', () => {
    fc.assert(
      fc.property(ruleParts, space, space, comment, ([metric, sign, value], before, after, end) => {
        const { rules, problems } = parseRules(
          `${before}${metric}${before}${sign}${after}${value}${end}`,
          'warn',
        );
        expect(problems).toEqual([]);
        expect(rules).toMatchObject([{ metric, operator: sign, level: 'warn' }]);
        const again = parseRules(rules[0]?.text ?? '', 'warn');
        expect(again).toEqual({ rules, problems: [] });
      }),
    );
  });

  it('are all read or reported, line by line, and nothing is thrown', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      ruleParts.map((parts) => parts.join(' ')),
      fc.string({ unit: fc.constantFrom(...'age_pst <>=!#%0159.') }),
      fc.constantFrom('', '# x', 'age <', 'age < 5%', '__proto__ < 5', 'toString == 1'),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const oneLine = lines.map((text) => text.replace(/[\r\n]/g, ' '));
        const { rules, problems } = parseRules(oneLine.join('\n'), 'require');
        const meant = oneLine.filter((text) => text.replace(/(^|\s)#.*$/su, '').trim() !== '');
        expect(rules.length + problems.length).toBe(meant.length);
        for (const { problem } of problems) expect(problem).not.toBe('');
        for (const rule of rules) expect(Object.hasOwn(METRICS, rule.metric)).toBe(true);
      }),
    );
  });
});

describe('evaluating', () => {
  const twin = { '>=': '<', '<=': '>', '>': '<=', '<': '>=', '==': '!=', '!=': '==' } as const;

  it('is either so or so, or unknown: then neither is met', () => {
    fc.assert(
      fc.property(ruleParts, evidence, ([metric, sign, value], found) => {
        const one = evaluateRule(ruleOf(`${metric} ${sign} ${value}`), found);
        const other = evaluateRule(ruleOf(`${metric} ${twin[sign]} ${value}`), found);
        expect([other.actual, other.unknown]).toEqual([one.actual, one.unknown]);
        expect([one.met, other.met].filter(Boolean)).toHaveLength(
          one.unknown === undefined ? 1 : 0,
        );
      }),
    );
  });

  it('compares percentages exactly', () => {
    fc.assert(
      fc.property(
        pages,
        pages,
        fc.integer({ min: 0, max: 100_000 }),
        operator,
        (found, total, thousandths, sign) => {
          fc.pre(total > 0);
          const rule = ruleOf(`completed_pages ${sign} ${thousandths / 1_000}%`);
          const { met } = evaluateRule(rule, {
            crawl: facts({ completed_pages: found, total_pages: total }),
            pageStats: undefined,
            now: 0,
          });
          const difference = BigInt(found) * 100_000n - BigInt(thousandths) * BigInt(total);
          const expected = {
            '>=': difference >= 0n,
            '<=': difference <= 0n,
            '>': difference > 0n,
            '<': difference < 0n,
            '==': difference === 0n,
            '!=': difference !== 0n,
          };
          expect(met).toBe(expected[sign]);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('compares percentages exactly with any number of decimals', () => {
    const digits = (maxLength: number) =>
      fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength });
    fc.assert(
      fc.property(
        fc.nat({ max: 2 ** 40 }),
        fc.integer({ min: 1, max: 2 ** 40 }),
        digits(3),
        digits(30),
        operator,
        (found, total, whole, decimals, sign) => {
          const rule = ruleOf(`completed_pages ${sign} ${whole}.${decimals}%`);
          const { met } = evaluateRule(rule, {
            crawl: facts({ completed_pages: found, total_pages: total }),
            pageStats: undefined,
            now: 0,
          });
          const scale = 10n ** BigInt(decimals.length);
          const difference =
            BigInt(found) * 100n * scale - BigInt(`${whole}${decimals}`) * BigInt(total);
          const expected = {
            '>=': difference >= 0n,
            '<=': difference <= 0n,
            '>': difference > 0n,
            '<': difference < 0n,
            '==': difference === 0n,
            '!=': difference !== 0n,
          };
          expect(met).toBe(expected[sign]);
        },
      ),
      { numRuns: 1_000 },
    );
    const third = evaluateRule(ruleOf('completed_pages <= 33.33333333%'), {
      crawl: facts({ completed_pages: 1, total_pages: 3 }),
      pageStats: undefined,
      now: 0,
    });
    expect(third.met).toBe(false);
  });

  it('prints no duration that reads as the opposite of its verdict', () => {
    const near = fc.tuple(milliseconds, fc.integer({ min: -70_000, max: 70_000 }));
    fc.assert(
      fc.property(near, operator, ([required, off], sign) => {
        const rule = ruleOf(`duration ${sign} ${formatDuration(required)}`);
        const judgeLasting = (ms: number) =>
          evaluateRule(rule, {
            crawl: facts({
              started_at: '2026-11-23T10:00:00.000Z',
              completed_at: new Date(Date.parse('2026-11-23T10:00:00.000Z') + ms).toISOString(),
            }),
            pageStats: undefined,
            now: 0,
          });
        const lasted = Math.max(0, required + off);
        const { met, actual } = judgeLasting(lasted);
        const asPrinted = parseDuration(actual) ?? Number.NaN;
        expect(`${actual}: ${judgeLasting(asPrinted).met}`).toBe(`${actual}: ${met}`);
        expect(Math.abs(asPrinted - lasted)).toBeLessThanOrEqual(Math.max(500, lasted / 40));
      }),
      { numRuns: 500 },
    );
  });

  it('prints no share of more than 0 as 0 %', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: 1, max: 5_000 }),
        (found, total) => {
          const { actual } = evaluateRule(ruleOf('completed_pages > 0%'), {
            crawl: facts({ completed_pages: found, total_pages: total }),
            pageStats: undefined,
            now: 0,
          });
          expect(actual).toMatch(/^\d+(\.\d+)?% \([\d,]+ of [\d,]+\)$/);
          expect(Number.parseFloat(actual)).toBeGreaterThan(0);
          expect(Math.abs(Number.parseFloat(actual) - (found * 100) / total)).toBeLessThan(0.051);
        },
      ),
    );
  });
});
