import { expect, test } from 'vitest';
import {
  commentMark,
  MAX_COMMENT_LENGTH,
  renderComment,
  runOfComment,
} from '../../../src/github/comment.ts';
import { outcomeFix, outcomeTitle } from '../../../src/outcomes.ts';
import type { CrawlResult, RunResult } from '../../../src/result.ts';
import { DATASOURCE_ID, facts, judged, OTHER_ID, ruleOf } from '../../support/crawl-builders.ts';
import { crawlReport, runReport } from '../../support/run-results.ts';

const mark = commentMark([DATASOURCE_ID]);
const runUrl = 'https://github.com/octo/help/actions/runs/42';
const render = (report: RunResult) => renderComment(report, { mark, runUrl, sha: 'a'.repeat(40) });

test('the mark names the set of datasources, however it is written', () => {
  expect(commentMark([OTHER_ID, DATASOURCE_ID])).toBe(
    commentMark([DATASOURCE_ID.toUpperCase(), OTHER_ID, DATASOURCE_ID]),
  );
  expect(commentMark([DATASOURCE_ID])).not.toBe(commentMark([OTHER_ID]));
  expect(commentMark([DATASOURCE_ID, OTHER_ID]).startsWith(commentMark([DATASOURCE_ID]))).toBe(
    false,
  );
});

test('a crawl that succeeded', () => {
  expect(render(runReport())).toBe(
    [
      `<!-- opencx-crawl-gate: ${DATASOURCE_ID} -->`,
      '### ✅ The crawl succeeded in 20m: 800 pages, 22 changed',
      '',
      '| Crawl | Outcome | Pages | New | Updated | Removed |',
      '| :-- | :-- | --: | --: | --: | --: |',
      `| \`${DATASOURCE_ID}\` | ✅\u00A0\`succeeded\` | 800\u00A0of\u00A0800 | 6 | 12 | 4 |`,
      '',
      `[View the full report](${runUrl}) for commit aaaaaaaaaaaa`,
    ].join('\n'),
  );
});

test('a rule that is not met, and the fix', () => {
  const report = runReport([
    crawlReport({
      verdict: { outcome: 'rejected', reason: 'The crawl finished, but a rule was not met' },
      rules: [judged('removed_pages <= 5%', false)],
    }),
  ]);
  const comment = render(report);
  expect(comment).toContain(`### ❌ ${outcomeTitle('rejected')}`);
  expect(comment).toContain('| `removed_pages <= 5%` | required | `11.8% (94 of 796)` |');
  expect(comment).toContain(outcomeFix('rejected'));
});

test('several crawls: a row for each, and why those that are red are so', () => {
  const datasource = { url: 'https://help.example.com', display_name: 'Help | center' };
  const comment = render(
    runReport([
      crawlReport(),
      crawlReport({
        datasourceId: OTHER_ID,
        datasource: datasource as NonNullable<ReturnType<typeof crawlReport>['datasource']>,
        verdict: { outcome: 'failed', reason: 'The crawl failed', quote: 'out of memory' },
        facts: facts({ total_pages: null, completed_pages: 1_234, new_pages: null }),
      }),
    ]),
  );
  expect(comment).toContain('### ❌ 1 of 2 crawls did not pass');
  expect(comment).toContain(
    '**`Help | center`**: The crawl failed.\n\nOpenCX reported:\n\n```text\nout of memory\n```',
  );
  expect(comment).toContain('| `Help \\| center` | ❌\u00A0`failed` | 1,234 | — | 12 | 4 |');
});

test('a tolerated outcome has no cross', () => {
  const failed = crawlReport({ verdict: { outcome: 'failed', reason: 'The crawl failed' } });
  const comment = render(runReport([failed], { tolerated: new Set(['failed']) }));
  expect(comment).toContain('### ⚠️ The crawl failed (tolerated)');
  expect(comment).not.toContain('❌');
});

