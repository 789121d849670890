import { describe, expect, it } from 'vitest';
import { commentMark, MAX_COMMENT_LENGTH, renderComment } from '../../../src/github/comment.ts';
import { outcomeFix, outcomeTitle } from '../../../src/outcomes.ts';
import type { RunResult } from '../../../src/result.ts';
import {
  DATASOURCE_ID,
  datasource,
  facts,
  judged,
  OTHER_ID,
} from '../../support/crawl-builders.ts';
import { crawlReport, runReport } from '../../support/run-results.ts';

const runUrl = 'https://github.com/octo/help/actions/runs/42';
const render = (report: RunResult, sha = '') =>
  renderComment(report, { mark: '<!-- mark -->', runUrl, sha });
const named = datasource({ display_name: 'Help', url: 'https://help.example.com' });

describe('the whole comment', () => {
  it('about several crawls', () => {
    const crawls = [
      crawlReport(),
      crawlReport({
        datasource: named,
        verdict: { outcome: 'rejected', reason: 'The crawl finished, but a rule was not met' },
        rules: [
          judged('removed_pages <= 5%', false),
          judged('total_pages > 1', true, { actual: '8' }),
          judged('new_pages == 0', false, { actual: '6', level: 'warn' }),
        ],
      }),
      crawlReport({
        datasourceId: OTHER_ID,
        facts: undefined,
        verdict: {
          outcome: 'not-found',
          reason: 'There is no such datasource',
          quote: 'gone\nfor good',
        },
      }),
    ];
    const report = runReport(crawls, { tolerated: new Set(['not-found']) });
    expect(render(report, '0123456789abcdef')).toBe(`<!-- mark -->
### ❌ 1 of 3 crawls did not pass

**\`Help\`**: The crawl finished, but a rule was not met.

**\`${OTHER_ID}\`**: There is no such datasource.

OpenCX reported:

\`\`\`text
gone
for good
\`\`\`

| Crawl | Outcome | Pages | New | Updated | Removed |
| :-- | :-- | --: | --: | --: | --: |
| \`${DATASOURCE_ID}\` | ✅\u00A0\`succeeded\` | 800\u00A0of\u00A0800 | 6 | 12 | 4 |
| \`Help\` | ❌\u00A0\`rejected\` | 800\u00A0of\u00A0800 | 6 | 12 | 4 |
| \`${OTHER_ID}\` | ⚠️\u00A0\`not-found\` | — | — | — | — |

| Crawl | Rule not met | Level | Actual |
| :-- | :-- | :-- | :-- |
| \`Help\` | \`removed_pages <= 5%\` | required | \`11.8% (94 of 796)\` |
| \`Help\` | \`new_pages == 0\` | warning | \`6\` |

${outcomeFix('rejected')}

[View the full report](${runUrl}) for commit 0123456789ab`);
  });

  it('about one crawl does not name it twice', () => {
    const crawl = crawlReport({
      datasource: named,
      verdict: { outcome: 'rejected', reason: 'A rule was not met' },
      rules: [judged('removed_pages <= 5%', false)],
    });
    expect(
      render(runReport([crawl]))
        .split('\n')
        .slice(2, 12),
    ).toEqual([
      '',
      'A rule was not met.',
      '',
      '| Crawl | Outcome | Pages | New | Updated | Removed |',
      '| :-- | :-- | --: | --: | --: | --: |',
      '| `Help` | ❌\u00A0`rejected` | 800\u00A0of\u00A0800 | 6 | 12 | 4 |',
      '',
      '| Rule not met | Level | Actual |',
      '| :-- | :-- | :-- |',
      '| `removed_pages <= 5%` | required | `11.8% (94 of 796)` |',
    ]);
  });

  it('about invalid inputs', () => {
    const report = runReport([], { outcome: 'invalid-input', problems: ['timeout is wrong.'] });
    expect(render(report)).toBe(
      [
        `<!-- mark -->\n### ❌ ${outcomeTitle('invalid-input')}`,
        '- `timeout is wrong.`',
        outcomeFix('invalid-input'),
        `[View the full report](${runUrl})`,
      ].join('\n\n'),
    );
  });
});

describe('the mark', () => {
  it('names each datasource once', () => {
    expect(commentMark(['B', 'a', 'b'])).toBe('<!-- opencx-crawl-gate: a b -->');
  });
});

describe('what there is too much of', () => {
  it.each([
    [10, false],
    [11, true],
  ])('%i reasons: ten are given', (count, cut) => {
    const crawls = Array.from({ length: count }, (_, n) =>
      crawlReport({ verdict: { outcome: 'failed', reason: `Reason ${n}` } }),
    );
    const comment = render(runReport(crawls));
    expect(comment.match(/Reason \d+\./g)).toHaveLength(10);
    expect(comment.includes('… and 1 more (see the table)')).toBe(cut);
    expect(comment.includes('… and')).toBe(cut);
  });

  it.each([
    [20, false],
    [21, true],
  ])('%i rules: twenty are shown', (count, cut) => {
    const rules = Array.from({ length: count }, (_, n) => judged(`new_pages > ${n}`, false));
    const comment = render(runReport([crawlReport({ rules })]));
    expect(comment.match(/`new_pages > \d+`/g)).toHaveLength(20);
    expect(comment.includes('\n\n… and 1 more rules that were not met.')).toBe(cut);
    expect(comment.includes('… and')).toBe(cut);
  });

  it('long texts are cut', () => {
    const crawl = crawlReport({
      verdict: { outcome: 'failed', reason: 'It', quote: 'x'.repeat(1_900) },
      rules: [judged('age < 1h', false, { actual: 'y'.repeat(900) })],
      facts: facts(),
    });
    const comment = render(runReport([crawl]));
    expect(comment).toContain(`\n${'x'.repeat(999)}…\n`);
    expect(comment).toContain(`| \`${'y'.repeat(199)}…\` |`);
  });

  it('a comment of the maximum length stays whole, a longer one keeps its head and foot', () => {
    const ofReason = (reason: string) =>
      render(runReport([crawlReport({ verdict: { outcome: 'failed', reason } })]));
    const rest = ofReason('').length;
    expect(ofReason('x'.repeat(MAX_COMMENT_LENGTH - rest))).toHaveLength(MAX_COMMENT_LENGTH);
    expect(ofReason('x'.repeat(MAX_COMMENT_LENGTH - rest + 1))).toBe(
      `<!-- mark -->\n### ❌ The crawl failed\n\n[View the full report](${runUrl})`,
    );
  });
});
