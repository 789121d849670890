import { describe, expect, it } from 'vitest';
import { outcomeFix, outcomes, outcomeTitle } from '../../../src/outcomes.ts';
import { MAX_SUMMARY_BYTES, renderSummary } from '../../../src/report/summary.ts';
import type { CrawlResult, RunResult } from '../../../src/result.ts';
import { sanitize } from '../../../src/untrusted-text.ts';
import { datasource, facts, judged } from '../../support/crawl-builders.ts';
import { crawlReport, runReport } from '../../support/run-results.ts';
import { evenSamples } from '../../support/samples.ts';
import { untrustedMarkup } from '../../support/untrusted-markup.ts';

const run = ({ crawls = [crawlReport()], ...overrides }: Partial<RunResult> = {}) =>
  runReport(crawls, overrides);

const HOSTILE = sanitize(
  [
    '@octocat #12 https://evil.example www.evil.example me@evil.example',
    '<img src=x onerror=alert(1)><script>alert(1)</script></details><!-- x',
    '[a](https://evil.example) ![b](https://evil.example/p.png) <https://evil.example>',
    '` `` ``` ```` ~~~ | a | b | \\| \\',
    '# Title\n\n- list\n\n    code\n\n| x |\n|---|\n| y |\n\n```mermaid\npie\n```',
  ].join('\n'),
  [],
);

