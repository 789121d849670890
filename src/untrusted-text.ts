import { isUuid, sameId } from './crawl.ts';
import { type Decoded, decodeEscapes, joinLines, undecoded } from './escapes.ts';

/**
 * Text that somebody else wrote: the API's responses, error messages, inputs that are quoted back.
 * All of it passes `sanitize` where it comes in; what goes into Markdown passes `asCode` or
 * `asCodeBlock` on its way out (contract, section Safety).
 */

/** The longest untrusted text that is kept, in characters. */
export const MAX_TEXT_CHARACTERS = 2_000;

/** Fields of an object, and items of a list, that are kept. */
const MAX_FIELDS = 100;
const MAX_DEPTH = 8;
/** What is kept of one response, in characters: no more of it fits into the output `result`. */
const MAX_JSON_CHARACTERS = 64 * 1024;
/** What a value costs beside its text: quotes, a colon, a comma, a number. */
const CHARACTERS_PER_VALUE = 8;
const MAX_KEY_CHARACTERS = 100;

/** What every form of ISO 8601 is made of. */
const TIME = /^\d{4}-?\d\d-?\d\dT[\d:.,]{4,20}(?:Z|[+-]\d\d:?(?:\d\d)?)$/i;
/** A shorter part of a secret's base64 might be part of an ordinary word. */
const MIN_BASE64_PART = 6;
/** A spelling of one character of a secret rarely takes more: `&amp;#x0000002F;`. */
const MAX_SPELLING_CHARACTERS = 24;
/** No key is longer; of what is longer its start is hidden. */
const MAX_SECRET_CHARACTERS = 4_096;
/** An encoder's output is sometimes encoded again, for a URL in JSON in HTML. */
const MAX_LAYERS = 4;

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]/gu;
/** What a terminal sequence can be made of, so that it stays until the whole sequence is dropped. */
const IN_SEQUENCE = new Set('\n\u0007\u001b\u0090\u0098\u009b\u009c\u009d\u009e\u009f');
/**
 * Terminal sequences (ECMA-48): one that takes parameters (CSI), one that takes a text and ends with
 * ST or BEL (DCS, SOS, OSC, PM, APC), and a short one. A text that never ends stops at its line.
 */
const SEQUENCE = new RegExp(
  [
    String.raw`(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?`,
    String.raw`(?:\u001b[PX\]^_]|[\u0090\u0098\u009d-\u009f])[^\n\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?`,
    String.raw`\u001b[ -/]*[0-~]`,
  ].join('|'),
  'g',
);

/** What the secrets of one list look like, made once for each list. */
interface SecretPattern {
  anyForm: RegExp;
  /** The longest that a secret can take of a text, in characters. */
  longest: number;
}

const patterns = new WeakMap<readonly string[], SecretPattern>();

/**
 * Drops control characters, terminal sequences, and invisible characters, replaces the secrets in
 * all their spellings by `***`, breaks what a runner would read as a command, and cuts the text.
 * Line breaks stay. Cleaning twice changes nothing, and costs no more than what is shown.
 *
 * @param secrets as they are; pass the same list each time, because its pattern is kept for it
 * @param longest in characters
 */
export function sanitize(
  text: string,
  secrets: readonly string[],
  longest: number = MAX_TEXT_CHARACTERS,
): string {
  const pattern = patternOf(secrets);
  const margin = pattern?.longest ?? 0;
  const enough = 2 * longest + margin;
  const start = text.trimStart();
  const isWhole = start.length <= enough;
  const clean = hide(visible(isWhole ? start : start.slice(0, enough)), pattern)
    .replace(/^([^\S\n]*):(?=:)/gm, '$1: ')
    .replaceAll('##[', '## [')
    .trim();
  // Cut last: half a secret is no longer found, and the part that was not read might have the rest.
  const characters = [...clean];
  const room = isWhole ? longest : Math.min(longest, characters.length - margin);
  if (isWhole && characters.length <= room) return clean;
  const kept = characters.slice(0, Math.max(0, room - 1)).join('');
  return `${kept.trimEnd()}…`;
}

/** Line breaks of one kind, spaces for tabs, and nothing that is not seen. */
function visible(text: string): string {
  return (
    text
      .replace(/\r\n?|[\u2028\u2029]/g, '\n')
      .replace(/\t/g, ' ')
      // A terminal obeys a sequence that has other control characters inside.
      .replace(INVISIBLE, (character) => (IN_SEQUENCE.has(character) ? character : ''))
      .replace(SEQUENCE, '')
      .replace(INVISIBLE, (character) => (character === '\n' ? '\n' : ''))
  );
}

function patternOf(secrets: readonly string[]): SecretPattern | undefined {
  const known = patterns.get(secrets);
  if (known !== undefined) return known;
  const forms = secrets
    .filter((secret) => secret !== '')
    .map((secret) => secret.slice(0, MAX_SECRET_CHARACTERS))
    .flatMap(secretVariants)
    .toSorted((one, other) => other.length - one.length);
  if (forms.length === 0) return undefined;
  const pattern = {
    anyForm: new RegExp(
      forms.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'),
      'gi',
    ),
    longest: MAX_SPELLING_CHARACTERS * Math.max(...forms.map((form) => form.length)),
  };
  patterns.set(secrets, pattern);
  return pattern;
}

