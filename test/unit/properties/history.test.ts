import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sample } from '../../../src/result.ts';
import { addSample, MAX_SAMPLES, sampleOf } from '../../../src/wait/history.ts';
import { facts } from '../../support/crawl-builders.ts';

const look = fc.record({
  after: fc.integer({ min: 1, max: 30_000 }),
  status: fc.constantFrom('pending', 'scraping', 'scraping', 'scraping', 'indexing'),
  more: fc.nat({ max: 3 }),
});
const looks = fc.array(look, { minLength: 1, maxLength: 700, size: 'max' });

describe('the history of any crawl', () => {
  it('is bounded, in order, keeps its ends, and holds nothing that was not seen', () => {
    fc.assert(
      fc.property(looks, (some) => {
        const seen = new Set<string>();
        let history: Sample[] = [];
        let [now, completed_pages] = [0, 0];
        for (const { after, status, more } of some) {
          now += after;
          completed_pages += more;
          const response = facts({ status, completed_pages });
          history = addSample(history, sampleOf(response, { at: now, lostMs: 0, date: now }));
          seen.add(JSON.stringify(history.at(-1)));
          expect(history.length).toBeLessThanOrEqual(MAX_SAMPLES);
          expect(history.at(-1)?.at).toBe(now);
        }
        expect(history[0]?.at).toBe(some[0]?.after);
        const times = history.map(({ at }) => at);
        expect(times).toEqual([...new Set(times)].sort((one, other) => one - other));
        for (const point of history) expect(seen.has(JSON.stringify(point))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('is kept too when the date of the machine jumps', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 10_000_000 }), { maxLength: 400, size: 'max' }),
        (dates) => {
          const history = dates.reduce<Sample[]>(
            (samples, date, index) =>
              addSample(
                samples,
                sampleOf(facts({ completed_pages: index }), { at: index * 1_000, lostMs: 0, date }),
              ),
            [],
          );
          expect(history.length).toBe(Math.min(dates.length, MAX_SAMPLES));
          expect(history[0]?.completed).toBe(dates.length === 0 ? undefined : 0);
          expect(history.at(-1)?.completed).toBe(dates.length === 0 ? undefined : dates.length - 1);
        },
      ),
      { numRuns: 20 },
    );
  });
});
