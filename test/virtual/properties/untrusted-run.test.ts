import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderComment } from '../../../src/github/comment.ts';
import { sanitize } from '../../../src/untrusted-text.ts';
import {
  datasource,
  datasourceResponse,
  jobResponse,
  judged,
} from '../../support/crawl-builders.ts';
import { crawlReport, runReport } from '../../support/run-results.ts';
import { untrustedMarkup } from '../../support/untrusted-markup.ts';
import { tell } from '../../support/virtual-world.ts';

/** Text made of all that GitHub could read as more than text, or a runner as a command. */
const hostile = fc
  .array(
    fc.constantFrom(
      ...['@octocat', ' @octocat ', 'https://evil.example', 'www.evil.example', ' #12 '],
      ...[
        '<img src=x>',
        '<b>',
        '</details>',
        '</summary>',
        '<!--',
        '-->',
        '<https://evil.example>',
      ],
      ...['[a](https://evil.example)', '![a](//evil.example)', '[a]: https://evil.example', '&lt;'],
      ...[
        '`',
        '``',
        '```',
        '````',
        '~~~',
        '|',
        '\\|',
        '\\',
        '*',
        '_',
        '$',
        '# ',
        '> ',
        '- ',
        '    ',
      ],
      ...[
        '\n',
        '\n\n',
        '\r',
        '\r\n',
        '\u2028',
        '\t',
        '\u200b',
        '\u202e',
        '\ud800',
        '\u00a0',
        '\u001b',
      ],
      ...['::error::x', '::', '##[error]x', '##', '[', ':', 'key', 'text', '😀', ' '],
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(''));

const job = fc.record({
  status: fc.oneof(hostile, fc.constantFrom('completed', 'failed', 'cancelled')),
  error_message: fc.option(hostile, { nil: null }),
  extra: hostile,
});
const site = fc.record({
  url: hostile,
  display_name: fc.option(hostile, { nil: null }),
  error_message: fc.option(hostile, { nil: null }),
});

/** What a runner reads as a command: it trims a line first, and looks for `##[` anywhere. */
const commandsIn = (text: string) =>
  text.split(/\r\n|[\r\n]/).filter((line) => line.trim().startsWith('::') || line.includes('##['));

describe('a run against an API that says anything', () => {
  it('writes no command, no markup, no link and no mention of theirs', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ job, site, refusal: fc.option(hostile, { nil: undefined }) }), {
          minLength: 1,
          maxLength: 7,
        }),
        hostile,
        async (crawls, odd) => {
          const told = await tell({
            scenarios: crawls.map(() => 'steady'),
            inputs: { require: 'error_pages <= 10\nage < 1h', timeout: '1s' },
            wrong: ({ path, kind }) => {
              const [, , id = '', , jobId = ''] = path.split('/');
              const { job, site, refusal } = crawls[Number.parseInt(id.slice(-4), 16)] ?? {};
              if (kind === 'job' && refusal !== undefined) {
                return { status: 422, body: JSON.stringify({ message: [refusal, odd] }) };
              }
              const response =
                kind === 'job'
                  ? jobResponse({ id: jobId, datasource_id: id, [odd]: odd, ...job })
                  : datasourceResponse({ id, [odd]: odd, ...site });
              return { status: 200, body: JSON.stringify(response) };
            },
          });
          expect(untrustedMarkup(told.summary)).toEqual([]);
          expect(told.outputs['outcome']).not.toBe('internal-error');
          const { log, annotations, outputs } = told;
          const shown = annotations.flatMap(({ title, message }) => [title, message]);
          for (const text of [...log, ...shown, told.summary, ...Object.values(outputs)]) {
            expect(commandsIn(text)).toEqual([]);
          }
          for (const line of log) expect(line).not.toMatch(/[\r\n]/);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a comment about such a run', () => {
  it('has no markup, no link and no mention of theirs', () => {
    const mark = '<!-- mark -->';
    const runUrl = 'https://platform.open.cx';
    fc.assert(
      fc.property(fc.array(site, { maxLength: 4 }), hostile, (sites, text) => {
        const clean = sanitize(text, []);
        const crawls = sites.map(({ url, display_name }) =>
          crawlReport({
            verdict: { outcome: 'failed', reason: 'The crawl failed', quote: clean },
            rules: [judged('age < 1h', false, { actual: clean })],
            datasource: datasource({
              url: sanitize(url, []),
              display_name: sanitize(display_name ?? '', []),
            }),
          }),
        );
        const report = runReport(crawls, { message: clean });
        const comment = renderComment(report, { mark, runUrl, sha: '' });
        expect(comment.startsWith(mark)).toBe(true);
        expect(untrustedMarkup(comment.replace(mark, ''))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
