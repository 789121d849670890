import { describe, expect, it } from 'vitest';
import {
  LONGEST_TEXT,
  oneLine,
  sanitize,
  sanitizeJson,
  secretVariants,
} from '../../src/untrusted-text.ts';

/** What a runner reads as a command: it trims a line first, and looks for `##[` anywhere. */
const startsCommand = (text: string) =>
  text.split(/\r\n|[\r\n]/).some((line) => line.trim().startsWith('::') || line.includes('##['));

describe('a cleaned text starts no workflow command', () => {
  it.each([
    ['at its start', '::error::x'],
    ['after white space', ' \t ::set-output name=a::b'],
    ['after a no-break space, which a runner trims', '\u00a0\u3000::error::x'],
    ['on a later line', 'first\n::error::x'],
    ['after blank lines', 'first\n\n\n  ::error::x'],
    ['after a bare carriage return', 'first\r::error::x'],
    ['after a line separator', 'first\u2028::error::x'],
    ['after a paragraph separator', 'first\u2029::error::x'],
    ['with more colons', ':::error::x'],
    ['with nothing but colons', '::::::'],
    ['behind an invisible character', '\u200b::error::x'],
    ['its colons parted by an invisible character', ':\u200b:error::x'],
    ['its colons parted by a control character', ':\u0000:error::x'],
    ['behind a byte order mark', '\ufeff::error::x'],
    ['behind an escape sequence', '\u001b[31m::error::x'],
    ['behind an escape alone', '\u001b::error::x'],
    ['of the old form', '##[error]x'],
    ['of the old form inside a line', 'a ##[group]b ##[endgroup]'],
    ['of the old form with more signs', '####[error]x'],
    ['of the old form, parted by a soft hyphen', '#\u00ad#[error]x'],
    ['of the old form, parted by a variation selector', '##\ufe0f[error]x'],
    ['of the old form, parted by a lone surrogate', '##\ud800[error]x'],
    ['of the old form, parted by a tag character', '#\u{e0041}#[error]x'],
  ])('%s', (_, text) => {
    const clean = sanitize(text, []);
    expect(startsCommand(clean), clean).toBe(false);
    expect(startsCommand(oneLine(clean)), oneLine(clean)).toBe(false);
  });

  it.each([
    ['::', 'error::x'],
    ['##', '[error]x'],
    ['#', '#[error]x'],
    [':', ':error::x'],
  ])('nor when its secret %s|%s is taken out', (before, after) => {
    const clean = sanitize(`${before}s3cret${after}`, ['s3cret']);
    expect(startsCommand(clean), clean).toBe(false);
    expect(clean).toContain('***');
  });

  it('says what it said otherwise', () => {
    expect(sanitize('a ::b:: c, see x::y # [z]', [])).toBe('a ::b:: c, see x::y # [z]');
  });
});

describe('cleanText', () => {
  it('drops control and invisible characters, and keeps letters of all languages', () => {
    const hidden = '\u0000\u0007\u001b\u007f\u0085\u00ad\u200b\u200d\u202e\u2066\u3164\ufe0f\ufeff';
    expect(sanitize(`a${hidden}b`, [])).toBe('ab');
    expect(sanitize('\ud800x\udfff\ue000\u{f0000}', [])).toBe('x');
    expect(sanitize('Grüße, 日本語, עברית, 😀', [])).toBe('Grüße, 日本語, עברית, 😀');
  });

  it('keeps line breaks of every kind as one kind, and no tabs', () => {
    expect(sanitize('a\r\nb\rc\u2028d\u2029e\nf', [])).toBe('a\nb\nc\nd\ne\nf');
    expect(sanitize('a\tb', [])).toBe('a b');
  });

  it('drops white space around the text', () => {
    expect(sanitize(' \n a \n ', [])).toBe('a');
  });

  it('cuts at its limit in characters, and shows that it did', () => {
    expect(sanitize('x'.repeat(LONGEST_TEXT), [])).toHaveLength(LONGEST_TEXT);
    expect(sanitize('x'.repeat(LONGEST_TEXT + 1), [])).toBe(`${'x'.repeat(LONGEST_TEXT - 1)}…`);
    expect(sanitize('abcdef', [], 4)).toBe('abc…');
    expect(sanitize('ab cdef', [], 4)).toBe('ab…');
  });

  it.each([
    ['line breaks', '\n'],
    ['blank lines', '\n '],
    ['spaces', ' '],
    ['colons', ':'],
    ['signs of a command', '#'],
  ])('sanitizes a whole response of nothing but %s in linear time', (_, filler) => {
    const started = process.cpuUsage();
    const clean = sanitize(`a${filler.repeat(100_000)}b`, []);
    // Some milliseconds, or many seconds if the time grew with the square of the length. CPU time,
    // because other processes on a busy machine do not add to it.
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(2_000);
    expect([...clean].length).toBeLessThanOrEqual(LONGEST_TEXT);
  });

  it('never cuts a character in two', () => {
    expect(sanitize('😀😀😀😀', [], 4)).toBe('😀😀😀😀');
    expect(sanitize('😀😀😀😀😀', [], 4)).toBe('😀😀😀…');
  });
});

