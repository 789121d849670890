import { describe, expect, it } from 'vitest';
import { outcomeFix } from '../../../src/outcomes.ts';
import { changesChart, progressChart } from '../../../src/report/charts.ts';
import { renderSummary } from '../../../src/report/summary.ts';
import { datasource, judged, samplesOf } from '../../support/report-builders.ts';
import {
  crawlReport,
  DATASOURCE,
  facts,
  OTHER_DATASOURCE,
  runReport,
} from '../../support/run-results.ts';

const JOB = '5d2f0c1a-7f7b-4a51-8f6c-0a4b1c2d3e4f';
const failed = crawlReport({
  verdict: { outcome: 'failed', reason: 'The crawl failed', quote: 'out of\nmemory' },
  found: true,
  datasource: datasource({ display_name: 'Help | centre', url: 'https://help.example.com' }),
  facts: facts({ completed_at: null, total_pages: null, completed_pages: 312 }),
  rules: [
    judged('total_pages > 1', true, { actual: '8' }),
    judged('age < 1h', false, { actual: 'unknown: it has not completed' }),
    judged('new_pages == 0', false, { actual: '6', level: 'warn' }),
  ],
  samples: samplesOf(30),
});

describe('the whole page', () => {
  it('about one crawl', () => {
    const report = runReport([failed], { waitedMs: 93_200, requests: 14 });
    expect(renderSummary(report)).toBe(`## ❌ The crawl failed

\`\`\`text
out of
memory
\`\`\`

${outcomeFix('failed')}

| Pages crawled | New | Updated | Removed | Unchanged |
| --: | --: | --: | --: | --: |
| **312** | 6 | 12 | 4 | 778 |

### Rules

|  | Rule | Found | Level |
| :-- | :-- | :-- | :-- |
| ❌ | \`age < 1h\` | \`unknown: it has not completed\` | required |
| ⚠️ | \`new_pages == 0\` | \`6\` | warns |
| ✅ | \`total_pages > 1\` | \`8\` | required |

### What changed

${changesChart(facts())}

_Lengths follow the square root of the numbers, so that small changes show._

### Pages over time

${progressChart(samplesOf(30))}

| Began | Queued | Crawled | This step waited | Requests |
| :-- | :-- | :-- | :-- | :-- |
| 2026-11-23 10:00:05 UTC | 5s | — | 1m33s | 14 |

- Site: \`Help | centre\` \`https://help.example.com\`
- Datasource: \`${DATASOURCE}\`
- Crawl job: \`${JOB}\`, found as the active crawl

[OpenCX dashboard](https://platform.open.cx)
`);
  });

  it('about a crawl that was never seen', () => {
    const verdict = { outcome: 'not-found', reason: 'There is no such datasource' } as const;
    const crawl = crawlReport({ verdict, jobId: undefined, facts: undefined });
    const report = runReport([crawl], { waitedMs: 400, requests: 1 });
    expect(renderSummary(report).split('\n').slice(2, -3)).toEqual([
      '**There is no such datasource.**',
      '',
      outcomeFix('not-found'),
      '',
      '| Began | Queued | Crawled | This step waited | Requests |',
      '| :-- | :-- | :-- | :-- | :-- |',
      '| — | — | — | 400ms | 1 |',
      '',
      `- Datasource: \`${DATASOURCE}\``,
      '- Crawl job: none was found',
    ]);
  });

  it('about the last finished crawl, which only its datasource knows', () => {
    const unknown = facts({
      status: undefined,
      total_pages: null,
      completed_pages: null,
      new_pages: null,
      updated_pages: null,
      removed_pages: null,
      unchanged_pages: null,
      created_at: null,
    });
    const crawl = crawlReport({
      jobId: undefined,
      facts: unknown,
      datasource: datasource({ display_name: null, url: 'https://help.example.com' }),
    });
    const page = renderSummary(runReport([crawl]));
    expect(page).not.toContain('Pages crawled');
    expect(page).not.toContain('###');
    expect(page.split('\n').slice(2, -3)).toEqual([
      '| Began | Queued | Crawled | This step waited | Requests |',
      '| :-- | :-- | :-- | :-- | :-- |',
      '| 2026-11-23 10:00:05 UTC | — | 3m | 3m | 12 |',
      '',
      '- Site: `https://help.example.com`',
      `- Datasource: \`${DATASOURCE}\``,
      '- Crawl job: the last finished crawl',
    ]);
  });

  it('about several crawls', () => {
    const crawls = [
      crawlReport({ samples: [] }),
      { ...failed, rules: [], samples: [], found: false },
      crawlReport({
        datasourceId: OTHER_DATASOURCE,
        jobId: undefined,
        facts: undefined,
        verdict: { outcome: 'not-found', reason: 'There is no such datasource' },
      }),
    ];
    const report = runReport(crawls, { tolerated: new Set(['not-found']) });
    const counters = (pages: string) => `| Pages crawled | New | Updated | Removed | Unchanged |
| --: | --: | --: | --: | --: |
| **${pages}** | 6 | 12 | 4 | 778 |

### What changed

${changesChart(facts())}

_Lengths follow the square root of the numbers, so that small changes show._`;
    expect(renderSummary(report)).toBe(`## ❌ 1 of 3 crawls did not pass

- \`${DATASOURCE}\`: \`The crawl failed: out of memory.\`
- \`${OTHER_DATASOURCE}\`: \`There is no such datasource.\`

What to do:

- \`failed\`: ${outcomeFix('failed')}
- \`not-found\`: ${outcomeFix('not-found')}

| Crawl | Outcome | Pages | Changed | Took |
| :-- | :-- | --: | --: | --: |
| \`Help \\| centre\`<br>\`${DATASOURCE}\` | ❌\u00A0\`failed\` | 312 | 22 | — |
| \`${OTHER_DATASOURCE}\` | ⚠️\u00A0\`not-found\` | — | — | — |
| \`${DATASOURCE}\` | ✅\u00A0\`succeeded\` | 800\u00A0of\u00A0800 | 22 | 3m |

This step waited 3m and sent 12 requests.

<details>
<summary>❌ ${DATASOURCE}</summary>

${counters('312')}

| Began | Queued | Crawled |
| :-- | :-- | :-- |
| 2026-11-23 10:00:05 UTC | 5s | — |

- Site: \`Help | centre\` \`https://help.example.com\`
- Datasource: \`${DATASOURCE}\`
- Crawl job: \`${JOB}\`

</details>

<details>
<summary>⚠️ ${OTHER_DATASOURCE}</summary>

| Began | Queued | Crawled |
| :-- | :-- | :-- |
| — | — | — |

- Datasource: \`${OTHER_DATASOURCE}\`
- Crawl job: none was found

</details>

<details>
<summary>✅ ${DATASOURCE}</summary>

${counters('800\u00A0of\u00A0800')}

| Began | Queued | Crawled |
| :-- | :-- | :-- |
| 2026-11-23 10:00:05 UTC | 5s | 3m |

- Datasource: \`${DATASOURCE}\`
- Crawl job: \`${JOB}\`

</details>

[OpenCX dashboard](https://platform.open.cx)
`);
  });
});

