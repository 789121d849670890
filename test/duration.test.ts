import { expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../src/duration.ts';

test.each([
  ['90s', 90_000],
  ['45m', 2_700_000],
  ['1h30m', 5_400_000],
  ['1.5h', 5_400_000],
  ['500ms', 500],
  ['2d', 172_800_000],
  ['0s', 0],
])('%s is read', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', '60', '-5s', '30m1h', '1h1h', '.5h', '1.h', '5 m', '5M', 'forever'])(
  '"%s" is no duration',
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);

test.each([1, 500, 61_000, 5_400_000, 172_800_001])('%d ms are read back as written', (ms) => {
  expect(parseDuration(formatDuration(ms))).toBe(ms);
});
