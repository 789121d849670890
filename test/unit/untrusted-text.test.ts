import { describe, expect, it } from 'vitest';
import { MAX_TEXT_CHARACTERS, oneLine, sanitize, sanitizeJson } from '../../src/untrusted-text.ts';

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

describe('sanitize', () => {
  it('drops control and invisible characters, and keeps letters of all languages', () => {
    const hidden = '\u0000\u0007\u007f\u0085\u00ad\u200b\u200d\u202e\u2066\u3164\ufe0f\ufeff';
    expect(sanitize(`a${hidden}b`, [])).toBe('ab');
    expect(sanitize('\ud800x\udfff\ue000\u{f0000}', [])).toBe('x');
    expect(sanitize('Grüße, 日本語, עברית, 😀', [])).toBe('Grüße, 日本語, עברית, 😀');
  });

  it.each([
    ['a color', 'a\u001b[31mb\u001b[0mc'],
    ['a color with many parameters', 'a\u001b[38;2;1;2;3mb\u001b[mc'],
    ['8-bit forms', 'a\u009b31mb\u009b0mc'],
    ['a private mode', 'a\u001b[?25lb\u001b[?25hc'],
    ['an intermediate character', 'a\u001b[4 qb\u001b[!pc'],
    ['a title that ends with BEL', 'a\u001b]0;title\u0007bc'],
    ['a title that ends with ST', 'a\u001b]0;title\u001b\\bc'],
    ['a title in 8-bit forms', 'a\u009d0;title\u009cbc'],
    ['a link', 'a\u001b]8;;https://evil.example\u001b\\b\u001b]8;;\u001b\\c'],
    ['a device string', 'a\u001bPq#0;2;0\u001b\\bc'],
    ['a private message', 'a\u001b^text\u001b\\b\u001b_text\u001b\\c'],
    ['a device string in 8-bit forms', 'a\u0090q\u009cb\u009ftext\u009cc'],
    ['a short sequence', 'a\u001bcb\u001b(Bc'],
    ['a saved cursor', 'a\u001b7b\u001b8c'],
    ['a control character inside', 'a\u001b\u0000[3\u00001mbc'],
    ['an invisible character inside', 'a\u001b\u200b[31mb\u001b[\u00ad0mc'],
  ])('drops whole terminal sequences: %s', (_, text) => {
    expect(sanitize(text, [])).toBe('abc');
  });

  it('drops of a sequence that never ends no more than its line', () => {
    expect(sanitize('a\u001b]0;title\nb', [])).toBe('a\nb');
    expect(sanitize('a\u001b[31', [])).toBe('a');
    expect(sanitize('a\u001b', [])).toBe('a');
    expect(sanitize('a\u001b[31\nb', [])).toBe('a\nb');
  });

  it('keeps line breaks of every kind as one kind, and no tabs', () => {
    expect(sanitize('a\r\nb\rc\u2028d\u2029e\nf', [])).toBe('a\nb\nc\nd\ne\nf');
    expect(sanitize('a\tb', [])).toBe('a b');
  });

  it('drops white space around the text', () => {
    expect(sanitize(' \n a \n ', [])).toBe('a');
  });

  it('cuts at its limit in characters, and shows that it did', () => {
    expect(sanitize('x'.repeat(MAX_TEXT_CHARACTERS), [])).toHaveLength(MAX_TEXT_CHARACTERS);
    expect(sanitize('x'.repeat(MAX_TEXT_CHARACTERS + 1), [])).toBe(
      `${'x'.repeat(MAX_TEXT_CHARACTERS - 1)}…`,
    );
    expect(sanitize('abcdef', [], 4)).toBe('abc…');
    expect(sanitize('ab cdef', [], 4)).toBe('ab…');
  });

  it.each([
    '\n',
    '\n ',
    ' ',
    ':',
    '#',
    '%',
    '&',
    '&#',
    '&amp;',
    '\\',
    '\\u',
    '%25',
    '\u001b]',
    'ab',
  ])('reads no more of a long text of %j than it might show', (filler) => {
    const secrets = ['abababab'];
    const text = `a${filler.repeat(400_000)}b`;
    const clean = sanitize(text, secrets);
    expect([...clean].length).toBeLessThanOrEqual(MAX_TEXT_CHARACTERS);
    expect(clean).toBe(sanitize(text.slice(0, 50_000), secrets));
  });

  it('shows that a text goes on, even when nothing is left of the part that was read', () => {
    expect(sanitize(`${'\u200b'.repeat(100_000)}later`, [])).toBe('…');
    expect(sanitize(`${' '.repeat(100_000)}later`, [])).toBe('later');
  });

  it('never cuts a character in two', () => {
    expect(sanitize('😀😀😀😀', [], 4)).toBe('😀😀😀😀');
    expect(sanitize('😀😀😀😀😀', [], 4)).toBe('😀😀😀…');
  });
});

