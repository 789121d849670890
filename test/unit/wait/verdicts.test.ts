import { describe, expect, it } from 'vitest';
import { datasourceSchema, lastFinishedCrawl } from '../../../src/api/schemas.ts';
import type { CrawlFacts } from '../../../src/crawl.ts';
import type { UnknownReason } from '../../../src/rules/metrics.ts';
import { applyRules, finishVerdict, neverChecked } from '../../../src/wait/verdicts.ts';
import { describePages, describeState } from '../../../src/wording.ts';
import { datasourceResponse, facts, judged } from '../../support/crawl-builders.ts';

const end = (overrides: Partial<CrawlFacts>) => finishVerdict(facts(overrides));
const NOTHING = { completed_pages: 0, new_pages: 0, updated_pages: 0, unchanged_pages: 0 };

describe('how a crawl ended', () => {
  it.each([
    ['completed, no error, pages seen', { status: 'completed' }, 'succeeded'],
    ['another status, no error, pages seen', { status: 'indexed' }, 'unrecognized'],
    ['canceled, as Americans write it', { status: 'canceled' }, 'unrecognized'],
    ['an empty status', { status: '' }, 'unrecognized'],
    ['another status, no page seen', { ...NOTHING, status: 'partial' }, 'unrecognized'],
    ['completed with an error', { status: 'completed', error_message: 'quota' }, 'failed'],
    ['completed with an empty error', { status: 'completed', error_message: '' }, 'failed'],
    ['another status with an error', { status: 'indexed', error_message: 'quota' }, 'failed'],
    ['failed with an error', { status: 'failed', error_message: 'quota' }, 'failed'],
    ['failed with an empty error', { status: 'failed', error_message: '' }, 'failed'],
    ['failed without an error', { status: 'failed', error_message: null }, 'failed'],
    ['cancelled', { status: 'cancelled' }, 'cancelled'],
    ['cancelled with an error', { status: 'cancelled', error_message: 'by Ada' }, 'cancelled'],
    ['cancelled with an empty error', { status: 'cancelled', error_message: '' }, 'cancelled'],
    ['completed, no page seen', NOTHING, 'empty'],
    ['completed, no page seen, though some are gone', { ...NOTHING, removed_pages: 5 }, 'empty'],
    ['completed, no page seen, though a total was told', { ...NOTHING, total_pages: 5 }, 'empty'],
    ['no page seen and an error', { ...NOTHING, error_message: 'quota' }, 'failed'],
    ['no page seen and failed', { ...NOTHING, status: 'failed' }, 'failed'],
    ['no page seen and cancelled', { ...NOTHING, status: 'cancelled' }, 'cancelled'],
    ['only completed pages', { ...NOTHING, completed_pages: 1 }, 'succeeded'],
    ['only new pages', { ...NOTHING, new_pages: 1 }, 'succeeded'],
    ['only updated pages', { ...NOTHING, updated_pages: 1 }, 'succeeded'],
    ['only unchanged pages', { ...NOTHING, unchanged_pages: 1 }, 'succeeded'],
  ] as const)('%s', (_, crawl, outcome) => {
    expect(end(crawl).outcome).toBe(outcome);
  });

  it.each(['failed', 'cancelled', 'completed'])(
    'the error of a %s crawl is shown as a quotation',
    (status) => {
      const verdict = end({ status, error_message: 'quota\nreached' });
      expect(verdict.quote).toBe('quota\nreached');
      expect(verdict.reason).not.toContain('quota');
    },
  );

  it('no error is quoted where there is none', () => {
    for (const crawl of [
      { status: 'failed' },
      { status: 'failed', error_message: '' },
      { status: 'cancelled' },
      {},
    ]) {
      expect(end(crawl)).not.toHaveProperty('quote');
    }
  });

  it('a crawl known through its datasource is judged by what that tells', () => {
    const outcomeOf = (overrides: Record<string, unknown>) => {
      const crawl = lastFinishedCrawl(datasourceSchema.parse(datasourceResponse(overrides)));
      return crawl && finishVerdict(crawl).outcome;
    };
    expect(outcomeOf({})).toBe('succeeded');
    expect(outcomeOf({ error_message: 'quota' })).toBe('failed');
    expect(outcomeOf({ error_message: '' })).toBe('failed');
  });
});

