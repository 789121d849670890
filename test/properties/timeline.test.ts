import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addPoint, MOST_POINTS, type TimelinePoint } from '../../src/crawl/timeline.ts';
import { facts } from '../crawl-builders.ts';

const look = fc.record({
  after: fc.integer({ min: 1, max: 30_000 }),
  status: fc.constantFrom('pending', 'scraping', 'scraping', 'scraping', 'indexing'),
  more: fc.nat({ max: 3 }),
});
const looks = fc.array(look, { minLength: 1, maxLength: 700, size: 'max' });

describe('the timeline of any crawl', () => {
  it('is bounded, in order, keeps its ends, and holds nothing that was not seen', () => {
    fc.assert(
      fc.property(looks, (some) => {
        const seen = new Set<string>();
        let timeline: TimelinePoint[] = [];
        let [now, completed_pages] = [0, 0];
        for (const { after, status, more } of some) {
          now += after;
          completed_pages += more;
          timeline = addPoint(timeline, facts({ status, completed_pages }), now);
          seen.add(JSON.stringify(timeline.at(-1)));
          expect(timeline.length).toBeLessThanOrEqual(MOST_POINTS);
          expect(timeline.at(-1)?.at).toBe(new Date(now).toISOString());
        }
        expect(timeline[0]?.at).toBe(new Date(some[0]?.after ?? 0).toISOString());
        const times = timeline.map(({ at }) => at);
        expect(times).toEqual([...new Set(times)].sort());
        for (const point of timeline) expect(seen.has(JSON.stringify(point))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('is kept too when the date of the machine jumps', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 10_000_000 }), { maxLength: 400, size: 'max' }),
        (dates) => {
          const timeline = dates.reduce<TimelinePoint[]>(
            (points, now, index) => addPoint(points, facts({ completed_pages: index }), now),
            [],
          );
          expect(timeline.length).toBe(Math.min(dates.length, MOST_POINTS));
          expect(timeline[0]?.completed_pages).toBe(dates.length === 0 ? undefined : 0);
          expect(timeline.at(-1)?.completed_pages).toBe(
            dates.length === 0 ? undefined : dates.length - 1,
          );
        },
      ),
      { numRuns: 20 },
    );
  });
});
