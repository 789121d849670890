import { STATUS_CODES } from 'node:http';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { describeStatus } from '../../../src/api/problem.ts';
import { parseRetryAfter } from '../../../src/api/retry-after.ts';
import { jobResponse } from '../../support/crawl-builders.ts';
import { askForDatasource, askForJob, NOW, TOKEN } from '../../support/one-response.ts';

const json = (value: unknown) => ({ body: JSON.stringify(value) });

describe('each status', () => {
  const error = json({ statusCode: 0, message: 'the API says so', error: 'x' });

  it.each([408, 425, 429, 500, 501, 502, 503, 504, 520, 599])(
    '%d is tried again',
    async (status) => {
      expect(await askForJob({ status, ...error })).toEqual({
        kind: 'retryable',
        outcome: 'unreachable',
        problem: { kind: 'status', status },
        retryAfterMs: 0,
      });
      expect(await askForJob({ status, headers: { 'retry-after': '7' }, ...error })).toMatchObject({
        retryAfterMs: 7_000,
      });
    },
  );

  it.each([401, 403])('%d ends it as unauthorized', async (status) => {
    expect(await askForJob({ status, ...error })).toMatchObject({
      kind: 'fatal',
      outcome: 'unauthorized',
      status,
    });
  });

  it.each([400, 422])(
    '%d ends it as invalid-input, with the message of the API',
    async (status) => {
      expect(await askForJob({ status, ...error })).toMatchObject({
        kind: 'fatal',
        outcome: 'invalid-input',
        status,
        quote: 'the API says so',
      });
    },
  );

  it('404 is usable: there is nothing', async () => {
    expect(await askForJob({ status: 404, ...error })).toEqual({ kind: 'not-found' });
    expect(await askForDatasource({ status: 404, body: '<html>' })).toEqual({ kind: 'not-found' });
  });

  it.each([
    300, 301, 302, 303, 304, 307, 308, 402, 405, 406, 407, 409, 410, 418, 421, 423, 424, 426, 428,
    431, 451, 499,
  ])('%d ends it as invalid-response', async (status) => {
    expect(await askForJob({ status, headers: { 'retry-after': '7' }, ...error })).toMatchObject({
      kind: 'fatal',
      outcome: 'invalid-response',
      status,
    });
  });

  it.each([
    301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 408, 409, 410, 421, 425, 429, 500, 502,
    503, 504,
  ])('%d is named as everybody names it', (status) => {
    expect(describeStatus(status)).toBe(`${status} ${STATUS_CODES[status]}`);
  });

  it('without a name is given as its number', () => {
    expect(describeStatus(599)).toBe('599');
  });

  it('a right body does not make a wrong status right', async () => {
    for (const status of [199, 300, 400, 404, 500]) {
      expect((await askForJob({ status, ...json(jobResponse()) })).kind).not.toBe('ok');
    }
  });
});

describe('a page of a CDN or a proxy', () => {
  const page = (status: number, type = 'text/html; charset=utf-8') =>
    askForJob({ status, headers: { 'content-type': type }, body: '<html>' });

  it.each([400, 401, 403, 422])('with %d is not the API: it is tried again', async (status) => {
    expect(await page(status)).toEqual({
      kind: 'retryable',
      outcome: 'invalid-response',
      problem: { kind: 'page', status },
      retryAfterMs: 0,
    });
    expect((await page(status, 'Text/HTML')).kind).toBe('retryable');
    expect((await page(status, 'application/json')).kind).toBe('fatal');
  });

  it.each([302, 405, 409])('with %d changes nothing', async (status) => {
    expect((await page(status)).kind).toBe('fatal');
  });
});

describe('the age of a response', () => {
  const aged = (age: string, status = 200) =>
    askForJob({ status, headers: { age }, body: JSON.stringify(jobResponse()) });

  it.each([200, 302, 400, 401, 403, 404, 503])(
    'above a minute makes %d unusable',
    async (status) => {
      expect(await aged('61', status)).toMatchObject({
        kind: 'retryable',
        outcome: 'invalid-response',
        problem: { kind: 'stale', ageMs: 61_000 },
      });
    },
  );

  it.each(['61, 5', '+61', '60.5', '9'.repeat(400)])('of %j is above a minute', async (age) => {
    const response = await aged(age);
    expect(response.kind).toBe('retryable');
    expect(JSON.stringify(response)).not.toContain('null');
  });

  it.each(['0', '60', ' 5 ', '5, 61', 'soon', '-90000', ''])('of %j is fine', async (age) => {
    expect((await aged(age)).kind).toBe('ok');
  });
});

describe('the message of the API on 400', () => {
  const quoteOf = async (body: string) => {
    const response = await askForJob({ status: 400, body });
    return 'quote' in response ? response.quote : undefined;
  };

  it.each([
    ['a text', { message: 'id must be a UUID' }, 'id must be a UUID'],
    ['several texts', { message: ['a', 'b'] }, 'a\nb'],
    ['several things', { message: ['a', 5, { x: 1 }, 'b'] }, 'a\nb'],
    ['a text with a command', { message: 'x\n::error::y' }, 'x\n: :error::y'],
    ['the token', { message: `no scope for ${TOKEN}` }, 'no scope for ***'],
    ['a number', { message: 5 }, undefined],
    ['an empty text', { message: '' }, undefined],
    ['no message', { error: 'x' }, undefined],
    ['null', null, undefined],
    ['a text alone', 'x', undefined],
  ])('%s', async (_, body, quote) => {
    expect(await quoteOf(JSON.stringify(body))).toBe(quote);
  });

  it('is none in a page of HTML', async () => {
    expect(await quoteOf('<html>')).toBeUndefined();
  });

  it('is cut', async () => {
    const quote = await quoteOf(JSON.stringify({ message: 'x'.repeat(100_000) }));
    expect(quote?.length).toBeLessThanOrEqual(2_000);
  });
});

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['1', 1_000],
    [' 120 ', 120_000],
    ['Mon, 23 Nov 2026 10:00:30 GMT', 30_000],
    ['Mon, 23 Nov 2026 10:00:00 GMT', 0],
    ['Mon, 23 Nov 2026 09:59:00 GMT', 0],
    ['Monday, 23-Nov-26 10:00:30 GMT', 30_000],
    ['Mon Nov 23 10:00:30 2026', 30_000],
    ['1.25', 1_250],
  ])('%s: %d ms, wherever the runner stands', (header, ms) => {
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv('TZ', 'America/New_York');
    expect(parseRetryAfter(header, NOW)).toBe(ms);
  });

  it.each([
    undefined,
    '',
    ' ',
    'soon',
    '-5',
    '+5',
    '1e3',
    '0x10',
    '5s',
    '5 5',
    '٥',
    'Infinity',
    'NaN',
    'Mon, 99 Nov 2026 10:00:30 GMT',
  ])('%j asks for nothing', (header) => {
    expect(parseRetryAfter(header, NOW)).toBe(0);
  });

  it('is never below 0 and always a number, however large', () => {
    expect(parseRetryAfter('9'.repeat(400), NOW)).toBeGreaterThan(1e12);
    expect(parseRetryAfter('Fri, 31 Dec 9999 23:59:59 GMT', NOW)).toBeGreaterThan(1e12);
  });
});