describe('secrets', () => {
  const token = 'ocx_live_A/b+c=d"e\\f';
  const secrets = secretVariants(token);
  const hidden = (text: string, longest?: number) => sanitize(text, secrets, longest);

  it.each([
    ['as it is', token],
    ['in a URL', encodeURIComponent(token)],
    [
      'in a URL with small hexadecimal digits',
      encodeURIComponent(token).replace(/%../g, (hex) => hex.toLowerCase()),
    ],
    ['in base64', Buffer.from(token).toString('base64')],
    ['in base64 without padding', Buffer.from(token).toString('base64').replace(/=+$/, '')],
    ['in a JSON string', JSON.stringify(token).slice(1, -1)],
    [
      'in a JSON string whose slashes are escaped',
      JSON.stringify(token).slice(1, -1).replace('/', '\\/'),
    ],
    ['in a URL whose slashes stand', encodeURIComponent(token).replace('%2F', '/')],
    ['in capitals', token.toUpperCase()],
    ['in HTML', token.replace('"', '&quot;')],
    ['in hexadecimal digits', Buffer.from(token).toString('hex').toUpperCase()],
  ])('are hidden %s', (_, said) => {
    expect(hidden(`key ${said} is wrong`)).toBe('key *** is wrong');
  });

  it.each([
    ['zero-width spaces', '\u200b'],
    ['soft hyphens', '\u00ad'],
    ['control characters', '\u0000'],
    ['lone surrogates', '\ud800'],
  ])('are hidden when parted by %s', (_, parting) => {
    expect(hidden(`key ${[...token].join(parting)} is wrong`)).toBe('key *** is wrong');
  });

  it.each(['Bearer ', 'me:', 'a', 'ab', 'abc', ''])(
    'are hidden in base64 behind "%s"',
    (before) => {
      const said = Buffer.from(`${before}${token} and more`).toString('base64');
      expect(hidden(said)).toContain('***');
      expect(hidden(said.replaceAll('+', '-').replaceAll('/', '_'))).toContain('***');
      // Of the token's own bytes two are left at the most, at its ends.
      const left = hidden(said)
        .split('***')
        .map((part) => Buffer.from(part, 'base64').toString());
      for (const part of left) expect(part).not.toContain(token.slice(2, 6));
    },
  );

  it.each(['ocx?>~~1', 'ocx?>~~12', 'ocx?>~~123', 'ocx???>>>'])(
    'are hidden in every form of base64, and nothing of it is left: %s',
    (secret) => {
      const padded = Buffer.from(secret).toString('base64');
      expect(padded).toMatch(/[+/]/);
      const bare = padded.replaceAll('=', '');
      const ofUrls = bare.replaceAll('+', '-').replaceAll('/', '_');
      for (const said of [padded, bare, ofUrls]) {
        expect(sanitize(`(${said})`, secretVariants(secret))).toBe('(***)');
      }
    },
  );

  it('are hidden in HTML, every sign of it', () => {
    const secret = `a&b<c>d"e'f`;
    const said = 'a&amp;b&lt;c&gt;d&quot;e&#39;f';
    expect(sanitize(`(${said})`, secretVariants(secret))).toBe('(***)');
  });

  it('are looked for in few forms when they are short, the longest first', () => {
    expect(secretVariants('abc')).toEqual(['616263', 'YWJj', 'abc']);
  });

  it('are hidden wherever they stand', () => {
    expect(hidden(`${token}${token}, ${token}`)).toBe('******, ***');
  });

  it('leave no half where the text is cut', () => {
    for (let longest = 5; longest < 40; longest += 1) {
      const clean = hidden(`0123456789${token} and more and more and more`, longest);
      expect(clean).not.toContain(token.slice(0, 2));
    }
  });

  it('that are empty hide nothing', () => {
    expect(secretVariants('')).toEqual([]);
    expect(sanitize('abc', [''])).toBe('abc');
  });
});

describe('cleanJson', () => {
  it('cleans every string and key, and leaves what is no text', () => {
    const value = {
      '\u200bk::': ['::error::x', 1, true, null, { deep: 's3cret' }],
      s3cret: '##[x]',
    };
    expect(sanitizeJson(value, ['s3cret'])).toEqual({
      'k::': [': :error::x', 1, true, null, { deep: '***' }],
      '***': '## [x]',
    });
  });

  it('ends what is nested too deep', () => {
    const nested = (depth: number): unknown => (depth === 0 ? 'x' : { a: nested(depth - 1) });
    expect(JSON.stringify(sanitizeJson(nested(8), []))).toContain('"x"');
    expect(JSON.stringify(sanitizeJson(nested(50), []))).toContain('"…"');
    expect(JSON.stringify(sanitizeJson(nested(50), [])).length).toBeLessThan(100);
  });

  it('ends lists that are nested too deep', () => {
    const nested = (depth: number): unknown => (depth === 0 ? 'x' : [nested(depth - 1)]);
    expect(JSON.stringify(sanitizeJson(nested(50), []))).toMatch(/^\[{2,20}"…"\]{2,20}$/);
  });

  it('lets no key take the place of one that looks the same', () => {
    const hidden = '\u200bid';
    expect(sanitizeJson({ id: 1, [hidden]: 2 }, [])).toEqual({ id: 1 });
    expect(sanitizeJson({ [hidden]: 2, id: 1 }, [])).toEqual({ id: 1 });
    expect(sanitizeJson({ [hidden]: 2, id: 1, ' id': 3 }, [])).toEqual({ id: 1 });
  });

  it('cuts long keys', () => {
    const [key = ''] = Object.keys(sanitizeJson({ ['k'.repeat(500)]: 1 }, []) as object);
    expect(key).toHaveLength(100);
  });
});

describe('oneLine', () => {
  it('makes one space of any white space', () => {
    expect(oneLine(' a\n\n b \t c ')).toBe('a b c');
  });
});