describe('the whole page without a crawl', () => {
  it('holds the message, the remedy and the link', () => {
    const report = runReport([], { outcome: 'invalid-input', message: 'timeout is wrong.' });
    expect(renderSummary(report)).toBe(
      [
        '## ❌ The inputs were refused',
        '- `timeout is wrong.`',
        outcomeFix('invalid-input'),
        '[OpenCX dashboard](https://platform.open.cx)\n',
      ].join('\n\n'),
    );
  });
});

describe('what there is too much of', () => {
  it.each([
    [100, ''],
    [101, '… and 1 more rules.'],
    [130, '… and 30 more rules.'],
  ])('%i rules: a hundred are shown, those that do not hold first', (count, rest) => {
    const rules = Array.from({ length: count }, (_, n) =>
      judged(`new_pages >= ${n}`, n < count - 2),
    );
    const page = renderSummary(runReport([crawlReport({ rules })]));
    const rows = page.split('\n').filter((line) => line.includes('`new_pages >='));
    expect(rows).toHaveLength(100);
    expect(rows.map((row) => row.includes('❌'))).toEqual(rows.map((_, index) => index < 2));
    expect(page.includes('more rules')).toBe(rest !== '');
    expect(page).toContain(rest);
  });

  it('texts are cut in cells, but whole in the block above', () => {
    const verdict = { outcome: 'failed', reason: 'It', quote: 'x'.repeat(900) } as const;
    const crawl = crawlReport({
      verdict,
      rules: [judged('age < 1h', false, { actual: 'y'.repeat(900) })],
      datasource: datasource({ display_name: 'z'.repeat(900), url: '' }),
    });
    const one = renderSummary(runReport([crawl]));
    expect(one).toContain(`\n${'x'.repeat(900)}\n`);
    expect(one).toContain(`\`${'y'.repeat(199)}…\``);
    expect(one).toContain(`\`${'z'.repeat(199)}…\``);
    const several = renderSummary(runReport([crawl, crawl]));
    expect(several).toContain(`\`: \`It: ${'x'.repeat(295)}…\`\n`);
    expect(several).toContain(`| \`${'z'.repeat(79)}…\`<br>`);
  });

  it('times that make no sense are left out', () => {
    const backwards = facts({
      created_at: '2026-11-23T10:00:06.000Z',
      completed_at: '2026-11-23T10:00:04.000Z',
    });
    expect(renderSummary(runReport([crawlReport({ facts: backwards })]))).toContain(
      '| 2026-11-23 10:00:05 UTC | — | — |',
    );
    const atOnce = facts({
      created_at: '2026-11-23T10:00:05.000Z',
      completed_at: '2026-11-23T10:00:05.000Z',
    });
    expect(renderSummary(runReport([crawlReport({ facts: atOnce })]))).toContain(
      '| 2026-11-23 10:00:05 UTC | 0s | 0s |',
    );
  });
});
