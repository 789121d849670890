import * as z from 'zod/mini';

/** ISO 8601 as the API, people, and `date` write it: seconds and separators can be left out. */
const WRITTEN =
  /^(\d{4})-?(\d\d)-?(\d\d)T(\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?(?:(Z)|([+-]\d\d):?(\d\d)?)$/i;

const standard = z.iso.datetime({ offset: true });

/** Milliseconds since 1970, or `undefined` when the text is not a date and time with a zone. */
export function parseInstant(text: string): number | undefined {
  const [
    ,
    year,
    month,
    day,
    hour,
    minute,
    second = '00',
    fraction = '0',
    utc,
    hours,
    minutes = '00',
  ] = WRITTEN.exec(text) ?? [];
  const zone = utc === undefined ? `${hours}:${minutes}` : 'Z';
  const parsed = standard.safeParse(
    `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction}${zone}`,
  );
  return parsed.success ? Date.parse(parsed.data) : undefined;
}

/** Whether every `Date` reads the text: RFC 3339 with capital letters. */
export function isStandardInstant(text: string): boolean {
  return standard.safeParse(text).success;
}

/** A date and time with a zone, such as `2026-11-23T10:00:00Z`. */
export const instant = z.string().check(z.refine((text) => parseInstant(text) !== undefined));
