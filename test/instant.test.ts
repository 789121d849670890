import { describe, expect, it } from 'vitest';
import { parseInstant } from '../src/instant.ts';

describe('parseInstant', () => {
  it.each([
    ['2026-11-23T10:00:00Z', '2026-11-23T10:00:00.000Z'],
    ['2026-11-23T10:00:00.5Z', '2026-11-23T10:00:00.500Z'],
    ['2026-11-23T10:00:00.123Z', '2026-11-23T10:00:00.123Z'],
    ['2026-11-23T10:00:00.123456Z', '2026-11-23T10:00:00.123Z'],
    ['2026-11-23T10:00:00+00:00', '2026-11-23T10:00:00.000Z'],
    ['2026-11-23T12:30:00+02:30', '2026-11-23T10:00:00.000Z'],
    ['2026-11-23T01:00:00-09:00', '2026-11-23T10:00:00.000Z'],
    ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['2000-02-29T23:59:59.999Z', '2000-02-29T23:59:59.999Z'],
  ])('%s is a time', (text, iso) => {
    expect(parseInstant(text)).toBe(Date.parse(iso));
  });

  it.each([
    ['nothing', ''],
    ['a time without zone', '2026-11-23T10:00:00'],
    ['a time without zone, with a fraction', '2026-11-23T10:00:00.000'],
    ['a date alone', '2026-11-23'],
    ['a time alone', '10:00:00Z'],
    ['a day that is not', '2026-02-30T10:00:00Z'],
    ['a leap day in another year', '2027-02-29T10:00:00Z'],
    ['a leap day in 1900', '1900-02-29T10:00:00Z'],
    ['day 0', '2026-11-00T10:00:00Z'],
    ['month 13', '2026-13-01T10:00:00Z'],
    ['hour 24', '2026-11-23T24:00:00Z'],
    ['minute 60', '2026-11-23T10:60:00Z'],
    ['zone +25:00', '2026-11-23T10:00:00+25:00'],
    ['a name of a zone', '2026-11-23T10:00:00 CET'],
    ['seconds since 1970', '1795428000'],
    ['the way HTTP writes it', 'Mon, 23 Nov 2026 10:00:00 GMT'],
    ['a year of two digits', '26-11-23T10:00:00Z'],
    ['two times', '2026-11-23T10:00:00Z2026-11-23T10:00:00Z'],
    ['space around it', ' 2026-11-23T10:00:00Z'],
    ['a line break after it', '2026-11-23T10:00:00Z\n'],
    ['a word', 'yesterday'],
  ])('%s is none', (_, text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});
