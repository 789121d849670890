/** A text whose escapes have been decoded, and where each of its characters came from. */
export interface Decoded {
  text: string;
  /** Where in the text before decoding the character with this index started. */
  origin(index: number): number;
}

/** The HTML entities of ASCII signs, and of what can hide between two of them. */
const ENTITIES: Readonly<Record<string, string>> = {
  ...{ amp: '&', apos: "'", ast: '*', bsol: '\\', colon: ':', comma: ',', commat: '@' },
  ...{ dollar: '$', equals: '=', excl: '!', grave: '`', gt: '>', hat: '^', lbrace: '{' },
  ...{ lbrack: '[', lcub: '{', lowbar: '_', lpar: '(', lsqb: '[', lt: '<', midast: '*' },
  ...{ num: '#', percnt: '%', period: '.', plus: '+', quest: '?', quot: '"', rbrace: '}' },
  ...{ rbrack: ']', rcub: '}', rpar: ')', rsqb: ']', semi: ';', sol: '/', underbar: '_' },
  ...{ verbar: '|', verticalline: '|', vert: '|' },
  // What is not seen, or breaks a line.
  ...{ shy: '', zwj: '', zwnj: '', lrm: '', rlm: '', nobreak: '', zerowidthspace: '' },
  ...{ newline: '', tab: '' },
};

// Of two names that start alike the longer one is tried first.
const ENTITY_NAMES = Object.keys(ENTITIES).sort().reverse().join('|');

const ESCAPE = new RegExp(
  [
    '(?<url>%[0-7][0-9a-f]|%[c-f][0-9a-f](?:%[89ab][0-9a-f])+)',
    '&#0*(?<decimal>\\d{1,7});?',
    '&#x0*(?<hexadecimal>[0-9a-f]{1,6});?',
    `&(?<entity>${ENTITY_NAMES});?`,
    '\\\\u(?<unit>[0-9a-f]{4})',
    '\\\\u\\{0*(?<point>[0-9a-f]{1,6})\\}',
    '\\\\x(?<byte>[0-9a-f]{2})',
    '\\\\(?<sign>[^\\sa-z0-9])',
    '(?<gap>\\\\[nrt]|<wbr ?/?>)',
  ].join('|'),
  'gi',
);
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** A text as it is. */
export function undecoded(text: string): Decoded {
  return { text, origin: (index) => index };
}

/**
 * Decodes one layer of the escapes of URLs (`%2F`), HTML (`&#x2F;`, `&sol;`), and JSON (`\u002f`,
 * `\/`) and drops escaped characters that are not seen. In linear time.
 *
 * @returns the same object when there was none
 */
export function decodeEscapes(decoded: Decoded): Decoded {
  if (!/[%&\\<]/.test(decoded.text)) return decoded;
  return rewrite(decoded, ESCAPE, (groups) => meaningOf(groups)?.replace(INVISIBLE, ''));
}

/**
 * Joins the lines of a text, because some encoders wrap base64 and long headers.
 *
 * @returns the same object when it is one line
 */
export function joinLines(decoded: Decoded): Decoded {
  return rewrite(decoded, /\n */g, () => '');
}

/** Replaces each match by its meaning, where it has one. */
function rewrite(
  decoded: Decoded,
  pattern: RegExp,
  meaningOf: (groups: Record<string, string | undefined>) => string | undefined,
): Decoded {
  const starts: number[] = [];
  let text = '';
  const add = (piece: string, start: number, isEscape: boolean) => {
    text += piece;
    for (let index = 0; index < piece.length; index += 1) {
      starts.push(isEscape ? start : start + index);
    }
  };
  let done = 0;
  for (const { 0: written, index, groups = {} } of decoded.text.matchAll(pattern)) {
    add(decoded.text.slice(done, index), done, false);
    const meaning = meaningOf(groups);
    add(meaning ?? written, index, meaning !== undefined);
    done = index + written.length;
  }
  if (done === 0) return decoded;
  add(decoded.text.slice(done), done, false);
  starts.push(decoded.text.length);
  return { text, origin: (index) => decoded.origin(starts[index] ?? decoded.text.length) };
}

/** What one escape stands for; `undefined` when it only looks like one. */
function meaningOf(groups: Record<string, string | undefined>): string | undefined {
  const { url, entity, sign, gap, unit, decimal } = groups;
  if (url !== undefined) return decodeUrl(url);
  if (entity !== undefined) return ENTITIES[entity.toLowerCase()];
  if (sign !== undefined) return sign;
  if (gap !== undefined) return '';
  // Two escaped halves make one character.
  if (unit !== undefined) return String.fromCharCode(Number.parseInt(unit, 16));
  const code =
    decimal === undefined
      ? Number.parseInt(groups['hexadecimal'] ?? groups['point'] ?? groups['byte'] ?? '', 16)
      : Number(decimal);
  return code <= 0x10_ff_ff ? String.fromCodePoint(code) : undefined;
}

function decodeUrl(escapes: string): string | undefined {
  try {
    return decodeURIComponent(escapes);
  } catch {
    return undefined;
  }
}
