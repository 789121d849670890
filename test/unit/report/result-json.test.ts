import { describe, expect, it } from 'vitest';
import { timelinePoint } from '../../../src/report/result-json.ts';
import { jobResponse, judged } from '../../support/crawl-builders.ts';
import { read } from '../../support/read-result.ts';
import { crawlReport, crawlThat, runReport } from '../../support/run-results.ts';
import { evenSamples } from '../../support/samples.ts';

const holding = (count: number) =>
  Array.from({ length: count }, (_, n) => judged(`new_pages >= ${n}`, true, { actual: `${n}` }));

describe('the output result', () => {
  it('has the shape of the contract', () => {
    const job = { ...jobResponse(), depth: 3 };
    const crawl = crawlReport({
      verdict: { outcome: 'rejected', reason: 'It does not hold', quote: 'quota\nreached' },
      job,
      rules: [
        judged('removed_pages <= 5%', false),
        judged('age < 1h', true, { actual: '3m', level: 'warn' }),
      ],
      samples: evenSamples(2),
    });
    const report = runReport([crawl], { requests: 14, waitedMs: 93_210 });
    expect(read(report)).toEqual({
      outcome: 'rejected',
      message: report.message,
      requests: 14,
      waited_seconds: 93.2,
      crawls: [
        {
          datasource_id: crawl.datasourceId,
          job_id: crawl.jobId,
          outcome: 'rejected',
          message: 'It does not hold: quota reached.',
          job,
          rules: [
            {
              rule: 'removed_pages <= 5%',
              level: 'require',
              holds: false,
              actual: '11.8% (94 of 796)',
            },
            { rule: 'age < 1h', level: 'warn', holds: true, actual: '3m' },
          ],
          timeline: evenSamples(2).map(timelinePoint),
        },
      ],
    });
  });

  it('says null for what was never seen', () => {
    const unseen = crawlThat('unreachable', 1, {
      jobId: undefined,
      job: undefined,
      facts: undefined,
    });
    expect(read(runReport([unseen])).crawls).toMatchObject([
      { job_id: null, job: null, rules: [], timeline: [] },
    ]);
  });

  it('has no crawls when the inputs were invalid', () => {
    const report = runReport([], { outcome: 'invalid-input', message: 'timeout is wrong.' });
    expect(read(report)).toMatchObject({
      outcome: 'invalid-input',
      message: 'timeout is wrong.',
      crawls: [],
    });
  });

  it('is whole while it fits', () => {
    const report = runReport([
      crawlReport({ job: jobResponse(), samples: evenSamples(240), rules: holding(50) }),
    ]);
    const [crawl] = read(report).crawls;
    expect(crawl?.timeline).toHaveLength(240);
    expect(crawl?.rules).toHaveLength(50);
  });
});
