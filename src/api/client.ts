import type { ZodMiniType } from 'zod/mini';
import { sameId } from '../crawl.ts';
import type { Outcome } from '../outcomes.ts';
import { type HttpClient, type HttpResponse, NetworkError } from '../ports/http.ts';
import { sanitize, sanitizeJson } from '../untrusted-text.ts';
import { type CrawlJob, crawlJobSchema, type Datasource, datasourceSchema } from './schemas.ts';

/** What one request brought (contract, section When a request goes wrong). */
export type ApiResponse<T> =
  | { kind: 'ok'; value: T }
  /** 404: usable, but there is nothing at this address. */
  | { kind: 'not-found' }
  | Retryable
  | Fatal;

/** Worth another try. */
export interface Retryable {
  kind: 'retryable';
  /** The outcome if it goes on like this. */
  outcome: Extract<Outcome, 'unreachable' | 'invalid-response'>;
  /** What came instead of an answer, in the gate's own words: `503 Service Unavailable`. */
  why: string;
  /** Milliseconds that the server asks to wait; 0 when it does not ask. */
  retryAfter: number;
}

/** No other try would bring anything else. */
export interface Fatal {
  kind: 'fatal';
  outcome: Extract<Outcome, 'unauthorized' | 'invalid-input' | 'invalid-response'>;
  why: string;
  /** The API's own message: cleaned, but foreign. */
  quote?: string;
}

/** How one request is sent (see `HttpRequest`). */
export interface RequestLimits {
  timeout: number;
  signal: AbortSignal;
  resent?: () => void;
}

/** The two endpoints that are known (API reference). */
export interface CrawlApi {
  job(datasourceId: string, jobId: string, limits: RequestLimits): Promise<ApiResponse<CrawlJob>>;
  datasource(datasourceId: string, limits: RequestLimits): Promise<ApiResponse<Datasource>>;
}

/**
 * The API over HTTP. Everything it says is cleaned here, before anything else sees it.
 *
 * @param now the date in milliseconds, for a `Retry-After` that is a date
 */
export function createCrawlApi(
  http: HttpClient,
  {
    apiUrl,
    token,
    secrets,
    now,
  }: { apiUrl: string; token: string; secrets: readonly string[]; now: () => number },
): CrawlApi {
  const headers = {
    accept: 'application/json',
    'accept-encoding': 'identity',
    authorization: `Bearer ${token}`,
    'user-agent': 'opencx-crawl-gate',
  };

  async function get<T>(
    path: string,
    limits: RequestLimits,
    read: (json: unknown) => T | string,
  ): Promise<ApiResponse<T>> {
    try {
      const request = { method: 'GET', url: `${apiUrl}${path}`, headers, ...limits };
      return classify(await http.send(request), { read, secrets, now: now() });
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      return {
        kind: 'retryable',
        outcome: error.malformed ? 'invalid-response' : 'unreachable',
        why: error.message,
        retryAfter: 0,
      };
    }
  }

  return {
    job: (datasourceId, jobId, limits) =>
      get(`/crawl/${datasourceId}/crawls/${jobId}`, limits, (json) => {
        const job = readAs(crawlJobSchema, json);
        if (typeof job === 'string') return job;
        return sameId(job.id, jobId) && sameId(job.datasource_id, datasourceId)
          ? job
          : 'the answer is about another crawl job';
      }),
    datasource: (datasourceId, limits) =>
      get(`/crawl/${datasourceId}`, limits, (json) => {
        const datasource = readAs(datasourceSchema, json);
        if (typeof datasource === 'string') return datasource;
        return sameId(datasource.id, datasourceId)
          ? datasource
          : 'the answer is about another datasource';
      }),
  };
}

/** The value in the documented shape, or in a few words what is wrong with it. */
export function readAs<T>(schema: ZodMiniType<T>, json: unknown): T | string {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
  return field === ''
    ? 'the answer is no JSON object'
    : `the answer’s field ${field} is not as documented`;
}

function classify<T>(
  answer: HttpResponse,
  {
    read,
    secrets,
    now,
  }: { read: (json: unknown) => T | string; secrets: readonly string[]; now: number },
): ApiResponse<T> {
  const { status } = answer;
  const why =
    STATUS_NAMES[status] === undefined ? `${status}` : `${status} ${STATUS_NAMES[status]}`;

  const retryAfter = parseRetryAfter(answer.headers['retry-after'], now);

  if (status >= 200 && status < 300) {
    const json = parseJson(answer.body);
    const value = json === undefined ? 'the answer is no JSON' : read(sanitizeJson(json, secrets));
    return typeof value === 'string'
      ? { kind: 'retryable', outcome: 'invalid-response', why: value, retryAfter }
      : { kind: 'ok', value };
  }
  if (status === 404) return { kind: 'not-found' };
  if (status === 401 || status === 403) return { kind: 'fatal', outcome: 'unauthorized', why };
  if (status === 400 || status === 422) {
    const quote = apiMessage(answer.body, secrets);
    return { kind: 'fatal', outcome: 'invalid-input', why, ...(quote === '' ? {} : { quote }) };
  }
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    return { kind: 'retryable', outcome: 'unreachable', why, retryAfter };
  }
  return { kind: 'fatal', outcome: 'invalid-response', why };
}

/** Milliseconds to wait: from seconds or an HTTP date; 0 for a past date or anything else. */
export function parseRetryAfter(header: string | undefined, now: number): number {
  const text = header?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1_000;
  // The oldest of the three forms of an HTTP date ends with the year, and means GMT too.
  const date = /^[A-Z][a-z]+ .* \d{4}$/.test(text) ? `${text} GMT` : text;
  const at = /^[A-Z][a-z]+,? /.test(text) ? Date.parse(date) : Number.NaN;
  return Number.isNaN(at) ? 0 : Math.max(0, at - now);
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function apiMessage(body: string, secrets: readonly string[]): string {
  const json = parseJson(body);
  if (typeof json !== 'object' || json === null || !('message' in json)) return '';
  const { message } = json;
  const lines = Array.isArray(message) ? message : [message];
  return sanitize(lines.filter((line) => typeof line === 'string').join('\n'), secrets);
}

/** In our own words, because a status line is foreign text. */
const STATUS_NAMES: Record<number, string> = {
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  410: 'Gone',
  422: 'Unprocessable Content',
  425: 'Too Early',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};
