import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDescription } from '../../../emulator/openapi.ts';
import { describeProblem, type ResponseProblem } from '../../../src/api/problem.ts';
import { parseRetryAfter } from '../../../src/api/retry-after.ts';
import { factsOfJob } from '../../../src/api/schemas.ts';
import { hasFinished } from '../../../src/crawl.ts';
import { sanitizeJson } from '../../../src/untrusted-text.ts';
import { finishVerdict } from '../../../src/wait/verdicts.ts';
import {
  DATASOURCE_ID,
  datasourceResponse,
  JOB_ID,
  jobResponse,
} from '../../support/crawl-builders.ts';
import { askForDatasource, askForJob, TOKEN } from '../../support/one-response.ts';

const describeApi = readDescription();
const anything = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    null,
    -1,
    0.5,
    2 ** 53,
    '',
    TOKEN,
    '::error::x',
    '2026-11-23T10:00:00Z',
    'scraping',
  ),
);
/** A right response of which some fields are anything. */
const nearly = (right: object) =>
  fc
    .dictionary(fc.constantFrom(...Object.keys(right), 'extra', 'constructor'), anything, {
      maxKeys: 3,
    })
    .map((wrong) => ({ ...right, ...wrong }));

describe('any JSON', () => {
  it('becomes a job as it is described, or a clear reason', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(anything, nearly(jobResponse())), async (value) => {
        const response = await askForJob({ body: JSON.stringify(value) });
        if (response.kind === 'ok') {
          expect(describeApi('CrawlJob', response.value)).toEqual([]);
          expect(response.value).toMatchObject({ id: JOB_ID, datasource_id: DATASOURCE_ID });
          expect(response.value).toEqual(sanitizeJson(value, [TOKEN]));
          const crawl = factsOfJob(response.value);
          if (hasFinished(crawl)) expect(finishVerdict(crawl).reason).not.toBe('');
        } else {
          expect(response).toEqual({
            kind: 'retryable',
            outcome: 'invalid-response',
            problem: expect.toSatisfy((problem: ResponseProblem) =>
              /^the response\b.{5,200}$/.test(describeProblem(problem)),
            ),
            retryAfterMs: 0,
          });
        }
      }),
      { numRuns: 500 },
    );
  });

  it('becomes a datasource, or a clear reason', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(anything, nearly(datasourceResponse())), async (value) => {
        const response = await askForDatasource({ body: JSON.stringify(value) });
        if (response.kind === 'ok') expect(response.value.id).toBe(DATASOURCE_ID);
        else expect(response).toMatchObject({ outcome: 'invalid-response' });
      }),
      { numRuns: 500 },
    );
  });
});

describe('any response at all', () => {
  const response = fc.record({
    status: fc.integer({ min: 100, max: 599 }),
    body: fc.oneof(
      fc.string({ unit: 'binary' }),
      anything.map((value) => JSON.stringify(value)),
    ),
    retryAfter: fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
  });

  it('is classified, and its kind says what the gate may do', async () => {
    await fc.assert(
      fc.asyncProperty(response, async (given) => {
        const { kind } = await askForJob(given);
        const { status } = given;
        const retried = status >= 500 || [408, 425, 429].includes(status);
        expect(kind).toBe(
          status === 404
            ? 'not-found'
            : retried || (status >= 200 && status < 300)
              ? 'retryable'
              : 'fatal',
        );
      }),
      { numRuns: 500 },
    );
  });

  it('never shows the token, nor a command', async () => {
    await fc.assert(
      fc.asyncProperty(response, fc.constantFrom('message', 'error'), async (given, field) => {
        const body = JSON.stringify({ [field]: `${given.body}\n::error::${TOKEN}` });
        const response = await askForJob({ ...given, body });
        expect(JSON.stringify(response)).not.toContain(TOKEN);
        for (const text of Object.values(response).map(String)) {
          expect(text).not.toMatch(/^\s*::|##\[/m);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('Retry-After', () => {
  it('is a number of milliseconds from 0, whatever it says', () => {
    const like = fc.string({ unit: fc.constantFrom(...'0159 ,:-.MonNvGT+') });
    fc.assert(
      fc.property(fc.oneof(like, fc.string({ unit: 'binary' })), fc.nat(), (header, now) => {
        const wait = parseRetryAfter(header, now);
        expect(wait).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 1_000 },
    );
  });

  it('given as seconds or as a date is the same wait', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1_000_000 }), (seconds) => {
        const now = Date.parse('2026-11-23T10:00:00Z');
        const date = new Date(now + seconds * 1_000).toUTCString();
        expect(parseRetryAfter(date, now)).toBe(seconds * 1_000);
        expect(parseRetryAfter(String(seconds), now)).toBe(seconds * 1_000);
      }),
    );
  });
});
