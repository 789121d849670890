import type { ZodMiniType } from 'zod/mini';
import { sameId } from '../crawl.ts';
import type { Outcome } from '../outcomes.ts';
import { type HttpClient, type HttpResponse, NetworkError } from '../ports/http.ts';
import { sanitize, sanitizeJson } from '../untrusted-text.ts';
import { type ApiClock, ageOf } from './api-clock.ts';
import type { ResponseProblem } from './problem.ts';
import { parseRetryAfter } from './retry-after.ts';
import {
  type CrawlJob,
  crawlJobSchema,
  type Datasource,
  type DatasourceWithPageStats,
  datasourceSchema,
  datasourceWithPageStatsSchema,
  documentedWords,
} from './schemas.ts';

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
  problem: ResponseProblem;
  /** Milliseconds that the server asks to wait; 0 when it does not ask. */
  retryAfterMs: number;
}

/** No other try would bring anything else. */
export interface Fatal {
  kind: 'fatal';
  outcome: Extract<Outcome, 'unauthorized' | 'invalid-input' | 'invalid-response'>;
  status: number;
  /** The API's own message: sanitized, but untrusted. */
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
  /** The same request, for who needs `page_stats`: without them the response is not usable. */
  datasourceWithPageStats(
    datasourceId: string,
    limits: RequestLimits,
  ): Promise<ApiResponse<DatasourceWithPageStats>>;
}

/** The largest response that is read (contract, section When a request goes wrong). */
const MAX_BODY_BYTES = 256 * 1024;
/** A response that a cache has kept for longer is not usable. */
const MAX_AGE_MS = 60_000;

/** The API over HTTP. Everything it says is sanitized here, before anything else sees it. */
export function createCrawlApi(
  http: HttpClient,
  {
    apiUrl,
    token,
    secrets,
    apiClock,
  }: { apiUrl: string; token: string; secrets: readonly string[]; apiClock: ApiClock },
): CrawlApi {
  const headers = {
    accept: 'application/json',
    'accept-encoding': 'identity',
    authorization: `Bearer ${token}`,
    'cache-control': 'no-cache',
    'user-agent': 'opencx-crawl-gate',
  };

  async function get<T>(
    path: string,
    limits: RequestLimits,
    read: (json: unknown) => Read<T>,
  ): Promise<ApiResponse<T>> {
    try {
      const response = await http.send({
        method: 'GET',
        url: `${apiUrl}${path}`,
        headers,
        maxBodyBytes: MAX_BODY_BYTES,
        ...limits,
      });
      apiClock.read(response.headers);
      return classify(response, { read, secrets, now: apiClock.now() });
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      return {
        kind: 'retryable',
        outcome: error.malformed ? 'invalid-response' : 'unreachable',
        problem: { kind: 'network', text: error.message },
        retryAfterMs: 0,
      };
    }
  }

  const getDatasource = <T extends Datasource>(
    schema: ZodMiniType<T>,
    datasourceId: string,
    limits: RequestLimits,
  ) =>
    get(`/crawl/${datasourceId}`, limits, (json) =>
      readAs(schema, json, (datasource) =>
        sameId(datasource.id, datasourceId) ? undefined : 'datasource',
      ),
    );

  return {
    job: (datasourceId, jobId, limits) =>
      get(`/crawl/${datasourceId}/crawls/${jobId}`, limits, (json) =>
        readAs(crawlJobSchema, json, (job) =>
          sameId(job.id, jobId) && sameId(job.datasource_id, datasourceId)
            ? undefined
            : 'crawl job',
        ),
      ),
    datasource: (datasourceId, limits) => getDatasource(datasourceSchema, datasourceId, limits),
    datasourceWithPageStats: (datasourceId, limits) =>
      getDatasource(datasourceWithPageStatsSchema, datasourceId, limits),
  };
}

/** The value in the documented shape, or what is wrong with it. */
type Read<T> = { value: T } | { problem: ResponseProblem };

function readAs<T>(
  schema: ZodMiniType<T>,
  json: unknown,
  isAnother: (value: T) => 'crawl job' | 'datasource' | undefined,
): Read<T> {
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
    return { problem: { kind: 'field', field } };
  }
  const of = isAnother(parsed.data);
  return of === undefined ? { value: parsed.data } : { problem: { kind: 'other-id', of } };
}

function classify<T>(
  response: HttpResponse,
  {
    read,
    secrets,
    now,
  }: { read: (json: unknown) => Read<T>; secrets: readonly string[]; now: number },
): ApiResponse<T> {
  const { status, headers } = response;
  const retryable = (
    outcome: Retryable['outcome'],
    problem: ResponseProblem,
  ): ApiResponse<never> => ({
    kind: 'retryable',
    outcome,
    problem,
    retryAfterMs: parseRetryAfter(headers['retry-after'], now),
  });
  const ageMs = ageOf(headers);
  if (ageMs > MAX_AGE_MS) return retryable('invalid-response', { kind: 'stale', ageMs });
  if (status >= 200 && status < 300) {
    const json = parseJson(response.body);
    if (json === undefined) return retryable('invalid-response', { kind: 'not-json' });
    const found = read(json);
    if ('problem' in found) return retryable('invalid-response', found.problem);
    return { kind: 'ok', value: sanitizeJson(found.value, secrets, documentedWords) as T };
  }
  if (status === 404) return { kind: 'not-found' };
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    return retryable('unreachable', { kind: 'status', status });
  }
  const isApisToGive = status === 400 || status === 401 || status === 403 || status === 422;
  if (isApisToGive && isHtml(headers)) {
    return retryable('invalid-response', { kind: 'page', status });
  }
  if (status === 401 || status === 403) return { kind: 'fatal', outcome: 'unauthorized', status };
  if (status === 400 || status === 422) {
    const quote = apiMessage(response.body, secrets);
    const said = quote === '' ? {} : { quote };
    return { kind: 'fatal', outcome: 'invalid-input', status, ...said };
  }
  return { kind: 'fatal', outcome: 'invalid-response', status };
}

function isHtml(headers: HttpResponse['headers']): boolean {
  return /^\s*text\/html\b/i.test(headers['content-type'] ?? '');
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
