import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration, roughDuration } from '../../../src/duration.ts';
import { parseInstant } from '../../../src/instant.ts';

const milliseconds = fc.integer({ min: 0, max: 10_000 * 86_400_000 });
const moment = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());

describe('durations', () => {
  it('are read back as they were written', () => {
    fc.assert(
      fc.property(milliseconds, (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });

  it('that are anything else are refused, and nothing is thrown', () => {
    const right =
      /^(?=.)(\d+(\.\d+)?d)?(\d+(\.\d+)?h)?(\d+(\.\d+)?m)?(\d+(\.\d+)?s)?(\d+(\.\d+)?ms)?$/;
    const like = fc.string({ unit: fc.constantFrom(...'0159.,dhms -+e\n٥') });
    fc.assert(
      fc.property(fc.oneof(like, fc.string({ unit: 'binary' })), (text) => {
        const ms = parseDuration(text);
        expect(ms !== undefined).toBe(right.test(text));
        if (ms !== undefined) expect(Number.isInteger(ms) && ms >= 0).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('are said roughly, but not wrongly', () => {
    fc.assert(
      fc.property(milliseconds, (ms) => {
        const said = parseDuration(roughDuration(ms)) ?? Number.NaN;
        expect(Math.abs(said - ms)).toBeLessThanOrEqual(Math.max(500, ms / 40));
        expect(roughDuration(ms).match(/[a-z]+/g)?.length).toBeLessThanOrEqual(2);
      }),
    );
  });
});

describe('times', () => {
  it('are a number or nothing, and never anything else', () => {
    const like = fc.string({ unit: fc.constantFrom(...'0123569-:.TZ+ z') });
    const near = fc
      .tuple(moment, fc.nat({ max: 30 }), fc.string({ unit: 'binary', maxLength: 2 }))
      .map(([at, place, typo]) => at.slice(0, place) + typo + at.slice(place + 1));
    fc.assert(
      fc.property(fc.oneof(like, near, fc.string({ unit: 'binary' })), (text) => {
        const at = parseInstant(text);
        expect(at === undefined || Number.isInteger(at)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