describe('the summary of one crawl', () => {
  it('has a reason that stands alone as its heading, once', () => {
    const reason = 'The crawl succeeded in 3m: 800 pages, 22 changed';
    const verdict = { outcome: 'succeeded' as const, reason, standsAlone: true as const };
    const summary = renderSummary(run({ crawls: [crawlReport({ verdict })] }));
    expect(summary).toMatch(/^## ✅ The crawl succeeded in 3m: 800 pages, 22 changed\n\n\| Pages/);
    expect(summary.match(/The crawl succeeded/g)).toHaveLength(1);
  });

  it('has the title as its heading otherwise, then the reason, then what OpenCX said', () => {
    const verdict = { outcome: 'failed' as const, reason: 'It broke', quote: 'one\ntwo' };
    expect(renderSummary(run({ crawls: [crawlReport({ verdict })] }))).toMatch(
      /^## ❌ The crawl failed\n\nIt broke\.\n\nOpenCX reported:\n\n```text\none\ntwo\n```\n/,
    );
  });

  it.each(['', ' \n'])('quotes nothing when OpenCX said nothing: %j', (quote) => {
    const verdict = { outcome: 'failed' as const, reason: 'It broke', quote };
    for (const count of [1, 2]) {
      const crawls = Array.from({ length: count }, () => crawlReport({ verdict }));
      expect(renderSummary(run({ crawls }))).not.toContain('reported');
    }
  });

  it.each(outcomes.filter((outcome) => outcome !== 'succeeded'))(
    'says what to do for %s',
    (outcome) => {
      const crawls = [crawlReport({ verdict: { outcome, reason: 'It went wrong' } })];
      const red = renderSummary(run({ crawls }));
      expect(red).toContain(`## ❌ ${outcomeTitle(outcome)}`);
      expect(red).toContain(outcomeFix(outcome));
      const mild = renderSummary(run({ crawls, tolerated: new Set([outcome]) }));
      expect(mild).toContain(`## ⚠️ ${outcomeTitle(outcome)} (tolerated)`);
    },
  );

  it('shows the counters, and leaves out what is unknown', () => {
    expect(renderSummary(run())).toContain('| 800 of 800 | 6 | 12 | 4 | 778 |');
    const unknown = { total_pages: null, new_pages: null };
    const crawls = [crawlReport({ facts: facts(unknown) })];
    expect(renderSummary(run({ crawls }))).toContain('| 800 | 12 | 4 | 778 |');
  });

  it('leaves out "removed 0" while the crawl runs', () => {
    const running = { status: 'scraping', completed_at: null, removed_pages: 0 };
    const counters = (overrides: object) =>
      renderSummary(run({ crawls: [crawlReport({ facts: facts(overrides) })] }));
    expect(counters(running)).not.toContain('Removed');
    expect(counters({ ...running, removed_pages: 1 })).toContain('Removed');
    expect(counters({ removed_pages: 0 })).toContain('| Removed |');
  });

  it('shows each rule with its actual value, those that are not met first', () => {
    const rules = [
      judged('completed_pages >= 5', true, { actual: '800' }),
      judged('removed_pages <= 5%', false),
      judged('new_pages == 0', false, { actual: '6', level: 'warn' }),
    ];
    const rows = renderSummary(run({ crawls: [crawlReport({ rules })] }))
      .split('\n')
      .filter((line) => /^\| [✅❌⚠]/u.test(line));
    expect(rows).toEqual([
      '| ❌ | `removed_pages <= 5%` | `11.8% (94 of 796)` | required |',
      '| ⚠️ | `new_pages == 0` | `6` | warning |',
      '| ✅ | `completed_pages >= 5` | `800` | required |',
    ]);
  });

  it('shows the times: started, finished, queued, crawled, waited', () => {
    expect(renderSummary(run({ waitedMs: 93_200, requests: 14 }))).toContain(
      '| 2026-11-23 10:00:00 UTC | 2026-11-23 10:20:00 UTC | 1m | 20m | 1m33s |',
    );
  });

  it('says when a crawl that was found started, and when it is the last finished one', () => {
    const job = (overrides: Partial<CrawlResult>) =>
      /^- Crawl job: (?:`[^`]*` ?)?(.*)$/m.exec(
        renderSummary(run({ crawls: [crawlReport(overrides)] })),
      )?.[1];
    expect(job({ found: true })).toBe('(active crawl, started at 2026-11-23 10:00:00 UTC)');
    const pending = facts({ started_at: null, completed_at: null, status: 'pending' });
    expect(job({ found: true, facts: pending })).toBe('(active crawl, not started yet)');
    expect(job({ found: true, facts: undefined })).toBe('(active crawl)');
    expect(job({ found: false })).toBe('');
    expect(job({ jobId: undefined })).toBe("last finished crawl (OpenCX doesn't report its ID)");
    expect(job({ jobId: undefined, facts: undefined })).toBeUndefined();
  });

  it('draws two charts, and none where there is nothing to draw', () => {
    const crawls = [crawlReport({ samples: evenSamples(20) })];
    expect(renderSummary(run({ crawls })).match(/```mermaid/g)).toHaveLength(2);
    const nothing = [crawlReport({ facts: undefined, samples: [] })];
    expect(renderSummary(run({ crawls: nothing }))).not.toContain('mermaid');
  });

  it('links the README where the inputs are invalid, and else the dashboard', () => {
    const url = 'https://github.com/owner/opencx-crawl-gate';
    const invalid = run({ outcome: 'invalid-input', crawls: [], problems: ['timeout is "30"'] });
    expect(renderSummary(invalid, url)).toMatch(
      /\n\n\[Open the README\]\(https:\/\/github\.com\/owner\/opencx-crawl-gate#inputs\)\n$/,
    );
    expect(renderSummary(invalid)).not.toContain('](');
    expect(renderSummary(run(), url)).toMatch(/\n\[Open the OpenCX dashboard\]\(\S+\)\n$/);
  });

  it('does without a crawl when the inputs were invalid', () => {
    const problems = ['timeout is "30"', 'job-id is empty'];
    const refused = run({ crawls: [], outcome: 'invalid-input', problems });
    expect(renderSummary(refused)).toContain(
      `## ❌ ${outcomeTitle('invalid-input')}\n\n- \`timeout is "30"\`\n- \`job-id is empty\`\n`,
    );
    const verdict = { outcome: 'internal-error', reason: 'It is odd', quote: '<b>' } as const;
    const broken = run({ crawls: [], outcome: 'internal-error', verdict });
    expect(renderSummary(broken)).toContain('\n\nIt is odd.\n\nThe error message:\n\n```');
  });
});

describe('untrusted text in the summary', () => {
  const hostile: Partial<CrawlResult> = {
    verdict: { outcome: 'failed', reason: 'The crawl failed', quote: HOSTILE },
    rules: [judged('age < 1h', false, { actual: HOSTILE })],
    facts: facts({ status: HOSTILE, error_message: HOSTILE }),
    datasource: datasource({ url: HOSTILE, display_name: HOSTILE, error_message: HOSTILE }),
  };

  it.each([1, 3])('adds no element, link, image or mention with %i crawls', (count) => {
    const crawls = Array.from({ length: count }, () => crawlReport(hostile));
    expect(untrustedMarkup(renderSummary(run({ crawls })))).toEqual([]);
  });

  it('adds none when the inputs were invalid', () => {
    const problems = [HOSTILE, HOSTILE];
    const report = run({ crawls: [], outcome: 'invalid-input', message: HOSTILE, problems });
    expect(untrustedMarkup(renderSummary(report))).toEqual([]);
  });

  it('would be found by this test', () => {
    expect(untrustedMarkup(HOSTILE)).not.toEqual([]);
  });
});

