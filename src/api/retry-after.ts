/**
 * Milliseconds that a `Retry-After` header asks to wait: from seconds or an HTTP date; 0 for a past
 * date or anything else.
 *
 * @param now milliseconds since 1970 by the API's clock (contract, section Rules: Whose clock)
 */
export function parseRetryAfter(header: string | undefined, now: number): number {
  const text = header?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1_000;
  const at = parseHttpDate(text);
  return at === undefined ? 0 : Math.max(0, at - now);
}

/** An HTTP date has four digits for its year; `Date.parse` takes more. */
const LATEST = Date.parse('9999-12-31T23:59:59Z');

/** Milliseconds since 1970, or `undefined` when the text is none of the three forms of an HTTP date. */
export function parseHttpDate(text: string): number | undefined {
  if (!/^[A-Z][a-z]+,? /.test(text)) return undefined;
  // The oldest of the three forms ends with the year, and means GMT too.
  const at = Date.parse(/^[A-Z][a-z]+ .* \d{4}$/.test(text) ? `${text} GMT` : text);
  return at <= LATEST ? at : undefined;
}
