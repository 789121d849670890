import fc from 'fast-check';
import { Marked } from 'marked';
import { describe, expect, it } from 'vitest';
import {
  asCode,
  asCodeBlock,
  asCodeCell,
  oneLine,
  sanitize,
  sanitizeJson,
} from '../../../src/untrusted-text.ts';

const INVISIBLE = [
  '\u200b',
  '\u00ad',
  '\u0000',
  '\u001b',
  '\ufe0f',
  '\ufeff',
  '\u202e',
  '\ud800',
  '\u{e0041}',
  '\u0085',
];
const BREAKS = ['\n', '\r', '\r\n', '\u2028', '\u2029', '\u000b', '\u000c'];
/** Text that is made of what could be a command, markup or a hiding place. */
const hostile = fc.string({
  unit: fc.constantFrom(
    ...[
      ...'::::##[[]]``|\\\\ \t<>!@()*_~$&ab/',
      ...INVISIBLE,
      ...BREAKS,
      '::error::',
      '##[error]',
      '\u00a0',
      '😀',
      '```',
    ],
  ),
  maxLength: 60,
});
const anyText = fc.oneof(hostile, fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
const token = fc.string({
  unit: fc.constantFrom(...'abcXYZ019_-.~+/=%:#['),
  minLength: 8,
  maxLength: 40,
});

/** What a runner reads as a command: it trims a line first, and looks for `##[` anywhere. */
function startsCommand(text: string): boolean {
  return text
    .split(/\r\n|[\r\n]/)
    .some((line) => line.trim().startsWith('::') || line.includes('##['));
}

describe('cleaned text', () => {
  it('holds no line that a runner reads as a command, not even on one line', () => {
    fc.assert(
      fc.property(anyText, token, fc.integer({ min: 1, max: 80 }), (text, secret, longest) => {
        for (const clean of [sanitize(text, []), sanitize(text, [secret], longest)]) {
          expect(startsCommand(clean), JSON.stringify(clean)).toBe(false);
          expect(startsCommand(oneLine(clean)), JSON.stringify(clean)).toBe(false);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('holds none either when a secret is taken out of it', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(hostile, fc.constant('s3cret'))), (parts) => {
        const clean = sanitize(parts.join(''), ['s3cret']);
        expect(startsCommand(clean), JSON.stringify(clean)).toBe(false);
      }),
    );
  });

  it('is the same when it is cleaned again', () => {
    fc.assert(
      fc.property(anyText, token, fc.integer({ min: 1, max: 80 }), (text, secret, longest) => {
        const once = sanitize(text, [secret], longest);
        expect(sanitize(once, [secret], longest)).toBe(once);
      }),
      { numRuns: 3_000 },
    );
  });

  it('is bounded, and has no invisible character', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 80 }), (text, longest) => {
        const clean = sanitize(text.repeat(5), [], longest);
        expect([...clean].length).toBeLessThanOrEqual(longest);
        expect(clean).not.toMatch(/[^\P{Cc}\n]|\p{Cf}|\p{Cs}|\p{Co}|[\u2028\u2029]/u);
        expect(clean).toBe(clean.trim());
      }),
      { numRuns: 2_000 },
    );
  });

  it('never contains a secret, however it is written, parted, or cut', () => {
    const hex = (character: string) => (character.codePointAt(0) ?? 0).toString(16);
    const spelling = fc.constantFrom<(character: string) => string>(
      (character) => character,
      (character) => `%${hex(character)}`,
      (character) => `%${hex(character).toUpperCase()}`,
      (character) => `&#${character.codePointAt(0)};`,
      (character) => `&#x0${hex(character)};`,
      (character) => `\\u00${hex(character)}`,
    );
    const parting = fc.constantFrom('', ...INVISIBLE);
    fc.assert(
      fc.property(
        token,
        fc.array(spelling, { minLength: 40, maxLength: 40 }),
        anyText,
        parting,
        fc.integer({ min: 1, max: 120 }),
        (secret, spell, around, between, limit) => {
          const spelled = [...secret]
            .map((character, index) => spell[index]?.(character) ?? character)
            .join(between);
          const clean = sanitize(`${around} ${spelled} ${around}`, [secret], limit);
          expect(clean).not.toContain(secret);
          expect(clean).not.toContain(spelled);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('never contains a secret in base64 or in hexadecimal digits, wherever it starts', () => {
    fc.assert(
      fc.property(
        token,
        fc.string({ maxLength: 5 }),
        fc.constantFrom<BufferEncoding>('base64', 'base64url', 'hex'),
        (secret, before, encoding) => {
          const said = Buffer.from(`${before}${secret} and more`).toString(encoding);
          const clean = sanitize(said, [secret]);
          expect(clean).toContain('***');
          for (const part of clean.split('***')) {
            expect(Buffer.from(part, encoding).toString()).not.toContain(secret.slice(1, -1));
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('reads no more of a long text than it might show, and cuts no secret there', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 2_500 }),
        fc.constantFrom('-', '\u200b', ' -', '\u001b[0m'),
        fc.integer({ min: 1, max: 200 }),
        (place, filler, longest) => {
          const secret = 'QWERTZUIOP';
          const said = `${filler.repeat(place)}${secret}${filler.repeat(5_000)}`;
          const clean = sanitize(said, [secret], longest);
          expect(clean).not.toMatch(/[A-Z]/);
          expect([...clean].length).toBeLessThanOrEqual(longest);
        },
      ),
    );
  });

  it('shows no part of a secret where it is cut', () => {
    fc.assert(
      fc.property(fc.nat({ max: 60 }), fc.integer({ min: 1, max: 60 }), (place, longest) => {
        const secret = 'QWERTZUIOP';
        const clean = sanitize(`${'-'.repeat(place)}${secret}${'-'.repeat(60)}`, [secret], longest);
        expect(clean).not.toMatch(/[A-Z]/);
      }),
    );
  });
});

describe('cleaned JSON', () => {
  it('is the same when it is cleaned again, and keeps what is no text', () => {
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 6 }).map((json) => JSON.parse(json)),
        (value) => {
          const once = sanitizeJson(value, ['s3cret']);
          expect(sanitizeJson(once, ['s3cret'])).toEqual(once);
          expect(JSON.parse(JSON.stringify(once))).toEqual(once);
        },
      ),
    );
  });
});

describe('in Markdown', () => {
  const lexer = (markdown: string) => [...new Marked({ gfm: true }).lexer(markdown)];

  it('a name is code and nothing else, in a paragraph and in a table', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const code = asCode(sanitize(text, [], 80));
        fc.pre(code !== '—');
        expect(lexer(`See ${code} here`)).toMatchObject([
          { type: 'paragraph', tokens: [{ type: 'text' }, { type: 'codespan' }, { type: 'text' }] },
        ]);
        const cell = asCodeCell(sanitize(text, [], 80));
        expect(lexer(`| a | b |\n| - | - |\n| ${cell} | z |\n`)).toMatchObject([
          { type: 'table', rows: [[{ tokens: [{ type: 'codespan' }] }, { text: 'z' }]] },
        ]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('a text is one code block that nothing in it ends', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const clean = sanitize(text, []);
        fc.pre(clean !== '');
        const tokens = lexer(`${asCodeBlock(clean)}\n\nafter`).filter(
          ({ type }) => type !== 'space',
        );
        expect(tokens).toMatchObject([{ type: 'code', text: clean }, { type: 'paragraph' }]);
      }),
      { numRuns: 1_000 },
    );
  });
});
