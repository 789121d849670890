import { describe, expect, it } from 'vitest';
import { METRICS } from '../../src/rules/metrics.ts';
import { type Play, type Played, play } from '../support/play.ts';

interface ResultRule {
  rule: string;
  level: string;
  holds: boolean;
  actual: string;
}

const rulesOf = ({ outputs }: Played): ResultRule[] =>
  JSON.parse(outputs['result'] ?? '').crawls[0].rules;

/** "finished" saw 812 pages: 12 new, 31 updated, 4 removed, 769 unchanged; it took no time. */
const JUDGED: [rule: string, holds: boolean, actual: string][] = [
  ['total_pages == 812', true, '812'],
  ['completed_pages >= 100%', true, '100% (812 of 812)'],
  ['completed_pages < 812', false, '812'],
  ['new_pages <= 1.5%', true, '1.5% (12 of 812)'],
  ['updated_pages > 4%', false, '3.9% (31 of 804)'],
  ['removed_pages <= 5%', true, '0.5% (4 of 804)'],
  ['removed_pages != 4', false, '4'],
  ['unchanged_pages >= 95.7%', false, '95.6% (769 of 804)'],
  ['changed_pages == 47', true, '47'],
  ['synced_pages >= 97%', true, '97.3% (790 of 812)'],
  ['pending_pages == 0', true, '0'],
  ['error_pages < 1%', true, '0.7% (6 of 812)'],
  ['excluded_pages > 16', false, '16'],
  ['indexed_pages >= 500', true, '812'],
  ['age < 1d', true, '1m'],
  ['duration <= 90d', true, '0s'],
  ['queue_time > 0s', false, '0s'],
];

describe.concurrent('rules told to the built bundle', () => {
  it('are evaluated for every metric, and shown in log, summary and result', async () => {
    const now = Date.now();
    const past = new Date(now - 3_600_000).toISOString();
    const ahead = new Date(now + 3_600_000).toISOString();
    const times = [
      [`created_at > ${past}`, true],
      [`started_at >= ${ahead}`, false],
      [`completed_at < ${ahead.replace('Z', '+00:00')}`, true],
    ] as const;
    const wanted = [...JUDGED.map(([rule]) => rule), ...times.map(([rule]) => rule)];
    expect(new Set(wanted.map((rule) => rule.split(' ', 1)[0]))).toEqual(
      new Set(Object.keys(METRICS)),
    );
    const told = await play({
      scenario: 'finished',
      inputs: { warn: `# every metric\n\n${wanted.join('\n')}` },
    });
    const rules = rulesOf(told);
    expect(rules.map(({ rule }) => rule)).toEqual(wanted);
    JUDGED.forEach(([rule, holds, actual], index) => {
      const found = rules[index];
      // The machine's own seconds are part of an age.
      const shown = rule.startsWith('age') ? expect.stringMatching(/^1m/) : actual;
      expect(found).toEqual({ rule, level: 'warn', holds, actual: shown });
      expect(told.summary).toContain(`| \`${rule}\` | \`${found?.actual}\` | warning |`);
    });
    times.forEach(([rule, holds], index) => {
      expect(rules[JUDGED.length + index]).toMatchObject({ rule, holds });
    });
    const broken = rules.filter(({ holds }) => !holds);
    expect(told.log).toContain(`${rules.length - broken.length} of ${rules.length} rules met:`);
    for (const { rule, actual } of broken) {
      expect(told.log).toContain(`  ! ${rule}: actual ${actual}`);
    }
    const warnings = told.annotations.map(({ level, message }) => ({ level, message }));
    expect(warnings).toEqual(
      broken.map(({ rule, actual }) => ({
        level: 'warning',
        message: `The rule "${rule}" was not met: the actual value is ${actual}.`,
      })),
    );
    expect(told.outputs['outcome']).toBe('succeeded');
  });

  it('that cannot be parsed are all reported at once with their lines, before any request', async () => {
    const told = await play({
      inputs: {
        require: 'removed_pages <= 5%\nremoved <= 5\nage < 2',
        warn: 'total_pages >= 5%\nstarted_at >= 2026-11-23T10:00:00',
      },
    });
    expect(told.outputs).toMatchObject({ outcome: 'invalid-input', requests: '0' });
    expect(told.outputs['message']).toMatch(
      /require, line 2, is "removed <= 5".*require, line 3, is "age < 2".*warn, line 1, is "total_pages >= 5%".*warn, line 2, is "started_at/,
    );
    expect(told.emulator.requests).toEqual([]);
  });

  it('do not refuse a first crawl: 0 of 0 is 0%', async () => {
    const told = await play({
      scenario: 'first',
      inputs: { require: 'removed_pages <= 5%', warn: 'changed_pages <= 100%' },
    });
    expect(told.outputs['outcome']).toBe('succeeded');
    expect(rulesOf(told).map(({ actual }) => actual)).toEqual([
      '0% (0 of 0)',
      'unknown: there were no known pages to compare 812 with',
    ]);
  });

  it('are not met by what is null, whatever the operator', async () => {
    const told = await play({
      scenario: 'no-total',
      inputs: { require: 'total_pages != 5\ncompleted_pages >= 0%\ncompleted_pages == 812' },
    });
    expect(told.outputs['outcome']).toBe('rejected');
    expect(rulesOf(told).map(({ holds }) => holds)).toEqual([false, false, true]);
    expect(told.outputs['message']).toContain('is unknown because OpenCX reports no total_pages');
  });

  it.each<[string, Play, string, number]>([
    [
      'wait for page_stats when they are required',
      {
        inputs: { require: 'error_pages <= 10' },
        faults: [{ fault: '503', on: 'datasource', times: 2 }],
      },
      'succeeded',
      3,
    ],
    [
      'end the wait when the outage outlasts its budget',
      {
        inputs: { require: 'error_pages <= 10', 'outage-timeout': '0s' },
        faults: [{ fault: '503', on: 'datasource' }],
      },
      'unreachable',
      1,
    ],
    [
      'try once when they only warn',
      { inputs: { warn: 'error_pages <= 10' }, faults: [{ fault: '503', on: 'datasource' }] },
      'succeeded',
      1,
    ],
    [
      'change nothing when the key may not read the datasource and they only warn',
      { inputs: { warn: 'error_pages <= 10' }, faults: [{ fault: '403', on: 'datasource' }] },
      'succeeded',
      1,
    ],
  ])('%s', async (_, story, outcome, reads) => {
    const told = await play({
      scenario: 'finished',
      ...story,
      inputs: { summary: 'false', ...story.inputs },
    });
    expect(told.outputs['outcome']).toBe(outcome);
    const read = told.emulator.requests.filter(({ kind }) => kind === 'datasource');
    expect(read).toHaveLength(reads);
  });
});
