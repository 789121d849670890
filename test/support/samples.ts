import type { Sample } from '../../src/result.ts';

/** The API's clock when `Clock.elapsed()` is 0: milliseconds since 1970. */
export const DATE = Date.parse('2026-11-23T10:00:00.000Z');

/** What a check at some second saw; `updated` is the second of `updated_at`, if the job says it. */
export type Seen = readonly [second: number, completed: number, status?: string, updated?: number];

/** Samples of a crawl with so many pages. */
export function samplesOf(total: number | null, ...seen: readonly Seen[]): Sample[] {
  return seen.map(([second, completed, status = 'scraping', updated]) => ({
    at: second * 1_000,
    date: DATE + second * 1_000,
    status,
    total,
    completed,
    added: 0,
    updated: 0,
    removed: 0,
    unchanged: completed,
    lostMs: 0,
    startedAt: null,
    updatedAt: updated === undefined ? null : DATE + updated * 1_000,
  }));
}

/** So many samples of a crawl of 800 pages, ten seconds and one page apart. */
export function evenSamples(length: number): Sample[] {
  return samplesOf(800, ...Array.from({ length }, (_, index): Seen => [10 * index, index]));
}

/** The first sample of a crawl of 800 pages. */
export function sample(overrides: Partial<Sample> = {}): Sample {
  const [first] = samplesOf(800, [0, 0]) as [Sample];
  return { ...first, startedAt: DATE, ...overrides };
}
