import fc from 'fast-check';
import { expect, it } from 'vitest';
import { printCount, sumCounts } from '../../src/page-count.ts';

it.each([
  [0, '0'],
  [7, '7'],
  [999, '999'],
  [1_000, '1,000'],
  [12_345, '12,345'],
  [100_000, '100,000'],
  [1_234_567, '1,234,567'],
])('%d pages are printed as %s', (count, text) => {
  expect(printCount(count)).toBe(text);
});

it('prints every count as the language does', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (count) => {
      expect(printCount(count)).toBe(count.toLocaleString('en-US'));
    }),
  );
});

it.each([
  [[], 0],
  [[3, 4], 7],
  [[null, 4], null],
  [[3, null, 4], null],
  [[3, null], null],
])('the sum of %j is %j', (counts, sum) => {
  expect(sumCounts(counts)).toBe(sum);
});
