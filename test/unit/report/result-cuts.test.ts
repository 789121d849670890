import { describe, expect, it } from 'vitest';
import { MAX_RESULT_BYTES, resultJson, timelinePoint } from '../../../src/report/result-json.ts';
import type { CrawlResult } from '../../../src/result.ts';
import { jobResponse, judged } from '../../support/crawl-builders.ts';
import { read } from '../../support/read-result.ts';
import { crawlThat, idOf, runReport } from '../../support/run-results.ts';
import { evenSamples } from '../../support/samples.ts';

const many = (count: number, overrides: Partial<CrawlResult> = {}) =>
  Array.from({ length: count }, (_, n) => crawlThat('rejected', n, overrides));
const undocumented = (size: number) =>
  Object.fromEntries(
    Array.from({ length: size }, (_, n) => [`extra_${n}`, { deep: [n, 'x'.repeat(40)] }]),
  );
const holding = (count: number) =>
  Array.from({ length: count }, (_, n) => judged(`new_pages >= ${n}`, true, { actual: `${n}` }));

describe('what does not fit goes', () => {
  const long = 'y'.repeat(1_900);
  /** Each says how large its parts are; what is named first must go for it to fit. */
  const crawlOf = (
    parts: { points?: number; text?: string; extra?: number; rules?: number },
    count: number,
  ) =>
    runReport(
      many(count, {
        samples: evenSamples(parts.points ?? 0),
        job: {
          ...jobResponse({ error_message: parts.text ?? null }),
          ...undocumented(parts.extra ?? 0),
        },
        rules: [judged('removed_pages <= 5%', false), ...holding(parts.rules ?? 0)],
      }),
    );

  it('first the middle points of the timeline', () => {
    const { crawls } = read(crawlOf({ points: 240, text: long, extra: 5, rules: 5 }, 8));
    const samples = evenSamples(240);
    const timeline = samples.map(timelinePoint);
    for (const crawl of crawls) {
      expect(crawl.timeline?.length).toBeGreaterThanOrEqual(2);
      expect(crawl.timeline?.length).toBeLessThan(240);
      expect(crawl.timeline?.[0]).toEqual(timeline[0]);
      expect(crawl.timeline?.at(-1)).toEqual(timeline.at(-1));
      expect(crawl.job).toHaveProperty('error_message', long);
      expect(crawl.job).toHaveProperty('extra_4');
      expect(crawl.rules).toHaveLength(6);
    }
  });

  it('evenly: of the points in the middle some stay', () => {
    const samples = evenSamples(240);
    const timeline = samples.map(timelinePoint);
    const few = evenSamples(20);
    const report = runReport([
      ...many(9, { samples }),
      crawlThat('rejected', 10, { samples: few }),
    ]);
    const { crawls } = read(report);
    const whole = timeline.map((point) => JSON.stringify(point));
    const step = (crawls[0]?.timeline ?? []).map((point) => whole.indexOf(JSON.stringify(point)));
    expect(step).toHaveLength(20);
    const gaps = step.slice(1).map((place, index) => place - (step[index] ?? 0));
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
    expect(crawls[9]?.timeline).toEqual(few.map(timelinePoint));
  });

  it('nothing as long as it fits, to the byte', () => {
    const ofText = (length: number) =>
      runReport([crawlThat('failed', 1, { job: { extra: 'x'.repeat(length) } })]);
    const rest = Buffer.byteLength(resultJson(ofText(0)));
    expect(resultJson(ofText(MAX_RESULT_BYTES - rest))).toHaveLength(MAX_RESULT_BYTES);
    expect(resultJson(ofText(MAX_RESULT_BYTES - rest + 1)).length).toBeLessThan(1_000);
  });

  it('not more of a text than must go', () => {
    const texts = { short: 'x'.repeat(120), long: 'x'.repeat(121), text: 'y'.repeat(70_000) };
    const { crawls } = read(runReport([crawlThat('failed', 1, { job: texts })]));
    expect(crawls[0]?.job).toEqual({
      short: texts.short,
      long: `${'x'.repeat(119)}…`,
      text: `${'y'.repeat(119)}…`,
    });
  });

  it('not more of them than must go', () => {
    const { crawls } = read(crawlOf({ points: 240 }, 8));
    expect(crawls[0]?.timeline?.length).toBeGreaterThan(2);
  });

  it('then long texts', () => {
    const { crawls } = read(crawlOf({ points: 240, text: long, extra: 2, rules: 3 }, 25));
    for (const crawl of crawls) {
      expect(crawl.timeline).toHaveLength(2);
      const text = String(crawl.job?.['error_message']);
      expect(text).toMatch(/^y+…$/);
      expect(text.length).toBeLessThan(200);
      expect(crawl.job).toHaveProperty('extra_1');
      expect(crawl.rules).toHaveLength(4);
    }
  });

  it('which the message of the run is too', () => {
    const extra = Object.fromEntries(Array.from({ length: 3_200 }, (_, n) => [`extra_${n}`, n]));
    const report = runReport([crawlThat('failed', 1, { job: { ...jobResponse(), ...extra } })]);
    const whole = read({ ...report, message: 'short' });
    expect(whole.crawls[0]?.job).toHaveProperty('extra_3199');
    const long = read({ ...report, message: '語'.repeat(5_000) });
    expect(long.crawls[0]?.job).toHaveProperty('extra_3199');
    expect(long.message).toMatch(/^語+…$/);
  });

  it('then undocumented fields', () => {
    const { crawls } = read(crawlOf({ points: 240, text: long, extra: 20, rules: 3 }, 30));
    for (const crawl of crawls) {
      expect(Object.keys(crawl.job ?? {}).sort()).toEqual(Object.keys(jobResponse()).sort());
      expect(crawl.timeline).toHaveLength(2);
      expect(crawl.rules).toHaveLength(4);
    }
  });

  it('then rules that are met', () => {
    const { crawls } = read(crawlOf({ points: 240, text: long, extra: 20, rules: 30 }, 40));
    for (const crawl of crawls) {
      expect(crawl.rules).toEqual([
        expect.objectContaining({ rule: 'removed_pages <= 5%', holds: false }),
      ]);
      expect(crawl.job).toMatchObject({ status: 'completed' });
      expect(crawl.timeline).toHaveLength(2);
    }
  });

  it('then the timeline', () => {
    const { crawls } = read(crawlOf({ points: 240, text: 'short', rules: 30 }, 75));
    for (const crawl of crawls) {
      expect(crawl.timeline).toBeUndefined();
      expect(crawl.job).toMatchObject({ status: 'completed' });
      expect(crawl.rules).toHaveLength(1);
    }
  });

  it('then job', () => {
    const { crawls } = read(crawlOf({ points: 240, text: long, extra: 20, rules: 30 }, 100));
    for (const crawl of crawls) {
      expect(crawl.job).toBeUndefined();
      expect(crawl.rules).toHaveLength(1);
      expect(crawl.message).toBeDefined();
    }
  });

  it('but ids and outcomes stay, with 100 crawls of which everything is as long as it can be', () => {
    const text = '"\\'.repeat(1_000);
    const crawls = Array.from({ length: 100 }, (_, n) =>
      crawlThat('failed', n, {
        verdict: { outcome: 'failed', reason: 'The crawl failed', quote: text },
        job: { ...jobResponse({ error_message: text, status: text }), ...undocumented(60) },
        rules: Array.from({ length: 20 }, () =>
          judged('removed_pages <= 5%', false, { actual: text }),
        ),
        samples: evenSamples(240),
      }),
    );
    const result = read(runReport(crawls, { message: text }));
    expect(result.outcome).toBe('failed');
    expect(result.crawls).toHaveLength(100);
    result.crawls.forEach((crawl, n) => {
      expect(crawl).toMatchObject({
        datasource_id: idOf(n),
        job_id: idOf(1_000 + n),
        outcome: 'failed',
      });
    });
  });

  it.each([
    ['letters', 'x'],
    ['letters that take more bytes', '語'],
    ['characters that JSON writes longer', '"'],
    ['characters in two halves', '😀'],
  ])('and the message is cut when it is too long: %s', (_, character) => {
    const message = `timeout is wrong ${character.repeat(100_000)}`;
    const result = read(runReport([], { outcome: 'invalid-input', message }));
    expect(result.outcome).toBe('invalid-input');
    expect(result.message).toMatch(/^timeout is wrong/);
    expect(result.message).not.toMatch(/\p{Cs}/u);
  });

  it('counted in bytes', () => {
    const crawls = many(12, { job: jobResponse({ error_message: '語'.repeat(1_900) }) });
    expect(read(runReport(crawls)).crawls[0]?.job?.['error_message']).toMatch(/^語+…$/);
    expect(MAX_RESULT_BYTES).toBe(65_536);
  });
});