describe('the reason', () => {
  it('differs for each way to end, and leaves the full stop to others', () => {
    const reasons = [
      { status: 'cancelled' },
      { status: 'failed' },
      { status: 'failed', error_message: 'quota' },
      { status: 'completed', error_message: 'quota' },
      { status: 'completed', error_message: '' },
      NOTHING,
      {},
    ].map((crawl) => end(crawl).reason);
    expect(new Set(reasons).size).toBe(reasons.length);
    for (const reason of reasons) expect(reason).toMatch(/^The crawl .*[^.]$/);
  });

  it('of a success says how long it took, how many pages it saw and how many changed', () => {
    const { reason } = end({ completed_pages: 4_800, total_pages: 4_800, new_pages: 1_284 });
    expect(reason).toContain('20m');
    expect(reason).toContain('4,800 pages');
    expect(reason).toContain('1,300 changed');
  });

  it.each([
    ['one page', { completed_pages: 1 }, /\b1 page,/],
    ['nothing changed', { new_pages: 0, updated_pages: 0, removed_pages: 0 }, /no changes/],
  ])('of a success counts %s', (_, crawl, words) => {
    expect(end(crawl).reason).toMatch(words);
  });

  it.each([
    ['an unknown start', { started_at: null }],
    ['a start after its end', { started_at: '2026-11-23T11:00:00Z' }],
  ])('of a success claims no length with %s', (_, crawl) => {
    expect(end(crawl).reason).not.toMatch(/ in -?\d/);
  });

  it('of a success without counters says when it ended', () => {
    const crawl = {
      completed_pages: null,
      new_pages: null,
      updated_pages: null,
      unchanged_pages: null,
    };
    expect(end(crawl).reason).toContain('2026-11-23T10:20:00.000Z');
    expect(end(crawl).reason).not.toContain('null');
  });

  it.each(['completed_pages', 'new_pages'])('of a success claims no pages without %s', (field) => {
    expect(end({ [field]: null }).reason).not.toMatch(/null|\d+ pages|changed/);
  });
});

describe('the rules of a crawl that ended well', () => {
  const well = finishVerdict(facts());

  it('leave it as it is when all of them hold, or none is there', () => {
    expect(applyRules(well, [])).toEqual(well);
    expect(applyRules(well, [judged('age < 1h', true)])).toEqual(well);
  });

  it('leave it as it is when one that only warns does not hold', () => {
    expect(applyRules(well, [judged('age < 1h', false, { level: 'warn' })])).toEqual(well);
  });

  it('reject it when one that is required does not hold, and say what was found', () => {
    const rules = [
      judged('age < 1h', false, { level: 'warn' }),
      judged('new_pages > 0', true),
      judged('removed_pages <= 5%', false, { actual: '11.8% (94 of 796)' }),
    ];
    const { outcome, reason } = applyRules(well, rules);
    expect(outcome).toBe('rejected');
    expect(reason).toContain('"removed_pages <= 5%"');
    expect(reason).toContain('11.8% (94 of 796)');
    expect(reason).toMatch(/"removed_pages <= 5%" was not met: the actual value is 11\.8%/);
  });

  it.each([
    [2, /1 other rule was not met/],
    [4, /3 other rules were not met/],
  ])('reject it once for %d of them', (broken, words) => {
    const rules = Array.from({ length: broken }, () => judged('age < 1h', false));
    expect(applyRules(well, [...rules, judged('new_pages > 0', true)]).reason).toMatch(words);
  });
});