test('a run without crawls still has its reason, and what others said alone', () => {
  const outcome = 'internal-error';
  const verdict = { outcome, reason: 'The action failed', quote: '<b>@someone</b>' } as const;
  expect(render(runReport([], { outcome, verdict }))).toContain(
    'The action failed.\n\nThe error message:\n\n```text\n<b>@someone</b>\n```',
  );
});

test('what OpenCX says adds no markup', () => {
  const evil = '```\n# head <!-- --> @someone [a](https://evil.example) ![b](c) <img src=x>\n```';
  const datasource = { url: evil, display_name: evil };
  const comment = render(
    runReport([
      crawlReport({
        verdict: { outcome: 'failed', reason: 'The crawl failed', quote: evil },
        datasource: datasource as NonNullable<ReturnType<typeof crawlReport>['datasource']>,
      }),
    ]),
  );
  const outsideOfCode = comment
    .replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '')
    .replace(/`[^`\n]*`/g, '')
    .replace(mark, '');
  expect(comment).toContain('````text');
  expect(outsideOfCode).not.toMatch(/evil|someone|<|!\[|# head/);
});

test('a hundred crawls with long texts stay within the limit of GitHub', () => {
  const long = '`|\\ 🐛'.repeat(1_000);
  const rule = ruleOf('removed_pages <= 5%');
  const crawl = crawlReport({
    verdict: { outcome: 'failed', reason: 'The crawl failed', quote: long },
    datasource: { url: long } as NonNullable<ReturnType<typeof crawlReport>['datasource']>,
    rules: Array.from({ length: 30 }, () => ({
      rule: { ...rule, text: long },
      met: false,
      actual: long,
    })),
  });
  const comment = render(runReport(Array.from({ length: 100 }, () => crawl)));
  expect(comment.length).toBeLessThanOrEqual(MAX_COMMENT_LENGTH);
  expect(comment.startsWith(mark)).toBe(true);
  expect(comment).toContain('… and 90 more (see the table)');
  expect(comment).toContain('… and 2,980 more rules that were not met.');
});

test('even an endless sentence leaves a comment within the limit of GitHub', () => {
  const verdict = { outcome: 'failed', reason: 'x'.repeat(70_000) } as const;
  const comment = render(runReport([crawlReport({ verdict })]));
  expect(comment).toContain(outcomeTitle('failed'));
  expect(comment).toContain(runUrl);
  expect(comment.length).toBeLessThanOrEqual(MAX_COMMENT_LENGTH);
});

test('the run is read from what was written, and old comments have none', () => {
  const run = { id: 12_345_678_901, attempt: 2 };
  const comment = renderComment(runReport(), { mark, run, runUrl, sha: '' });
  expect(comment.startsWith(mark)).toBe(true);
  expect(runOfComment(comment)).toEqual(run);
  expect(runOfComment(`${mark}\n### ✅ The crawl succeeded`)).toBeUndefined();
});

test('crawls with the same name are told apart by their ids', () => {
  const datasource = { display_name: 'Help' } as NonNullable<CrawlResult['datasource']>;
  const bad = { outcome: 'failed', reason: 'The crawl failed' } as const;
  const [first, second] = ['00000000-1', '00000000-2'];
  const comment = render(
    runReport([
      crawlReport({ datasource, verdict: bad }),
      crawlReport({ datasource, datasourceId: OTHER_ID, jobId: first, verdict: bad }),
      crawlReport({ datasource, datasourceId: OTHER_ID, jobId: second, verdict: bad }),
    ]),
  );
  for (const id of [DATASOURCE_ID, first, second]) {
    expect(comment).toContain(`**\`Help (${id})\`**: The crawl failed.`);
    expect(comment).toContain(`| \`Help (${id})\` |`);
  }
});

test('a crawl that was never seen has no table of dashes', () => {
  const verdict = { outcome: 'not-found', reason: 'There is no such datasource' } as const;
  const comment = render(runReport([crawlReport({ verdict, facts: undefined })]));
  expect(comment).not.toContain('|');
});
