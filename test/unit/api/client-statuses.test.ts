import { STATUS_CODES } from 'node:http';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { parseRetryAfter } from '../../../src/api/client.ts';
import { jobAnswer } from '../../support/crawl-builders.ts';
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
        why: expect.stringMatching(new RegExp(`^${status}\\b`)),
        retryAfter: 0,
      });
      expect(await askForJob({ status, headers: { 'retry-after': '7' }, ...error })).toMatchObject({
        retryAfter: 7_000,
      });
    },
  );

  it.each([401, 403])('%d ends it as unauthorized', async (status) => {
    expect(await askForJob({ status, ...error })).toMatchObject({
      kind: 'fatal',
      outcome: 'unauthorized',
      why: expect.stringMatching(new RegExp(`^${status}\\b`)),
    });
  });

  it.each([400, 422])('%d ends it as invalid-input, with the API’s own message', async (status) => {
    expect(await askForJob({ status, ...error })).toMatchObject({
      kind: 'fatal',
      outcome: 'invalid-input',
      why: expect.stringMatching(new RegExp(`^${status}\\b`)),
      quote: 'the API says so',
    });
  });

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
      why: expect.stringMatching(new RegExp(`^${status}\\b`)),
    });
  });

  it.each([301, 302, 303, 307, 308, 400, 401, 403, 405, 408, 410, 425, 429, 500, 502, 503, 504])(
    '%d is named as everybody names it',
    async (status) => {
      const why = `${status} ${STATUS_CODES[status]}`;
      expect(await askForJob({ status, ...error })).toMatchObject({ why });
    },
  );

  it('without a name is given as its number', async () => {
    expect(await askForJob({ status: 599, ...error })).toMatchObject({ why: '599' });
  });

  it('a right body does not make a wrong status right', async () => {
    for (const status of [199, 300, 400, 404, 500]) {
      expect((await askForJob({ status, ...json(jobAnswer()) })).kind).not.toBe('ok');
    }
  });
});

describe('the API’s own message on 400', () => {
  const quoteOf = async (body: string) => {
    const answer = await askForJob({ status: 400, body });
    return 'quote' in answer ? answer.quote : undefined;
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