describe('secrets', () => {
  const token = 'ocx_live_A/b+c=d"e\\f';
  const secrets = [token];
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
        expect(sanitize(`(${said})`, [secret])).toBe('(***)');
      }
    },
  );

  /** Every way to write one character that an encoder, or a person, might choose. */
  const spellings: Readonly<Record<string, (character: string) => string>> = {
    'as it is': (character) => character,
    'in a URL': (character) => `%${hexOf(character)}`,
    'in a URL with capital digits': (character) => `%${hexOf(character).toUpperCase()}`,
    'in a URL, encoded twice': (character) => `%25${hexOf(character)}`,
    'as a decimal entity': (character) => `&#${character.codePointAt(0)};`,
    'as a decimal entity with zeros': (character) => `&#000${character.codePointAt(0)};`,
    'as a decimal entity without its end': (character) => `&#0${character.codePointAt(0)}`,
    'as a hexadecimal entity': (character) => `&#x${hexOf(character)};`,
    'as a hexadecimal entity with zeros': (character) => `&#X00${hexOf(character).toUpperCase()};`,
    'as an entity, encoded twice': (character) => `&amp;#${character.codePointAt(0)};`,
    'as an escape of JSON': (character) => `\\u00${hexOf(character)}`,
    'as an escape of JSON, encoded twice': (character) => `\\\\u00${hexOf(character)}`,
    'as an escape of a script': (character) => `\\x${hexOf(character)}`,
    'as an entity in a URL': (character) => `%26%23${character.codePointAt(0)}%3B`,
  };
  const hexOf = (character: string) =>
    (character.codePointAt(0) ?? 0).toString(16).padStart(2, '0');

  it.each(Object.entries(spellings))('are hidden when each character is %s', (_, spell) => {
    expect(hidden(`key ${[...token].map(spell).join('')} is wrong`)).toBe('key *** is wrong');
  });

  it.each(Object.entries(spellings))('are hidden when every third character is %s', (_, spell) => {
    for (const first of [0, 1, 2]) {
      // A backslash that stands as it is would escape what follows.
      const said = [...token].map((character, index) =>
        index % 3 === first || /["\\]/.test(character) ? spell(character) : character,
      );
      expect(hidden(`key ${said.join('')} is wrong`)).toBe('key *** is wrong');
    }
  });

  it.each([
    ['&', '&amp;', '&AMP'],
    ['<', '&lt;', '&lt'],
    ['>', '&gt;', '&gt'],
    ['"', '&quot;', '&quot'],
    ["'", '&apos;', '&#39;'],
    ['/', '&sol;', '&#x2F;'],
    ['=', '&equals;', '&#61;'],
    ['+', '&plus;', '&#43;'],
    ['_', '&lowbar;', '&UnderBar;'],
    [':', '&colon;', '&#58;'],
    ['@', '&commat;', '&#64;'],
    ['%', '&percnt;', '%25'],
    ['\\', '&bsol;', '\\\\'],
    ['é', '&#233;', '%C3%A9'],
    ['😀', '&#128512;', '\\ud83d\\ude00'],
  ])('are hidden with %s written as %s or %s', (sign, one, other) => {
    const secret = `abcd${sign}efgh`;
    for (const spelled of [sign, one, other]) {
      expect(sanitize(`(abcd${spelled}efgh)`, [secret])).toBe('(***)');
    }
  });

  it('are hidden when they look as if they were encoded', () => {
    const secret = 'abc%41def&amp;ghi\\u0042';
    for (const said of [secret, encodeURIComponent(secret), 'abc%41%64ef&amp;ghi\\u0042']) {
      expect(sanitize(`(${said})`, [secret])).toBe('(***)');
    }
  });

  it('are hidden where what is before or after them looks like an escape with them', () => {
    expect(sanitize('%41bcdefgh', ['41bcdefgh'])).toBe('%***');
    expect(sanitize('\\u0041bcdefgh', ['u0041bcdefgh'])).toBe('\\***');
    expect(sanitize('abcdefg%41', ['abcdefg%'])).toBe('***41');
    expect(sanitize('abcdefg&#41;', ['abcdefg&'])).toBe('***#41;');
  });

  it('are all hidden, the user and the password of a proxy too', () => {
    const proxy = ['key-1234567', 'proxy-user', 'p@ss:w0rd', 'proxy-user:p@ss:w0rd'];
    const basic = Buffer.from('proxy-user:p@ss:w0rd').toString('base64');
    const said = `http://proxy-user:p%40ss%3aw0rd@host Basic ${basic} key%2D1234567`;
    expect(sanitize(said, proxy)).toBe('http://***@host Basic *** ***');
  });

  it('are hidden where an encoder wrapped them', () => {
    const secret = 'ocx_live_ABC-12/3+x=';
    const wrapped = Buffer.from(`${'x'.repeat(70)}${secret}`)
      .toString('base64')
      .replace(/.{76}/g, '$&\r\n');
    const said = sanitize(`The header was\r\n${wrapped}\r\nand it is wrong`, [secret]);
    expect(said).toMatch(/^The header was\nx?[\w\n]+\*\*\*\nand it is wrong$/);
    expect(sanitize('key ocx_live_\n  ABC-12/3+x=\nrefused', [secret])).toBe('key ***\nrefused');
    expect(sanitize('key ocx_live_ABC-12/3+x=\nrefused', [secret])).toBe('key ***\nrefused');
  });

  it.each([
    '&shy;',
    '&zwnj;',
    '&ZeroWidthSpace;',
    '&NewLine;',
    '%0A',
    '&#10;',
    '\\\\n',
    '<wbr>',
    '<wbr />',
  ])('are hidden when %j parts them', (gap) => {
    expect(sanitize(`a ocx_live${gap}_ABC-12 z`, ['ocx_live_ABC-12'])).toBe('a *** z');
  });

  it('are hidden with a plus for a space, as in a form', () => {
    expect(sanitize('pw=it%27s+me%21', ["it's me!"])).toBe('pw=***');
  });

  it('leave the rest of the text as it was written', () => {
    expect(hidden('50%25 of &lt;b&gt; \\u0041 &nothing; %zz &#99999999; %c3%28')).toBe(
      '50%25 of &lt;b&gt; \\u0041 &nothing; %zz &#99999999; %c3%28',
    );
    expect(hidden(`%3Cb%3E${encodeURIComponent(token)}%3C%2Fb%3E`)).toBe('%3Cb%3E***%3C%2Fb%3E');
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
    expect(sanitize('abc', [''])).toBe('abc');
  });
});