describe('the summary of several crawls', () => {
  const crawls = [
    crawlReport({ datasourceId: 'green' }),
    crawlReport({ datasourceId: 'mild', verdict: { outcome: 'empty', reason: 'Nothing' } }),
    crawlReport({ datasourceId: 'red', verdict: { outcome: 'stalled', reason: 'Still' } }),
    crawlReport({ datasourceId: 'worst', verdict: { outcome: 'failed', reason: 'Broken' } }),
  ];
  const report = run({ crawls, tolerated: new Set(['empty']) });

  it('is one table with the red ones first, and folded details in the same order', () => {
    const summary = renderSummary(report);
    const [before = ''] = summary.split('<details>');
    const order = (pattern: RegExp, text = summary) =>
      [...text.matchAll(pattern)].map(([, id]) => id);
    expect(order(/^\| `(\w+)` \|/gm, before)).toEqual(['worst', 'red', 'mild', 'green']);
    expect(order(/<summary>\S+ <code>(\w+)<\/code><\/summary>/g)).toEqual([
      'worst',
      'red',
      'mild',
      'green',
    ]);
    expect(summary).toMatch(/^## ❌ 2 of 4 crawls did not pass\n/);
    expect(order(/^- \*\*`(\w+)`\*\*: \w+\.$/gm, before)).toEqual(['worst', 'red', 'mild']);
    for (const outcome of ['failed', 'stalled', 'empty'] as const) {
      expect(before).toContain(`- \`${outcome}\`: ${outcomeFix(outcome)}`);
    }
  });

  it('says how long the step waited, and how many requests it sent', () => {
    const summary = renderSummary(run({ crawls, waitedMs: 93_200, requests: 1_014 }));
    expect(summary).toContain('\nWait time: 1m33s. API requests: 1,014.\n');
  });

  it('has nothing to do when all succeeded, and says so with the number of pages', () => {
    const green = [1, 2, 3].map((n) => crawlReport({ datasourceId: `green${n}` }));
    const summary = renderSummary(run({ crawls: green }));
    expect(summary).toMatch(
      /^## ✅ All 3 crawls succeeded: 2,400 pages, 66 changed\n\n\| Crawl \|/,
    );
    expect(summary).not.toContain('Next steps');
    expect(summary).not.toContain('successful crawls');
    expect(summary.match(/<details>/g)).toHaveLength(3);
  });

  it('says once that what went wrong is tolerated', () => {
    const mild = run({ crawls: crawls.slice(0, 2), tolerated: new Set(['empty']) });
    const summary = renderSummary(mild);
    expect(summary).toMatch(/^## ⚠️ 1 of 2 crawls did not succeed \(tolerated\)\n/);
  });

  it('gives each fix once, and the fitted one where there is one', () => {
    const fix = 'Look for it.';
    const gone = { outcome: 'not-found' as const, reason: 'It is gone', fix };
    const never = { outcome: 'not-found' as const, reason: 'There is none' };
    const summary = renderSummary(
      run({ crawls: [gone, never, gone].map((verdict) => crawlReport({ verdict })) }),
    );
    expect(summary.match(/^- `not-found`: .*$/gm)).toEqual([
      `- \`not-found\`: ${fix}`,
      `- \`not-found\`: ${outcomeFix('not-found')}`,
    ]);
  });

  it.each([
    [20, 20],
    [21, 21],
  ])('gives the reasons of twenty, and says how many more there are: %i', (count, lines) => {
    const verdict = { outcome: 'failed' as const, reason: 'Broken' };
    const many = Array.from({ length: count }, () => crawlReport({ verdict }));
    const [before = ''] = renderSummary(run({ crawls: many })).split('Next steps');
    expect(before.match(/^- /gm)).toHaveLength(lines);
    expect(before.includes('- … and 1 more\n')).toBe(count > 20);
  });

  it('folds many that succeeded into one, with their table', () => {
    const green = Array.from({ length: 4 }, (_, n) => crawlReport({ datasourceId: `green${n}` }));
    const summary = renderSummary(run({ crawls: [...green, ...crawls.slice(2)] }));
    const [before = '', after = ''] = summary.split(
      '<summary>✅ 4 successful crawls</summary>\n\n',
    );
    expect(before.match(/^\| `\w+` \|/gm)).toEqual(['| `worst` |', '| `red` |']);
    expect(after.match(/^\| `\w+` \|/gm)).toHaveLength(4);
    const folds = summary.match(/<(?:details|summary>.*<\/summary|\/details)>/g) ?? [];
    expect(folds.join('').replace(/<\/?code>/g, '')).toMatch(
      /<summary>❌ worst<\/summary><\/details><details><summary>❌ red<\/summary><\/details><details><summary>✅ 4 successful crawls<\/summary>(?:<details><summary>✅ green\d<\/summary><\/details>){4}<\/details>$/,
    );
  });

  it('has one fold and no empty table when many succeeded and none did not', () => {
    const green = Array.from({ length: 4 }, (_, n) => crawlReport({ datasourceId: `green${n}` }));
    const [before = ''] = renderSummary(run({ crawls: green })).split('<details>');
    expect(before).not.toContain('|');
  });

  it('names crawls by their websites, and adds the ID where names repeat', () => {
    const named = (datasourceId: string, display_name: string | null, jobId?: string) =>
      crawlReport({ datasourceId, jobId, datasource: datasource({ display_name }) });
    const summary = renderSummary(
      run({
        crawls: [
          named('a', 'Docs <b>'),
          named('b', null),
          named('c', 'Help'),
          named('d', 'Help', 'job-1'),
          named('d', 'Help', 'job-2'),
        ],
      }),
    );
    expect([...summary.matchAll(/^\| `([^`]*)` \|/gm)].map(([, name]) => name)).toEqual([
      'Docs <b>',
      'https://help.example.com',
      'Help (c)',
      'Help (job-1)',
      'Help (job-2)',
    ]);
    expect(summary).toContain('<summary>✅ <code>Docs &#60;b&#62;</code></summary>');
  });

  it('has as many details as there is room for, and never more', () => {
    const wide = '界'.repeat(80);
    for (let length = 400; length < 500; length += 1) {
      const hundred = Array.from({ length: 100 }, (_, index) =>
        crawlReport({
          datasourceId: `id-${index}`,
          datasource: datasource({ display_name: wide, url: 'x'.repeat(length / 4) }),
          rules: Array.from({ length: 9 }, () =>
            judged('age < 1h', false, { actual: 'x'.repeat(length / 4) }),
          ),
          verdict: { outcome: index < 10 ? 'failed' : 'succeeded', reason: 'Reason' },
        }),
      );
      const summary = renderSummary(run({ crawls: hundred, waitedMs: 5_000_000, requests: 9_999 }));
      const size = Buffer.byteLength(summary);
      expect(size).toBeLessThanOrEqual(MAX_SUMMARY_BYTES);
      const details = summary.split('<summary>✅ <code>');
      const one = Buffer.byteLength(details[1] ?? '') + '<summary>✅ <code>'.length;
      expect(size).toBeGreaterThan(MAX_SUMMARY_BYTES - one - 600);
      expect(summary).toMatch(/Details for \d+ more crawls are omitted/);
    }
  });

  it('stays under 200 KB with a hundred long crawls, keeps the tables whole, and says what is omitted', () => {
    const long = 'x'.repeat(2_000);
    const hundred = Array.from({ length: 100 }, (_, index) =>
      crawlReport({
        datasourceId: `id-${index}`,
        verdict: { outcome: index % 2 ? 'failed' : 'succeeded', reason: 'Reason', quote: long },
        rules: Array.from({ length: 50 }, () => judged('age < 1h', false, { actual: long })),
        samples: evenSamples(240),
      }),
    );
    const summary = renderSummary(run({ crawls: hundred }));
    expect(Buffer.byteLength(summary)).toBeLessThan(MAX_SUMMARY_BYTES);
    expect(summary.match(/^\| `id-\d+` \|/gm)).toHaveLength(100);
    expect(summary).toMatch(/Details for \d+ more crawls are omitted/);
    expect(summary.match(/<details>/g)?.length).toBeGreaterThan(2);
  });
});
