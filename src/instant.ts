import * as z from 'zod/mini';

/** A date and time with zone, as ISO 8601 and the API write it: `2026-11-23T10:00:00Z`. */
export const instant = z.iso.datetime({ offset: true });

/** Milliseconds since 1970, or `undefined` when the text is no date and time with a zone. */
export function parseInstant(text: string): number | undefined {
  const parsed = instant.safeParse(text);
  return parsed.success ? Date.parse(parsed.data) : undefined;
}
