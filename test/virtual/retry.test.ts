import { describe, expect, it } from 'vitest';
import { backoff, refusal } from '../../src/wait/retry.ts';

const FULL = [1, 2, 4, 8, 16, 30, 30, 30].map((seconds) => seconds * 1_000);
const ALMOST_ONE = 1 - Number.EPSILON;

describe('the wait before another try', () => {
  it.each(FULL.map((full, index) => [index + 1, full] as const))(
    'after %d failures is up to %d ms',
    (failures, full) => {
      expect(backoff(failures, () => ALMOST_ONE)).toBeCloseTo(full, 3);
      for (const random of [0, 0.25, 0.5, 0.75, ALMOST_ONE]) {
        const wait = backoff(failures, () => random);
        expect(wait).toBeLessThanOrEqual(full);
        expect(wait).toBeGreaterThanOrEqual(full / 2);
      }
    },
  );

  it('differs from run to run', () => {
    const waits = [0, 0.2, 0.4, 0.6, 0.8].map((random) => backoff(3, () => random));
    expect(new Set(waits).size).toBe(5);
  });

  it('never grows beyond 30 s, however long the outage', () => {
    expect(backoff(5_000, () => ALMOST_ONE)).toBeLessThanOrEqual(30_000);
    expect(backoff(5_000, () => 0)).toBeGreaterThanOrEqual(15_000);
  });
});

describe('the verdict on a refusal', () => {
  it.each([
    ['unauthorized', '401 Unauthorized', 'The API refused the key with 401 Unauthorized'],
    ['invalid-response', '413', 'The API answered 413, which it does not document'],
  ] as const)(
    '%s on %s says why, and what helps with every such outcome',
    (outcome, why, reason) => {
      expect(refusal({ kind: 'fatal', outcome, why })).toStrictEqual({ outcome, reason });
    },
  );

  it('of the request names the inputs that make it up', () => {
    expect(refusal({ kind: 'fatal', outcome: 'invalid-input', why: '422' })).toStrictEqual({
      outcome: 'invalid-input',
      reason: 'The API refused the request with 422',
      fix: 'Check `datasource-id`, `job-id` and `api-url`. If they are right, the API may have changed: look for a newer version of this action.',
    });
  });

  it('by a redirect says that none is followed, and why', () => {
    expect(refusal({ kind: 'fatal', outcome: 'invalid-response', why: '302 Found' })).toEqual({
      outcome: 'invalid-response',
      reason:
        'The API answered 302 Found, and a redirect is never followed, because the key goes to api-url alone',
      fix: 'Set `api-url` to the address that answers without a redirect, and check whether a proxy answers in place of OpenCX.',
    });
  });

  it('repeats what the API says', () => {
    const quote = 'id must be a UUID';
    const verdict = refusal({ kind: 'fatal', outcome: 'invalid-input', why: '400', quote });
    expect(verdict).toMatchObject({ outcome: 'invalid-input', quote });
  });
});
