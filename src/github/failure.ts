import { parseRetryAfter } from '../api/retry-after.ts';
import { GithubError, type GithubFailure } from '../ports/github.ts';
import { oneLine, sanitize } from '../untrusted-text.ts';

/** Characters of what GitHub said that are shown. */
const MAX_QUOTE_LENGTH = 200;
/** GitHub asks for at least this pause when a rate limit does not say how long it lasts. */
const DEFAULT_RATE_LIMIT_PAUSE_MS = 60_000;

/** As much as is read of a response. */
export interface FailedResponse {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, unknown>>;
  /** Parsed JSON, or the text when it is not JSON. */
  data: unknown;
}

/**
 * The phrases that GitHub and Gitea document for a 403 (and GitHub for some 422) whose status and
 * headers do not say what is wrong. This table is the only place that decides by them.
 */
const PHRASES: readonly (readonly [RegExp, GithubFailure])[] = [
  [/\brate limit\b|\babuse detection\b|\bsubmitted too quickly\b/i, 'rate-limit'],
  [/\bSAML\b|\bsingle sign-on\b/i, 'sso'],
  [/\bIP allow list\b/i, 'ip-allow-list'],
  [/\barchived\b/i, 'archived'],
  [/\b(?:is|was|been) locked\b|\blocked (?:issue|conversation|pull request)\b/i, 'locked'],
];

/**
 * Makes a `GithubError` of whatever Octokit throws (contract, section What people see).
 *
 * @param now milliseconds since 1970
 */
export function explain(error: unknown, secrets: readonly string[], now: number): GithubError {
  if (error instanceof GithubError) return error;
  const { response, cause } = (error ?? {}) as { response?: FailedResponse; cause?: unknown };
  return response === undefined
    ? explainSilence(cause ?? error, secrets)
    : explainResponse(response, secrets, now);
}

/** Makes a `GithubError` of a response that is not the one that was asked for. */
export function explainResponse(
  response: FailedResponse,
  secrets: readonly string[],
  now: number,
): GithubError {
  const { status, data } = response;
  const said = [messageOf(data), ...detailsOf(data)].filter((text) => text !== '').join('; ');
  const reason = classify(response, said);
  const quote = sanitize(oneLine(said), secrets, MAX_QUOTE_LENGTH);
  const message =
    reason === 'redirect'
      ? `GitHub redirected the request to another address (${status})`
      : reason === 'unexpected-response'
        ? `GitHub returned ${status}, but not the response that its API documents`
        : `GitHub returned ${status}${quote === '' ? '' : ` (${quote})`}`;
  return new GithubError(reason, message, { retryAfterMs: pauseOf(response, reason, now) });
}

/** What is wrong, by status and headers, and by what was said only where these leave it open. */
function classify({ status, headers, data }: FailedResponse, said: string): GithubFailure {
  if (status >= 300 && status < 400) return 'redirect';
  if (status >= 500 || status === 408 || status === 425) return 'server-error';
  if (status === 429) return 'rate-limit';
  if (status < 400 || isPage(headers, data)) return 'unexpected-response';
  if (status === 401) return 'invalid-token';
  if (status === 423) return 'archived';
  if (status === 404 || status === 410) return 'not-found';
  if (status === 403) {
    if (headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0') {
      return 'rate-limit';
    }
    if (headers['x-github-sso'] !== undefined) return 'sso';
  }
  const [, known] = PHRASES.find(([phrase]) => phrase.test(said)) ?? [];
  return known ?? (status === 403 ? 'permission' : 'refused');
}

/** A proxy or a login page responds with HTML; the API never does. */
function isPage(headers: FailedResponse['headers'], data: unknown): boolean {
  const isHtml = String(headers['content-type'] ?? '').includes('html');
  return isHtml || (typeof data === 'string' && data.trimStart().startsWith('<'));
}

function messageOf(data: unknown): string {
  return isObject(data) && typeof data['message'] === 'string' ? data['message'] : '';
}

/** The reasons of a 422: each has a message, or names the field and what is wrong with it. */
function detailsOf(data: unknown): string[] {
  if (!isObject(data) || !Array.isArray(data['errors'])) return [];
  return data['errors'].map((detail: unknown) => {
    if (typeof detail === 'string') return detail;
    if (!isObject(detail)) return '';
    return messageOf(detail) || [detail['field'], detail['code']].filter(Boolean).join(' ');
  });
}

/** How long GitHub wants to be left alone, in milliseconds. */
function pauseOf(
  { headers }: FailedResponse,
  reason: GithubFailure,
  now: number,
): number | undefined {
  const retryAfter = headers['retry-after'];
  if (typeof retryAfter === 'string') return parseRetryAfter(retryAfter, now);
  if (reason !== 'rate-limit') return undefined;
  const resetAt = Number(headers['x-ratelimit-reset'] ?? Number.NaN) * 1_000;
  const isSpent = headers['x-ratelimit-remaining'] === '0';
  return isSpent && resetAt > 0 ? Math.max(0, resetAt - now) : DEFAULT_RATE_LIMIT_PAUSE_MS;
}

function explainSilence(error: unknown, secrets: readonly string[]): GithubError {
  const failure: NetworkFailure = error instanceof Error ? error : new Error();
  const { name, message, timedOut, malformed } = failure;
  if (timedOut || name === 'TimeoutError' || name === 'AbortError') {
    return new GithubError('no-response', 'GitHub did not respond in time', { cause: error });
  }
  const detail =
    name === 'NetworkError' ? `: ${sanitize(oneLine(message), secrets, MAX_QUOTE_LENGTH)}` : '';
  return malformed
    ? new GithubError('unexpected-response', `GitHub sent a broken response${detail}`, {
        cause: error,
      })
    : new GithubError('no-response', `Could not reach GitHub${detail}`, { cause: error });
}

/** As much as is read of a `NetworkError`. It is known by its name: its class is in the other bundle. */
interface NetworkFailure {
  name: string;
  message: string;
  timedOut?: boolean;
  malformed?: boolean;
}

/** Whether it is a JSON object, and no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
