import { Marked } from 'marked';
import { describe, expect, it } from 'vitest';
import { asCode, asCodeBlock, asCodeCell, sanitize } from '../../src/untrusted-text.ts';

describe('in Markdown', () => {
  const lexer = (markdown: string) => new Marked({ gfm: true }).lexer(markdown);
  const hostile = [
    '`',
    '``',
    '```\n</code>',
    'a`b',
    '`a`',
    '|',
    'a | b',
    '\\|',
    '\\\\|',
    '\\',
    'a\\`b',
    '\\`|`\\',
    '[x](http://evil.example)',
    '![x](http://evil.example/p.png)',
    '@octocat',
    'http://evil.example',
    '<img src=x onerror=alert(1)>',
    '<!--',
    '-->',
    '&lt;b&gt;',
    '# Title',
    '> quote',
    '- item',
    '~~~\nx\n~~~',
    '*a*',
    '$x$',
    '#12',
    'line\n\n# Title',
    '| - |\n| - |',
    '<details>\n\n# x',
  ];

  it.each(hostile)('%j is nothing but code in a paragraph and in a table', (text) => {
    const [paragraph, ...rest] = lexer(`See ${asCode(sanitize(text, []))} here`);
    expect(rest).toEqual([]);
    expect(paragraph).toMatchObject({
      type: 'paragraph',
      tokens: [{ type: 'text' }, { type: 'codespan' }, { type: 'text' }],
    });
    const [table, ...more] = lexer(
      `| a | b |\n| - | - |\n| ${asCodeCell(sanitize(text, []))} | z |\n`,
    );
    expect(more).toEqual([]);
    expect(table).toMatchObject({
      type: 'table',
      rows: [[{ tokens: [{ type: 'codespan' }] }, { tokens: [{ type: 'text', raw: 'z' }] }]],
    });
  });

  it.each(hostile)('%j is one code block', (text) => {
    const clean = sanitize(text, []);
    const tokens = lexer(`before\n\n${asCodeBlock(clean)}\n\nafter`).filter(
      ({ type }) => type !== 'space',
    );
    expect(tokens).toMatchObject([
      { type: 'paragraph' },
      { type: 'code', text: clean },
      { type: 'paragraph' },
    ]);
  });

  it('shows plain text as it is, and nothing as a dash', () => {
    expect(asCode('timeout of 3 pages')).toBe('`timeout of 3 pages`');
    expect(asCode(' two\nlines ')).toBe('`two lines`');
    expect(asCode(' \n ')).toBe('—');
    expect(asCodeBlock('a\nb')).toBe('```text\na\nb\n```');
  });
});
