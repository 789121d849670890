/**
 * Text that somebody else wrote: the API's answers, error messages, inputs that are quoted back.
 * Everything foreign passes `cleanText` where it comes in; what goes into Markdown passes
 * `asCode` or `asCodeBlock` on its way out (contract, section Safety).
 */

/** The longest foreign text that is kept, in characters. */
export const LONGEST_TEXT = 2_000;

const DEEPEST_JSON = 8;
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]/gu;

/** The forms in which the token could be said again: as it is, and as encoders write it. */
export function secretForms(token: string): string[] {
  if (token === '') return [];
  const whole = token.toWellFormed();
  const encoded = encodeURIComponent(whole);
  const base64 = Buffer.from(whole).toString('base64');
  return [
    ...new Set([
      token,
      visible(token),
      encoded,
      encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
      JSON.stringify(token).slice(1, -1),
      base64,
      base64.replace(/=+$/, ''),
      Buffer.from(whole).toString('base64url'),
    ]),
  ].sort((one, other) => other.length - one.length);
}

/**
 * Drops control and invisible characters, replaces the secrets by `***`, breaks what a runner
 * would read as a command, and cuts the text. Line breaks stay. Cleaning twice changes nothing.
 */
export function cleanText(
  text: string,
  secrets: readonly string[],
  longest: number = LONGEST_TEXT,
): string {
  let clean = visible(text);
  for (const secret of secrets) {
    if (secret !== '') clean = clean.replaceAll(secret, '***');
  }
  clean = clean
    .replace(/^([^\S\n]*):(?=:)/gm, '$1: ')
    .replaceAll('##[', '## [')
    .trim();
  // Cut last: half a secret is no longer found.
  const characters = [...clean];
  if (characters.length <= longest) return clean;
  return `${characters
    .slice(0, longest - 1)
    .join('')
    .trimEnd()}…`;
}

/** Line breaks of one kind, spaces for tabs, and nothing that is not seen. */
function visible(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/\t/g, ' ')
    .replace(INVISIBLE, (character) => (character === '\n' ? '\n' : ''));
}

/** `cleanText` for every string and key of a JSON value; what is nested too deep becomes `…`. */
export function cleanJson(value: unknown, secrets: readonly string[], depth = 0): unknown {
  if (typeof value === 'string') return cleanText(value, secrets);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === DEEPEST_JSON) return '…';
  if (Array.isArray(value)) return value.map((item) => cleanJson(item, secrets, depth + 1));
  const fields = Object.entries(value).map(([key, item]) => ({
    key,
    clean: cleanText(key, secrets, 100),
    item: cleanJson(item, secrets, depth + 1),
  }));
  // A key that was changed must not take the place of one that was clean from the start.
  fields.sort((one, other) => Number(one.key === one.clean) - Number(other.key === other.clean));
  return Object.fromEntries(fields.map(({ clean, item }) => [clean, item]));
}

/** The text on one line, for logs, outputs and sentences. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/**
 * The text as a Markdown code span: the only place on GitHub where a name is no mention, an
 * address no link and a tag no tag.
 */
export function asCode(text: string): string {
  const line = oneLine(text).replaceAll('`', 'ˋ');
  return line === '' ? '—' : `\`${line}\``;
}

/** The text as a code span in a cell of a Markdown table, which ends at a bar even in code. */
export function asCodeCell(text: string): string {
  return asCode(text)
    .replace(/\\(?=\|)/g, '\\ ')
    .replaceAll('|', '\\|');
}

/** The text as a Markdown code block that keeps its lines and that nothing in it can end. */
export function asCodeBlock(text: string): string {
  const longestRun = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longestRun + 1);
  return `${fence}text\n${text}\n${fence}`;
}
