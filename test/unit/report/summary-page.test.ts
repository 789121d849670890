import { describe, expect, it } from 'vitest';
import { outcomeFix, outcomeTitle } from '../../../src/outcomes.ts';
import { changesChart, progressChart } from '../../../src/report/charts.ts';
import { renderSummary } from '../../../src/report/summary.ts';
import {
  DATASOURCE_ID,
  datasource,
  facts,
  judged,
  OTHER_ID,
} from '../../support/crawl-builders.ts';
import { crawlReport, idOf, runReport } from '../../support/run-results.ts';
import { evenSamples } from '../../support/samples.ts';

const THIRD_DATASOURCE = idOf(3);
const JOB = '5d2f0c1a-7f7b-4a51-8f6c-0a4b1c2d3e4f';
const failed = crawlReport({
  verdict: {
    outcome: 'failed',
    reason: 'The crawl failed',
    standsAlone: true,
    quote: 'out of\nmemory',
  },
  found: true,
  datasource: datasource({ display_name: 'Help | center', url: 'https://help.example.com' }),
  facts: facts({
    status: 'scraping',
    completed_at: null,
    total_pages: null,
    completed_pages: 312,
  }),
  rules: [
    judged('total_pages > 1', true, { actual: '8' }),
    judged('age < 1h', false, { actual: 'unknown: it has not completed' }),
    judged('new_pages == 0', false, { actual: '6', level: 'warn' }),
  ],
  samples: evenSamples(30),
});

