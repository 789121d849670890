import { describe, expect, it } from 'vitest';
import { describeProblem, type ResponseProblem } from '../../../src/api/problem.ts';
import { NetworkError } from '../../../src/ports/http.ts';
import {
  DATASOURCE_ID,
  datasourceResponse,
  JOB_ID,
  jobResponse,
  OTHER_ID,
} from '../../support/crawl-builders.ts';
import { apiThat, askForDatasource, askForJob, TOKEN } from '../../support/one-response.ts';

const json = (value: unknown) => ({ body: JSON.stringify(value) });

describe('a question', () => {
  it('goes to the two documented paths, with the limits of the asker', async () => {
    const { api, asked } = apiThat(json(jobResponse()), 'https://proxy.example.com/opencx');
    const { signal } = new AbortController();
    await api.job(DATASOURCE_ID, JOB_ID, { timeout: 1_234, signal });
    await api.datasource(DATASOURCE_ID, { timeout: 5_678, signal });
    expect(asked).toEqual([
      {
        url: `https://proxy.example.com/opencx/crawl/${DATASOURCE_ID}/crawls/${JOB_ID}`,
        timeout: 1_234,
        signal,
      },
      { url: `https://proxy.example.com/opencx/crawl/${DATASOURCE_ID}`, timeout: 5_678, signal },
    ]);
  });

  it('ends with the reason of the signal, which is no response', async () => {
    const reason = new Error('the run is over');
    await expect(askForJob(reason)).rejects.toBe(reason);
  });
});

describe('a right response', () => {
  it('is news, with the fields that nobody documents', async () => {
    const job = { ...jobResponse(), depth: 3, nested: { list: ['a'] } };
    expect(await askForJob(json(job))).toEqual({ kind: 'ok', value: job });
    const datasource = datasourceResponse();
    expect(await askForDatasource(json(datasource))).toEqual({ kind: 'ok', value: datasource });
  });

  it('is cleaned before anybody sees it', async () => {
    const job = { ...jobResponse(), error_message: `::error::x\u200b ${TOKEN}`, note: '##[x]' };
    expect(await askForJob(json(job))).toEqual({
      kind: 'ok',
      value: { ...jobResponse(), error_message: ': :error::x ***', note: '## [x]' },
    });
  });

  it('may write its ids in other letters', async () => {
    const job = jobResponse({
      id: JOB_ID.toUpperCase(),
      datasource_id: DATASOURCE_ID.toUpperCase(),
    });
    expect(await askForJob(json(job))).toMatchObject({ kind: 'ok' });
    const datasource = datasourceResponse({ id: DATASOURCE_ID.toUpperCase() });
    expect(await askForDatasource(json(datasource))).toMatchObject({ kind: 'ok' });
  });

  it.each([200, 201, 203, 299])('may come with status %d', async (status) => {
    expect(await askForJob({ status, ...json(jobResponse()) })).toMatchObject({ kind: 'ok' });
  });

  it('is not changed by an extra field whose name is the same but for what is not seen', async () => {
    const body = JSON.stringify(jobResponse()).replace(/}$/, ',"status\u200b":"failed","id ":"x"}');
    expect(await askForJob({ body })).toMatchObject({
      kind: 'ok',
      value: { status: 'completed', id: JOB_ID },
    });
  });
});

describe('a response that is not the documented one is tried again', () => {
  const wrong = (why: RegExp) => ({
    kind: 'retryable',
    outcome: 'invalid-response',
    problem: expect.toSatisfy((problem: ResponseProblem) => why.test(describeProblem(problem))),
    retryAfterMs: 0,
  });

  it.each([
    ['nothing', '', /is not JSON$/],
    ['a page of a CDN', '<!doctype html><p>hi', /is not JSON$/],
    ['half of a response', JSON.stringify(jobResponse()).slice(0, -1), /is not JSON$/],
    ['two responses', '{}{}', /is not JSON$/],
    ['null', 'null', /is not a JSON object$/],
    ['a text', '"completed"', /is not a JSON object$/],
    ['a number', '5', /is not a JSON object$/],
    ['a list', JSON.stringify([jobResponse()]), /is not a JSON object$/],
    ['an error told with 200', '{"statusCode":500,"message":"x"}', /field \w+/],
    ['another job', JSON.stringify(jobResponse({ id: OTHER_ID })), /different crawl job/],
    ['another datasource', JSON.stringify(jobResponse({ datasource_id: OTHER_ID })), /different/],
    ['a counter below 0', JSON.stringify(jobResponse({ new_pages: -1 })), /field new_pages/],
    ['part of a page', JSON.stringify(jobResponse({ new_pages: 0.5 })), /field new_pages/],
    ['a counter that is unknown', '{"total_pages":1}', /field /],
    [
      'a time without zone',
      JSON.stringify(jobResponse({ created_at: '2026-11-23T10:00:00' })),
      /field created_at/,
    ],
  ])('%s', async (_, body, why) => {
    expect(await askForJob({ body })).toEqual(wrong(why));
  });

  it.each([
    ['another datasource', datasourceResponse({ id: OTHER_ID }), /different datasource/],
    ['half of page_stats', datasourceResponse({ page_stats: { total: 1 } }), /field page_stats\./],
    [
      'an active crawl whose id could lead elsewhere',
      datasourceResponse({ active_crawl_job: { id: '../../x', status: 'x', started_at: null } }),
      /field active_crawl_job\.id/,
    ],
  ])('a datasource with %s', async (_, response, why) => {
    expect(await askForDatasource(json(response))).toEqual(wrong(why));
  });

  it.each([null, undefined])(
    'a datasource without page_stats, where a rule needs them',
    async (none) => {
      const { api } = apiThat(json(datasourceResponse({ page_stats: none })));
      const limits = { timeout: 1_000, signal: new AbortController().signal };
      expect(await api.datasource(DATASOURCE_ID, limits)).toMatchObject({ kind: 'ok' });
      expect(await api.datasourceWithPageStats(DATASOURCE_ID, limits)).toEqual(
        wrong(/field page_stats/),
      );
    },
  );

  it('204, and any 2xx without the shape', async () => {
    expect(await askForJob({ status: 204, body: '' })).toEqual(wrong(/is not JSON$/));
    expect(await askForJob({ status: 202, body: '{}' })).toEqual(wrong(/field/));
  });

  it('after what it asks to wait, like any other that is tried again', async () => {
    expect(
      await askForJob({
        status: 202,
        body: '<p>You are in the queue',
        headers: { 'retry-after': '20' },
      }),
    ).toMatchObject({ kind: 'retryable', outcome: 'invalid-response', retryAfterMs: 20_000 });
  });

  it('and says nothing of what came instead', async () => {
    const body = JSON.stringify({ ...jobResponse(), status: { '::error::': 'evil' } });
    expect(JSON.stringify(await askForJob({ body }))).not.toContain('evil');
  });
});

describe('a network error', () => {
  it.each([
    ['is tried again', new NetworkError('the connection was refused'), 'unreachable'],
    [
      'is an invalid response when the response was there but broken',
      new NetworkError('too large', { malformed: true }),
      'invalid-response',
    ],
  ])('%s', async (_, error, outcome) => {
    expect(await askForJob(error)).toEqual({
      kind: 'retryable',
      outcome,
      problem: { kind: 'network', text: error.message },
      retryAfterMs: 0,
    });
  });

  it('is not every error: a defect is thrown on', async () => {
    const defect = new TypeError('x is not a function');
    await expect(askForDatasource(defect)).rejects.toBe(defect);
  });
});
