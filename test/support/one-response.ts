import { createApiClock } from '../../src/api/api-clock.ts';
import { type ApiResponse, type CrawlApi, createCrawlApi } from '../../src/api/client.ts';
import type { CrawlJob, Datasource } from '../../src/api/schemas.ts';
import type { HttpClient, HttpResponse } from '../../src/ports/http.ts';
import { DATASOURCE_ID, JOB_ID } from './crawl-builders.ts';

export const NOW = Date.parse('2026-11-23T10:00:00.000Z');
export const TOKEN = 'ocx_live_secret';

/** A network that gives one response, or fails with one error, and remembers what it was asked. */
export function httpThat(answer: Partial<HttpResponse> | Error) {
  const asked: { url: string; timeout: number; signal: AbortSignal }[] = [];
  const http: HttpClient = {
    async send({ url, timeout, signal }) {
      asked.push({ url, timeout, signal });
      if (answer instanceof Error) throw answer;
      return { status: 200, headers: {}, body: '', ...answer };
    },
  };
  return { http, asked };
}

/** The API over a network that gives this one response. */
export function apiThat(answer: Partial<HttpResponse> | Error, apiUrl = 'https://api.open.cx') {
  const { http, asked } = httpThat(answer);
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

/** What the question for a job brings when this is answered. */
export function askForJob(answer: Partial<HttpResponse> | Error): Promise<ApiResponse<CrawlJob>> {
  return apiThat(answer).api.job(DATASOURCE_ID, JOB_ID, limits());
}

/** What the question for a datasource brings when this is answered. */
export function askForDatasource(
  answer: Partial<HttpResponse> | Error,
): Promise<ApiResponse<Datasource>> {
  return apiThat(answer).api.datasource(DATASOURCE_ID, limits());
}