describe('sanitizeJson', () => {
  it('leaves IDs and times whole, although a short secret is a part of them', () => {
    const [id, time] = ['11111111-2222-4333-8444-555555555555', '2026-11-23T10:00:00Z'];
    expect(sanitizeJson({ id, time }, ['1111', '2026', '11-2'])).toEqual({ id, time });
    expect(sanitizeJson({ id, text: `in ${time}` }, [id, '2026'])).toEqual({
      id: '***',
      text: 'in ***-11-23T10:00:00Z',
    });
  });

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

  it('keeps the first fields of many, and the first items', () => {
    const fields = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`field_${n}`, n]));
    expect(Object.keys(sanitizeJson(fields, []) as object)).toEqual(
      Object.keys(fields).slice(0, 100),
    );
    expect(sanitizeJson(Object.values(fields), [])).toEqual(Object.values(fields).slice(0, 100));
  });

  it('keeps no more of a response than `result` has room for, whatever its shape', () => {
    const texts = Array.from({ length: 100 }, () => 'x'.repeat(2_000));
    const lists = Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => [1, 2]));
    const keys = Array.from({ length: 100 }, () =>
      Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`${n}`.padStart(99, 'k'), null])),
    );
    for (const value of [texts, lists, keys]) {
      const kept = JSON.stringify(sanitizeJson({ status: 'completed', value }, []));
      expect(kept).toContain('"status":"completed"');
      expect(kept.length).toBeLessThan(70_000);
      expect(kept.length).toBeGreaterThan(10_000);
    }
  });

  it('keeps what is known, however much is not', () => {
    const known = new Set(['status', 'inner', 'total', 'completed']);
    const numbers = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [n, 'x']));
    const long = Array.from({ length: 100 }, () => 'x'.repeat(2_000));
    const value = { ...numbers, inner: { long, total: 3 }, status: 'Completed' };
    expect(sanitizeJson(value, [], known)).toMatchObject({
      status: 'Completed',
      inner: { total: 3 },
    });
    expect(sanitizeJson(value, ['complete', 'stat', 'inner'], known)).toMatchObject({
      status: 'Completed',
      inner: { total: 3 },
    });
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
