/**
 * Text that somebody else wrote: the API's answers, error messages, inputs that are quoted back.
 * Everything foreign passes `cleanText` where it comes in; what goes into Markdown passes
 * `asCode` or `asCodeBlock` on its way out (contract, section Safety).
 */

/** The longest foreign text that is kept, in characters. */
export const LONGEST_TEXT = 2_000;

const DEEPEST_JSON = 8;
/** Shorter parts of a token's base64 may stand in other words too. */
const SHORTEST_PART = 10;
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]/gu;

/** The forms in which the token could be said again: as it is, and as encoders write it. */
export function secretVariants(token: string): string[] {
  if (token === '') return [];
  const whole = token.toWellFormed();
  const encoded = encodeURIComponent(whole);
  const bytes = Buffer.from(whole);
  const json = JSON.stringify(token).slice(1, -1);
  const base64 = [bytes.toString('base64'), bytes.toString('base64').replace(/=+$/, '')];
  return [
    ...new Set([
      token,
      visible(token),
      encoded,
      // Some encoders let a slash stand, and some escape it in JSON.
      encoded.replaceAll('%2F', '/'),
      json,
      json.replaceAll('/', '\\/'),
      inHtml(token),
      ...[...base64, ...withinBase64(bytes)].flatMap((text) => [text, inUrl(text)]),
      bytes.toString('hex'),
    ]),
  ].sort((one, other) => other.length - one.length);
}

function inHtml(text: string): string {
  const names: Record<string, string> = {
    '&': 'amp',
    '<': 'lt',
    '>': 'gt',
    '"': 'quot',
    "'": '#39',
  };
  return text.replace(/[&<>"']/g, (character) => `&${names[character]};`);
}

function inUrl(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_');
}

/**
 * What stands in the base64 of every text that holds the token, such as `Bearer …` or `name:…`: it
 * depends on where in three bytes the token begins, and its ends on what stands beside it.
 */
function withinBase64(bytes: Buffer): string[] {
  return [0, 1, 2]
    .map((before) =>
      Buffer.concat([Buffer.alloc(before), bytes])
        .toString('base64')
        .slice(Math.ceil((before * 4) / 3), Math.floor(((before + bytes.length) * 4) / 3)),
    )
    .filter((text) => text.length >= SHORTEST_PART);
}

/**
 * Drops control and invisible characters, replaces the secrets by `***`, breaks what a runner
 * would read as a command, and cuts the text. Line breaks stay. Cleaning twice changes nothing.
 */
export function sanitize(
  text: string,
  secrets: readonly string[],
  longest: number = LONGEST_TEXT,
): string {
  const clean = hide(visible(text), secrets)
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

/** What is looked for in every text of an answer is made once for each list of secrets. */
const patterns = new WeakMap<readonly string[], RegExp>();

function hide(text: string, secrets: readonly string[]): string {
  if (secrets.length === 0 || text === '') return text;
  let pattern = patterns.get(secrets);
  if (pattern === undefined) {
    const forms = secrets
      .filter((secret) => secret !== '')
      .toSorted((one, other) => other.length - one.length)
      .map((secret) => secret.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
    // An empty list hides nothing.
    pattern = new RegExp(forms.join('|') || '(?!)', 'gi');
    patterns.set(secrets, pattern);
  }
  return text.replace(pattern, '***');
}

/** Line breaks of one kind, spaces for tabs, and nothing that is not seen. */
function visible(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/\t/g, ' ')
    .replace(INVISIBLE, (character) => (character === '\n' ? '\n' : ''));
}

/** `cleanText` for every string and key of a JSON value; what is nested too deep becomes `…`. */
export function sanitizeJson(value: unknown, secrets: readonly string[], depth = 0): unknown {
  if (typeof value === 'string') return sanitize(value, secrets);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === DEEPEST_JSON) return '…';
  if (Array.isArray(value)) return value.map((item) => sanitizeJson(item, secrets, depth + 1));
  const fields = Object.entries(value).map(([key, item]) => ({
    key,
    clean: sanitize(key, secrets, 100),
    item: sanitizeJson(item, secrets, depth + 1),
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
