import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Outcome, outcomes, tolerableOutcomes, worstOutcome } from '../../../src/outcomes.ts';
import { closingAnnotations, noWarnings } from '../../../src/report/annotations.ts';
import { outputsOf } from '../../../src/report/outputs.ts';
import { MAX_RESULT_BYTES } from '../../../src/report/result-json.ts';
import { facts } from '../../support/crawl-builders.ts';
import { given, inputsOf, problemsOf } from '../../support/input-builders.ts';
import { crawlThat, runReport } from '../../support/run-results.ts';

const outcome = fc.constantFrom(...outcomes);
const tolerated = fc.subarray(tolerableOutcomes).map((some): ReadonlySet<Outcome> => new Set(some));
const several = fc.array(outcome, { minLength: 1, maxLength: 12 });
const shuffledTwice = several.chain((some) =>
  fc.tuple(
    fc.constant(some),
    fc.shuffledSubarray(some, { minLength: some.length, maxLength: some.length }),
  ),
);

describe('the outcome of several crawls', () => {
  it('does not depend on their order', () => {
    fc.assert(
      fc.property(shuffledTwice, tolerated, ([some, shuffled], allowed) => {
        expect(worstOutcome(shuffled, allowed)).toBe(worstOutcome(some, allowed));
      }),
    );
  });

  it('is one of theirs, and green only when all of them are', () => {
    fc.assert(
      fc.property(several, tolerated, (some, allowed) => {
        const worst = worstOutcome(some, allowed);
        const green = (one: Outcome) => one === 'succeeded' || allowed.has(one);
        expect(some).toContain(worst);
        expect(green(worst)).toBe(some.every(green));
      }),
    );
  });

  it('is that of any two groups taken together', () => {
    fc.assert(
      fc.property(several, several, tolerated, (some, others, allowed) => {
        const together = worstOutcome([...some, ...others], allowed);
        const ofGroups = [worstOutcome(some, allowed), worstOutcome(others, allowed)];
        expect(worstOutcome(ofGroups, allowed)).toBe(together);
      }),
    );
  });
});

describe('the reports of any run', () => {
  const crawl = fc.record({
    outcome,
    pages: fc.option(fc.nat({ max: 5_000 }), { nil: null }),
    seen: fc.boolean(),
    quote: fc.string({ unit: 'grapheme', maxLength: 200 }),
  });

  it('do not depend on the order of the crawls, but for ids', () => {
    fc.assert(
      fc.property(fc.array(crawl, { minLength: 1, maxLength: 8 }), tolerated, (crawls, allowed) => {
        const reports = crawls.map(({ outcome: one, pages, seen, quote }, n) =>
          crawlThat(one, n, {
            verdict: { outcome: one, reason: 'So it was', quote },
            facts: seen ? facts({ new_pages: pages }) : undefined,
          }),
        );
        const one = outputsOf(runReport(reports, { tolerated: allowed }));
        const other = outputsOf(runReport(reports.toReversed(), { tolerated: allowed }));
        for (const name of ['outcome', 'new-pages', 'total-pages', 'changed', 'requests']) {
          expect(other[name]).toBe(one[name]);
        }
        expect(Buffer.byteLength(one['result'] ?? '')).toBeLessThanOrEqual(MAX_RESULT_BYTES);
        expect(one['message']).not.toMatch(/[\r\n]/);
      }),
    );
  });

  it('have one annotation for an outcome that is not succeeded, and none for one that is', () => {
    fc.assert(
      fc.property(several, tolerated, (some, allowed) => {
        const report = runReport(
          some.map((one, n) => crawlThat(one, n)),
          { tolerated: allowed },
        );
        const annotations = closingAnnotations(report, noWarnings).map(({ level }) => level);
        const level = allowed.has(report.outcome) ? 'warning' : 'error';
        expect(annotations).toEqual(report.outcome === 'succeeded' ? [] : [level]);
      }),
    );
  });
});

describe('any inputs at all', () => {
  const names = Object.keys(given());
  const written = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...'0159.dhms \n,:/@?#%<>=-abtrue') }),
    fc.constantFrom(
      '',
      'active',
      'true',
      '60',
      '60m',
      'https://x',
      'http://[',
      'stalled',
      'age < 1h',
      '\ud800',
    ),
  );

  it('are settings, or problems', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), written, { maxKeys: 5 }), (some) => {
        const { settings, problems } = inputsOf(some);
        expect(problems.length > 0).toBe(settings === undefined);
        if (settings === undefined) return;
        expect(settings.targets.length).toBeGreaterThan(0);
        for (const ms of [settings.timeout, settings.stallTimeout, settings.outageTimeout]) {
          expect(Number.isInteger(ms) && ms >= 0 && ms <= 30 * 86_400_000).toBe(true);
        }
        expect(settings.requestTimeout).toBeGreaterThan(0);
      }),
      { numRuns: 1_000 },
    );
  });

  it('never show the token, wherever it is', () => {
    const token = 'ocx_live_s3cret';
    const wrong = fc.tuple(
      fc.constantFrom(...names),
      fc.constantFrom('', ' ', '\n', 'x', '::', '"'),
    );
    fc.assert(
      fc.property(fc.array(wrong, { minLength: 1, maxLength: 4 }), (places) => {
        const problems = problemsOf({
          ...Object.fromEntries(
            places.map(([name, around]) => [name, `${around}${token}${around}`]),
          ),
          token,
          timeout: 'wrong',
        });
        expect(problems.length).toBeGreaterThan(0);
        expect(problems.join('\n')).not.toContain(token);
      }),
    );
  });

  it.each(names)('of 60,000 lines in %s are a few problems, each short', (name) => {
    const problems = problemsOf({ [name]: 'wrong, wrong < 1 && 2 /@/\n'.repeat(60_000) });
    expect(problems.length).toBeLessThanOrEqual(31);
    expect(problems.join('; ').length).toBeLessThan(12_000);
  });
});