/** A secret as it is, as bytes in base64 and in hexadecimal digits: what decoding escapes leaves. */
function secretVariants(secret: string): string[] {
  const whole = secret.toWellFormed();
  const bytes = Buffer.from(whole);
  const base64 = bytes.toString('base64');
  const bare = base64.replace(/=+$/, '');
  const plain = decodeFully(visible(whole));
  return [
    visible(whole),
    // A form field has a plus for a space.
    visible(whole).replaceAll(' ', '+'),
    // A secret can look as if parts of it were encoded.
    ...(plain.length >= MIN_BASE64_PART ? [plain] : []),
    ...[base64, bare, ...withinBase64(bytes), bytes.toString('hex')]
      .filter((text) => text.length >= MIN_BASE64_PART)
      .flatMap((text) => [text, inUrl(text)]),
  ].filter((form) => form !== '');
}

function decodeFully(text: string): string {
  let decoded = undecoded(text);
  for (let layer = 1; layer < MAX_LAYERS; layer += 1) decoded = decodeEscapes(decoded);
  return decoded.text;
}

function inUrl(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_');
}

/**
 * What is in the base64 of every text that contains the secret, such as `Bearer …` or `name:…`: it
 * depends on where in three bytes the secret starts, and its ends on what is beside it.
 */
function withinBase64(bytes: Buffer): string[] {
  return [0, 1, 2]
    .map((before) =>
      Buffer.concat([Buffer.alloc(before), bytes])
        .toString('base64')
        .slice(Math.ceil((before * 4) / 3), Math.floor(((before + bytes.length) * 4) / 3)),
    )
    .filter((text) => text.length >= MIN_BASE64_PART);
}

/** Replaces what is a secret once the escapes of URLs, JSON, and HTML are decoded. */
function hide(text: string, pattern: SecretPattern | undefined): string {
  if (pattern === undefined) return text;
  const lines = undecoded(text);
  const joined = joinLines(lines);
  const found = [lines, ...(joined === lines ? [] : [joined])].flatMap((written) =>
    findSecrets(written, pattern),
  );
  let clean = '';
  let done = 0;
  for (const { from, to } of found.sort((one, other) => one.from - other.from)) {
    if (from >= done) clean += `${text.slice(done, from)}***`;
    // A line break behind a secret is not a part of it.
    done = Math.max(done, from + text.slice(from, to).trimEnd().length);
  }
  return clean + text.slice(done);
}

/** Where in the original text the secrets are. */
function findSecrets(written: Decoded, { anyForm }: SecretPattern): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  let decoded: Decoded | undefined = written;
  for (let layer = 0; layer < MAX_LAYERS && decoded !== undefined; layer += 1) {
    for (const { 0: form, index } of decoded.text.matchAll(anyForm)) {
      found.push({ from: decoded.origin(index), to: decoded.origin(index + form.length) });
    }
    const next = decodeEscapes(decoded);
    decoded = next === decoded ? undefined : next;
  }
  return found;
}

/**
 * An ID or a time is not hidden because a part of it looks like a short secret: requests and rules
 * would be made from what is left. It says nothing in any place.
 */
function isMachineRead(text: string, secrets: readonly string[]): boolean {
  const isWhole = secrets.some((secret) => sameId(secret, text));
  return !isWhole && (isUuid(text) || TIME.test(text));
}

/**
 * A JSON value with `sanitize` applied to every string and key, and bounded: what is nested too
 * deep becomes `…`, and of too many fields the known and the first ones stay.
 *
 * @param known keys and whole texts that the action decides by. They stay as they are, because a
 *   short secret can be a part of one
 */
export function sanitizeJson(
  value: unknown,
  secrets: readonly string[],
  known: ReadonlySet<string> = new Set(),
): unknown {
  const room = { characters: MAX_JSON_CHARACTERS };

  function clean(part: unknown, depth: number): unknown {
    room.characters -= CHARACTERS_PER_VALUE;
    if (typeof part === 'string') {
      const isKnown = known.has(part.toLowerCase()) || isMachineRead(part, secrets);
      const text = isKnown ? part : sanitize(part, secrets);
      room.characters -= text.length;
      return text;
    }
    if (typeof part !== 'object' || part === null) return part;
    if (depth === MAX_DEPTH) return '…';
    if (Array.isArray(part)) {
      return part
        .slice(0, MAX_FIELDS)
        .flatMap((item) => (room.characters > 0 ? [clean(item, depth + 1)] : []));
    }
    return cleanFields(part, depth);
  }

  function cleanFields(object: object, depth: number): unknown {
    const fields: { key: string; name: string; item: unknown }[] = [];
    // In an object, keys that are numbers come before all others.
    const entries = Object.entries(object).sort(
      ([one], [other]) => Number(known.has(other)) - Number(known.has(one)),
    );
    for (const [key, item] of entries.slice(0, MAX_FIELDS)) {
      if (room.characters <= 0 && !known.has(key)) break;
      const name = known.has(key) ? key : sanitize(key, secrets, MAX_KEY_CHARACTERS);
      room.characters -= name.length;
      fields.push({ key, name, item: clean(item, depth + 1) });
    }
    // A key that was changed must not take the place of one that was clean from the start.
    fields.sort((one, other) => Number(one.key === one.name) - Number(other.key === other.name));
    return Object.fromEntries(fields.map(({ name, item }) => [name, item]));
  }

  return clean(value, 0);
}

/** The first character of the text that nobody sees; tabs and line breaks are none. */
export function firstInvisible(text: string): string | undefined {
  return /(?![\t\r\n])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u.exec(text)?.[0];
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
