import { createApiClock } from '../../src/api/api-clock.ts';
import { type ApiResponse, type CrawlApi, createCrawlApi } from '../../src/api/client.ts';
import type { CrawlJob, Datasource } from '../../src/api/schemas.ts';
import type { HttpClient, HttpResponse } from '../../src/ports/http.ts';
import { DATASOURCE_ID, JOB_ID } from './crawl-builders.ts';

export const NOW = Date.parse('2026-11-23T10:00:00.000Z');
export const TOKEN = 'ocx_live_secret';

/** A network that gives one response, or fails with one error, and remembers what it was asked. */
export function httpThat(response: Partial<HttpResponse> | Error) {
  const asked: { url: string; timeout: number; signal: AbortSignal }[] = [];
  const http: HttpClient = {
    async send({ url, timeout, signal }) {
      asked.push({ url, timeout, signal });
      if (response instanceof Error) throw response;
      return { status: 200, headers: {}, body: '', ...response };
    },
  };
  return { http, asked };
}

/** The API over a network that gives this one response. */
export function apiThat(response: Partial<HttpResponse> | Error, apiUrl = 'https://api.open.cx') {
  const { http, asked } = httpThat(response);
  const api: CrawlApi = createCrawlApi(http, {
    apiUrl,
    token: TOKEN,
    secrets: [TOKEN],
    apiClock: createApiClock({
      now: () => NOW,
      elapsed: () => 0,
      sleepUntil: () => Promise.reject(new Error('nothing sleeps here')),
    }),
  });
  return { api, asked };
}

const limits = () => ({ timeout: 1_000, signal: new AbortController().signal });

/** What a request for a job brings when this is the response. */
export function askForJob(response: Partial<HttpResponse> | Error): Promise<ApiResponse<CrawlJob>> {
  return apiThat(response).api.job(DATASOURCE_ID, JOB_ID, limits());
}

/** What a request for a datasource brings when this is the response. */
export function askForDatasource(
  response: Partial<HttpResponse> | Error,
): Promise<ApiResponse<Datasource>> {
  return apiThat(response).api.datasource(DATASOURCE_ID, limits());
}
