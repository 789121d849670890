import { describe, expect, it } from 'vitest';
import { parseHttpDate, parseRetryAfter } from '../../../src/api/retry-after.ts';

const NOW = Date.parse('2026-11-23T10:00:00Z');

describe('Retry-After', () => {
  it.each([
    ['5', 5_000],
    [' 1.5 ', 1_500],
    ['Mon, 23 Nov 2026 10:00:30 GMT', 30_000],
    ['Mon, 23 Nov 2026 09:59:30 GMT', 0],
    ['-5', 0],
    ['5s', 0],
    ['x5', 0],
    ['soon', 0],
    ['', 0],
    [undefined, 0],
  ])('%j asks for %d ms', (header, milliseconds) => {
    expect(parseRetryAfter(header, NOW)).toBe(milliseconds);
  });
});

describe('an HTTP date', () => {
  it.each([
    'Mon, 23 Nov 2026 10:00:00 GMT',
    'Monday, 23-Nov-26 10:00:00 GMT',
    'Mon Nov 23 10:00:00 2026',
  ])('is read in each of its three forms: %s', (text) => {
    expect(parseHttpDate(text)).toBe(NOW);
  });

  it.each([
    '',
    '2026',
    '2026-11-23T10:00:00Z',
    '1 Mon, 23 Nov 2026 10:00:00 GMT',
    'Mon, 99 Nov 2026',
    'Sat, 13 Sep 275760 00:00:00 GMT',
  ])('is not %j', (text) => {
    expect(parseHttpDate(text)).toBeUndefined();
  });
});