describe('what helps against a rule that does not hold', () => {
  const rejected = (line: string, actual?: string) =>
    applyRules(finishVerdict(facts()), [
      judged(line, false, actual === undefined ? {} : { actual }),
      judged('new_pages > 0', true),
    ]);

  it('is what helps with every rejection, unless more is known', () => {
    expect(rejected('removed_pages <= 5%')).toStrictEqual({
      outcome: 'rejected',
      reason: 'The rule "removed_pages <= 5%" was not met: the actual value is 11.8% (94 of 796)',
    });
  });

  it('is another crawl when it asks for a fresh one', () => {
    expect(rejected('age < 1h', '2h').fix).toBe(
      'Start a new crawl before this step, or change the rule to allow an older crawl.',
    );
    expect(rejected('age > 1h', '2m')).not.toHaveProperty('fix');
  });

  it('is another rule, or a crawl that is followed, when the value is unknown', () => {
    const rejectedUnknown = (line: string, unknown: UnknownReason) =>
      applyRules(finishVerdict(facts()), [
        judged(line, false, { actual: 'OpenCX reports no age for this crawl', unknown }),
      ]);
    for (const line of ['age < 1h', 'removed_pages <= 5%']) {
      const { reason, fix } = rejectedUnknown(line, 'not-reported');
      expect(reason).toBe(
        `The rule "${line}" was not met: the value is unknown because OpenCX reports no age for this crawl`,
      );
      expect(fix).toMatch(/Use a metric that OpenCX reports/);
      expect(rejectedUnknown(line, 'impossible').fix).toMatch(/Check the times of the crawl/);
      expect(rejectedUnknown(line, 'only-times').fix).toMatch(/Pass the `job-id` of the crawl/);
    }
  });
});

describe('a crawl that was never looked at', () => {
  it('is timed out, and the reason and the remedy name what it shares', () => {
    expect(neverChecked({ timeout: 90_000 })).toEqual({
      outcome: 'timed-out',
      reason:
        "The crawl was not checked within the 1m30s timeout because too many crawls share this step's request limit",
      fix: 'Increase `timeout`, or wait for fewer crawls in one step.',
      standsAlone: true,
    });
  });
});

describe('what a crawl is doing', () => {
  it.each([
    [{ completed_pages: 312, total_pages: 800 }, '312 of 800 pages'],
    [{ completed_pages: 1_312, total_pages: 5_000 }, '1,312 of 5,000 pages'],
    [{ completed_pages: 0, total_pages: 1 }, '0 of 1 page'],
    [{ completed_pages: 312, total_pages: null }, '312 pages so far'],
    [{ completed_pages: 1, total_pages: null }, '1 page so far'],
    [{ completed_pages: 0, total_pages: null }, '0 pages so far'],
  ])('%j: %s', (crawl, words) => {
    expect(describePages(facts({ status: 'scraping', ...crawl }))).toBe(words);
  });

  it('says no longer that there may be more pages when it has ended', () => {
    expect(describePages(facts({ total_pages: null, completed_pages: 312 }))).toBe('312 pages');
  });

  it('names a documented status', () => {
    const crawl = facts({ status: 'scraping', completed_pages: 3, total_pages: 8 });
    expect(describeState(crawl)).toBe('scraping, 3 of 8 pages');
  });

  it('does not repeat a status that nobody documents: it is untrusted text', () => {
    const state = describeState(facts({ status: '[click](http://evil.example)' }));
    expect(state).not.toContain('evil');
    expect(state).toMatch(/undocumented state, 800 of 800 pages$/);
  });
});

describe('the reason of an end', () => {
  it.each([
    [{ error_message: 'quota' }, 'The crawl failed, although its status is completed'],
    [
      { error_message: '' },
      'The crawl failed, although its status is completed: the error message is empty',
    ],
    [{ started_at: null }, 'The crawl succeeded: 800 pages, 22 changed'],
    [{ started_at: facts().completed_at }, 'The crawl succeeded in 0s: 800 pages, 22 changed'],
    [{ started_at: '2026-11-23T10:20:01.000Z' }, 'The crawl succeeded: 800 pages, 22 changed'],
  ])('with %j is: %s', (overrides, reason) => {
    expect(end(overrides).reason).toBe(reason);
  });
});