describe('the whole page', () => {
  it('about one crawl', () => {
    const report = runReport([failed], { waitedMs: 93_200, requests: 14 });
    expect(renderSummary(report)).toBe(`## ❌ The crawl failed

OpenCX reported:

\`\`\`text
out of
memory
\`\`\`

${outcomeFix('failed')}

| Pages | New | Updated | Removed | Unchanged |
| --: | --: | --: | --: | --: |
| 312 | 6 | 12 | 4 | 778 |

### Rules

|  | Rule | Actual | Level |
| :-- | :-- | :-- | :-- |
| ❌ | \`age < 1h\` | \`unknown: it has not completed\` | required |
| ⚠️ | \`new_pages == 0\` | \`6\` | warning |
| ✅ | \`total_pages > 1\` | \`8\` | required |

### Changes so far

${changesChart(facts())}

### Pages over time

${progressChart(evenSamples(30))}

| Started | Time in queue | Wait time |
| :-- | :-- | :-- |
| 2026-11-23 10:00:00 UTC | 1m | 1m33s |

- Website: \`Help | center\` \`https://help.example.com\`
- Datasource: \`${DATASOURCE_ID}\`
- Crawl job: \`${JOB}\` (active crawl, started at 2026-11-23 10:00:00 UTC)
- API requests: 14

[Open the OpenCX dashboard](https://platform.open.cx)
`);
  });

  it('about a crawl that was never seen', () => {
    const verdict = { outcome: 'not-found', reason: 'There is no such datasource' } as const;
    const crawl = crawlReport({ verdict, jobId: undefined, facts: undefined });
    const report = runReport([crawl], { waitedMs: 400, requests: 1 });
    expect(renderSummary(report).split('\n').slice(2, -3)).toEqual([
      'There is no such datasource.',
      '',
      outcomeFix('not-found'),
      '',
      '| Wait time |',
      '| :-- |',
      '| 400ms |',
      '',
      `- Datasource: \`${DATASOURCE_ID}\``,
      '- API requests: 1',
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
    expect(page).not.toContain('| Pages |');
    expect(page).not.toContain('###');
    expect(page.split('\n').slice(2, -3)).toEqual([
      '| Started | Finished | Crawl time | Wait time |',
      '| :-- | :-- | :-- | :-- |',
      '| 2026-11-23 10:00:00 UTC | 2026-11-23 10:20:00 UTC | 20m | 3m |',
      '',
      '- Website: `https://help.example.com`',
      `- Datasource: \`${DATASOURCE_ID}\``,
      "- Crawl job: last finished crawl (OpenCX doesn't report its ID)",
      '- API requests: 12',
    ]);
  });

  it('about several crawls', () => {
    const crawls = [
      crawlReport({ datasourceId: THIRD_DATASOURCE }),
      { ...failed, rules: [], samples: [], found: false },
      crawlReport({
        datasourceId: OTHER_ID,
        jobId: undefined,
        facts: undefined,
        verdict: { outcome: 'not-found', reason: 'There is no such datasource' },
      }),
    ];
    const report = runReport(crawls, { tolerated: new Set(['not-found']) });
    const counters = (pages: string) => `| Pages | New | Updated | Removed | Unchanged |
| --: | --: | --: | --: | --: |
| ${pages} | 6 | 12 | 4 | 778 |`;
    expect(renderSummary(report)).toBe(`## ❌ 1 of 3 crawls did not pass

- **\`Help | center\`**: The crawl failed. OpenCX reported: \`out of memory\`
- **\`${OTHER_ID}\`**: There is no such datasource.

Next steps:

- \`failed\`: ${outcomeFix('failed')}
- \`not-found\`: ${outcomeFix('not-found')}

| Crawl | Outcome | Pages | Changed |
| :-- | :-- | --: | --: |
| \`Help \\| center\` | ❌\u00A0\`failed\` | 312 | 22 |
| \`${OTHER_ID}\` | ⚠️\u00A0\`not-found\` | — | — |
| \`${THIRD_DATASOURCE}\` | ✅\u00A0\`succeeded\` | 800 of 800 | 22 |

Wait time: 3m. API requests: 12.

<details>
<summary>❌ <code>Help | center</code></summary>

${counters('312')}

### Changes so far

${changesChart(facts())}

| Started | Time in queue |
| :-- | :-- |
| 2026-11-23 10:00:00 UTC | 1m |

- Website: \`Help | center\` \`https://help.example.com\`
- Datasource: \`${DATASOURCE_ID}\`
- Crawl job: \`${JOB}\`

</details>

<details>
<summary>⚠️ <code>${OTHER_ID}</code></summary>

- Datasource: \`${OTHER_ID}\`

</details>

<details>
<summary>✅ <code>${THIRD_DATASOURCE}</code></summary>

${counters('800 of 800')}

### Changes

${changesChart(facts())}

| Started | Finished | Time in queue | Crawl time |
| :-- | :-- | :-- | :-- |
| 2026-11-23 10:00:00 UTC | 2026-11-23 10:20:00 UTC | 1m | 20m |

- Datasource: \`${THIRD_DATASOURCE}\`
- Crawl job: \`${JOB}\`

</details>

[Open the OpenCX dashboard](https://platform.open.cx)
`);
  });
});

describe('the whole page without a crawl', () => {
  it('has the message and the fix, and no link to the dashboard for an invalid input', () => {
    const report = runReport([], { outcome: 'invalid-input', problems: ['timeout is wrong.'] });
    expect(renderSummary(report)).toBe(
      [
        `## ❌ ${outcomeTitle('invalid-input')}`,
        '- `timeout is wrong.`',
        `${outcomeFix('invalid-input')}\n`,
      ].join('\n\n'),
    );
  });
});

describe('what there is too much of', () => {
  it.each([
    [100, ''],
    [101, '… and 1 more rule.'],
    [130, '… and 30 more rules.'],
  ])('%i rules: a hundred are shown, those that are not met first', (count, rest) => {
    const rules = Array.from({ length: count }, (_, n) =>
      judged(`new_pages >= ${n}`, n < count - 2),
    );
    const page = renderSummary(runReport([crawlReport({ rules })]));
    const rows = page.split('\n').filter((line) => line.includes('`new_pages >='));
    expect(rows).toHaveLength(100);
    expect(rows.map((row) => row.includes('❌'))).toEqual(rows.map((_, index) => index < 2));
    expect(page.includes('… and')).toBe(rest !== '');
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
    expect(several).toContain(`It. OpenCX reported: \`${'x'.repeat(299)}…\`\n`);
    expect(several).toContain(`| \`${'z'.repeat(79)}… (${JOB})\` |`);
  });

  it('times that make no sense are left out', () => {
    const backwards = facts({
      created_at: '2026-11-23T10:00:01.000Z',
      completed_at: '2026-11-23T09:59:59.000Z',
    });
    expect(renderSummary(runReport([crawlReport({ facts: backwards })]))).toContain(
      [
        '| Started | Finished | Wait time |',
        '| :-- | :-- | :-- |',
        '| 2026-11-23 10:00:00 UTC | 2026-11-23 09:59:59 UTC | 3m |',
      ].join('\n'),
    );
    const atOnce = facts({
      created_at: '2026-11-23T10:00:00.000Z',
      completed_at: '2026-11-23T10:00:00.000Z',
    });
    expect(renderSummary(runReport([crawlReport({ facts: atOnce })]))).toContain(
      '| 2026-11-23 10:00:00 UTC | 2026-11-23 10:00:00 UTC | 0s | 0s | 3m |',
    );
  });
});
