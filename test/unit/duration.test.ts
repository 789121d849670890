import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration, roughDuration, toSeconds } from '../../src/duration.ts';

describe('parseDuration', () => {
  it.each([
    ['90s', 90_000],
    ['45m', 2_700_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['500ms', 500],
    ['2d', 172_800_000],
    ['1d2h3m4s5ms', 93_784_005],
    ['1d5ms', 86_400_005],
    ['0.5d0.5h', 45_000_000],
    ['007s', 7_000],
    ['90m', 5_400_000],
    ['0s', 0],
    ['0ms', 0],
    ['0.1s', 100],
  ])('%s is read', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    ['nothing', ''],
    ['a number without a unit', '60'],
    ['a number without a unit at the end', '1h30'],
    ['a unit without a number', 'm'],
    ['a minus', '-5s'],
    ['a plus', '+5s'],
    ['the smallest unit first', '30m1h'],
    ['the smallest unit first, milliseconds too', '5ms1s'],
    ['a unit twice', '1h1h'],
    ['a point without a digit before it', '.5h'],
    ['a point without a digit after it', '1.h'],
    ['two points', '1.5.5h'],
    ['a comma', '1,5h'],
    ['space before the unit', '5 m'],
    ['space between the parts', '1h 30m'],
    ['space around', ' 5m '],
    ['a line break at its end', '5m\n'],
    ['capitals', '5M'],
    ['a unit in words', '5min'],
    ['another unit', '1w'],
    ['an exponent', '1e3s'],
    ['digits of another script', '٥m'],
    ['a word', 'forever'],
    ['more than a number can hold', `${'9'.repeat(400)}d`],
  ])('%s is no duration', (_, text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it('tells minutes from milliseconds', () => {
    expect(parseDuration('5m')).toBe(300_000);
    expect(parseDuration('5ms')).toBe(5);
    expect(parseDuration('5m5ms')).toBe(300_005);
  });

  it('gives whole milliseconds', () => {
    expect(parseDuration('1.0006s')).toBe(1_001);
    expect(parseDuration('0.1ms')).toBe(0);
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [1, '1ms'],
    [500, '500ms'],
    [61_000, '1m1s'],
    [5_400_000, '1h30m'],
    [93_784_005, '1d2h3m4s5ms'],
    [-1, '-1ms'],
    [-1_500, '-1s500ms'],
    [1.6, '2ms'],
    [0.2, '0s'],
    [-0.2, '0s'],
  ])('%d ms are written %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('roughDuration', () => {
  it.each([
    [0, '0s'],
    [7, '7ms'],
    [7.6, '8ms'],
    [999, '999ms'],
    [1_000, '1s'],
    [4_400, '4s'],
    [93_200, '1m33s'],
    [59_700, '1m'],
    [3_599_700, '1h'],
    [3_600_000, '1h'],
    [7_510_000, '2h5m'],
    [86_399_000, '1d'],
    [86_400_000, '1d'],
    [100_000_000, '1d4h'],
    [-5_000, '-5s'],
    [-7_510_000, '-2h5m'],
  ])('%d ms are said as %s', (ms, text) => {
    expect(roughDuration(ms)).toBe(text);
  });
});

describe('toSeconds', () => {
  it.each([
    [0, 0],
    [93_210, 93.2],
    [93_250, 93.3],
    [1_200_000, 1_200],
    [40, 0],
  ])('%d ms are %d s', (ms, seconds) => {
    expect(toSeconds(ms)).toBe(seconds);
  });
});
