import * as z from 'zod/mini';

/** A date and time with zone as the API writes it: `2026-11-23T10:00:00Z`. */
export const instant = z.iso.datetime({ offset: true });

/** ISO 8601 as people and `date` write it: seconds, separators and a zone's minutes may lack. */
const WRITTEN =
  /^(\d{4})-?(\d\d)-?(\d\d)T(\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?(?:(Z)|([+-]\d\d):?(\d\d)?)$/;

/** Milliseconds since 1970, or `undefined` when the text is no date and time with a zone. */
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
  const zone = utc ?? `${hours}:${minutes}`;
  const parsed = instant.safeParse(
    `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction}${zone}`,
  );
  return parsed.success ? Date.parse(parsed.data) : undefined;
}
