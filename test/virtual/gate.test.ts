import { describe, expect, it } from 'vitest';
import { tell } from '../support/virtual-world.ts';

describe('invalid inputs', () => {
  it('are one outcome with every problem, and no request', async () => {
    const told = await tell({
      scenarios: ['finished'],
      inputs: { timeout: '3600', 'api-url': 'http://api.open.cx' },
    });
    expect(told.outputs).toMatchObject({ outcome: 'invalid-input', requests: '0', 'job-id': '' });
    expect(told.outputs['message']).toMatch(/^Invalid inputs: timeout is .*; api-url is /);
    expect(JSON.parse(told.outputs['result'] ?? '').crawls).toEqual([]);
    expect(told.sent).toEqual([]);
    expect(told.green).toBe(false);
    const [heading, ...rest] = told.summary.split('\n').filter((line) => line !== '');
    expect(heading).toBe('## ❌ Invalid inputs');
    expect(rest.filter((line) => line.startsWith('- '))).toHaveLength(2);
    expect(told.annotations).toHaveLength(1);
  });
});

describe('what the runner cannot write', () => {
  it('is told by a warning when it is the summary, and the outcome stays', async () => {
    const told = await tell({ scenarios: ['finished'], unwritable: 'summary' });
    expect(told.outputs['outcome']).toBe('succeeded');
    expect(told.green).toBe(true);
    expect(told.annotations).toEqual([
      {
        level: 'warning',
        title: 'Could not write the job summary',
        message: 'This does not affect the outcome of this step.',
      },
    ]);
  });

  it('is an internal error everywhere when it is the outputs', async () => {
    const told = await tell({ scenarios: ['finished'], unwritable: 'outputs' });
    expect(told.green).toBe(false);
    const reason = 'Could not write the outputs.';
    expect(told.summary).toContain(
      `## ❌ The action hit an internal error\n\n${reason} Later steps`,
    );
    expect(told.summary).not.toContain('`');
    expect(told.summary).toContain('Check the free disk space');
    expect(told.annotations).toHaveLength(1);
    expect(told.annotations[0]).toMatchObject({ level: 'error' });
    expect(told.annotations[0]?.message).toContain(`${reason} Later steps`);
    expect(told.annotations[0]?.message).toContain('its outcome was succeeded');
    expect(told.annotations[0]?.message).toMatch(/rerun the job\.$/);
  });
});

describe('secrets', () => {
  it('are masked before anything is printed, and nothing empty is', async () => {
    const inputs = { 'github-token': 'ghs_secret' };
    expect((await tell({ scenarios: ['finished'], inputs })).masks).toEqual(['key', 'ghs_secret']);
    expect((await tell({ scenarios: ['finished'], inputs: { 'github-token': '' } })).masks).toEqual(
      ['key'],
    );
  });
});

describe('a key that is a part of a documented word', () => {
  it.each(['crawl', 'active', 'start', 'status', 'error', 'total', 'page', 'complete', 'date'])(
    '%s changes nothing',
    async (token) => {
      const step = (scenario: string, inputs: Record<string, string>) =>
        tell({ scenarios: [scenario], inputs: { token, summary: 'false', ...inputs } });
      const rules = { require: 'completed_pages >= 90%\nindexed_pages >= 1' };
      expect((await step('steady', rules)).outputs).toMatchObject({
        outcome: 'succeeded',
        status: 'completed',
        'total-pages': '812',
      });
      const found = { 'job-id': 'active', require: 'age < 8d' };
      expect((await step('failed', found)).outputs['outcome']).toBe('failed');
    },
  );
});

describe('an error that nobody expected', () => {
  it('says where to report it', async () => {
    const told = await tell({
      scenarios: ['slow'],
      onRequest: () => {
        throw new TypeError('no such thing as key');
      },
    });
    expect(told.outputs['message']).toBe(
      'The action hit an internal error (report it at https://github.com/owner/opencx-crawl-gate/issues): no such thing as ***.',
    );
    expect(told.summary).toContain('## ❌ The action hit an internal error');
    expect(told.summary.match(/hit an internal error/g)).toHaveLength(1);
    expect(told.summary).toContain('The error message:');
    expect(told.summary).not.toContain('OpenCX reported');
  });
});

describe('the log', () => {
  it('has the rules, and then the outcome', async () => {
    const told = await tell({ scenarios: ['finished'], inputs: { require: 'new_pages >= 1' } });
    expect(told.log.slice(-3)).toEqual([
      '1 of 1 rules met:',
      '  ✓ new_pages >= 1: actual 12',
      expect.stringMatching(/^The crawl succeeded/),
    ]);
  });

  it('of six crawls has a line for each that did not succeed', async () => {
    const told = await tell({ scenarios: [...Array(5).fill('finished'), 'failed'] });
    expect(told.log.at(-1)).toMatch(/\[6\/6\] \w+ {2}The crawl failed: /);
  });

  it('is silent once the outcome is decided', async () => {
    const told = await tell({
      scenarios: ['finished'],
      inputs: { 'request-timeout': '3m' },
      wrong: ({ kind }) => (kind === 'datasource' ? { late: 170_000 } : undefined),
    });
    expect(told.log).toHaveLength(3);
  });
});

describe('a comment, where GitHub cannot be opened', () => {
  it('is one warning, and the outcome stays', async () => {
    const inputs = { comment: 'true', 'github-token': 'ghs_secret' };
    const told = await tell({ scenarios: ['finished'], inputs });
    expect(told.green).toBe(true);
    expect(told.annotations.map(({ level }) => level)).toEqual(['warning']);
  });
});

describe('a secret in the wrong input', () => {
  it('is shown in no report', async () => {
    const token = 'ghp_Ab12cd34EF56gh78IJ90';
    const told = await tell({
      scenarios: ['steady'],
      inputs: { 'github-token': token, sha: token, require: `age < ${token}`, timeout: 'key2key' },
    });
    expect(told.outputs['outcome']).toBe('invalid-input');
    const { summary, log, annotations, outputs } = told;
    expect(JSON.stringify({ summary, log, annotations, outputs })).not.toContain(token);
    expect(summary).toContain('sha is "***"');
  });
});
