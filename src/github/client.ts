import { getOctokit } from '@actions/github';
import type { Clock } from '../ports/clock.ts';
import type {
  Github,
  GithubError,
  PullRequestComment,
  RequestOptions,
  RunContext,
} from '../ports/github.ts';
import type { HttpClient } from '../ports/http.ts';
import { MARK_START } from './comment-mark.ts';
import { explain, explainResponse, type FailedResponse, isObject } from './failure.ts';
import { createFetch } from './fetch.ts';
import { unlessAborted } from './unless-aborted.ts';

/** Short enough that there is time for a second try. */
const TRY_TIMEOUT_MS = 4_000;
/** Before the second try; the third waits 4 times as long, the fourth 9 times. */
const RETRY_PAUSE_MS = 500;
const MAX_TRIES = 4;
const PAGE_SIZE = 100;
/** Of comments: 100 pages are 10,000 comments, and end a server that never stops. */
const MAX_PAGES = 100;

/** Parameters of the tests. */
export interface RequestTimes {
  tryTimeoutMs?: number;
  retryPauseMs?: number;
}

type Rest = ReturnType<typeof getOctokit>['rest'];

/** Sends a request, and again while that might help, until `read` accepts what it brings. */
type Send = <T>(
  options: RequestOptions,
  request: (signal: { request: { signal: AbortSignal } }) => Promise<FailedResponse>,
  read: (data: unknown, response: FailedResponse) => T | false,
) => Promise<T>;

/** The repository, and what its requests are sent with. */
interface Repository {
  rest: Rest;
  send: Send;
  owner: string;
  repo: string;
}

/**
 * The GitHub API through GitHub's own toolkit. It is a bundle of its own that is read only when
 * it is wanted, so it imports nothing that is large or that two bundles must share.
 */
export function createGithubClient(
  token: string,
  context: RunContext,
  { http, clock }: { http: HttpClient; clock: Clock },
  { tryTimeoutMs = TRY_TIMEOUT_MS, retryPauseMs = RETRY_PAUSE_MS }: RequestTimes = {},
): Github {
  const { owner, repo, runUrl, apiUrl } = context;
  const { rest } = getOctokit(token, {
    ...(apiUrl === undefined ? {} : { baseUrl: apiUrl }),
    userAgent: 'opencx-crawl-gate',
    request: { fetch: createFetch(http, tryTimeoutMs) },
    // What a server says of deprecations is untrusted text, and nothing that a reader can fix.
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const send = createSend(clock, retryPauseMs, [token]);
  const repository = { rest, send, owner, repo };
  return {
    context,
    ...statusRequests(repository, runUrl),
    ...pullRequestRequests(repository),
    ...commentRequests(repository),
    ownId: (options) =>
      send(options, rest.users.getAuthenticated, (data) =>
        isObject(data) && typeof data['id'] === 'number' ? data['id'] : false,
      ),
  };
}

function createSend(clock: Clock, retryPauseMs: number, secrets: readonly string[]): Send {
  return async (options, request, read) => {
    const { signal } = options;
    for (let tries = 1; ; tries += 1) {
      try {
        const response = await unlessAborted(request({ request: { signal } }), signal);
        const value = response.status < 300 && read(response.data, response);
        if (value === false) throw explainResponse(response, secrets, clock.now());
        return value;
      } catch (error) {
        const failure = explain(error, secrets, clock.now());
        const pause = pauseBeforeRetry(failure, tries, options, retryPauseMs);
        const retryAt = clock.elapsed() + (pause ?? 0);
        const isLast =
          pause === undefined || retryAt >= (options.until ?? Number.POSITIVE_INFINITY);
        if (isLast || signal.aborted) throw failure;
        await clock.sleepUntil(retryAt, signal).catch(() => {
          throw failure;
        });
      }
    }
  };
}

function statusRequests(
  { rest, send, owner, repo }: Repository,
  runUrl: string,
): Pick<Github, 'setStatus' | 'latestStatus'> {
  return {
    async setStatus({ sha, ...status }, options) {
      const asked = { owner, repo, sha, ...status, target_url: runUrl };
      await send(
        options,
        (signal) => rest.repos.createCommitStatus({ ...asked, ...signal }),
        (data) =>
          isStatus(data) && data.context === status.context && stateOf(data) === status.state,
      );
    },
    async latestStatus({ sha: ref, context: name }, options) {
      const asked = { owner, repo, ref, per_page: PAGE_SIZE };
      const statuses = await send(
        options,
        (signal) => rest.repos.getCombinedStatusForRef({ ...asked, ...signal }),
        (data) => isObject(data) && Array.isArray(data['statuses']) && data['statuses'],
      );
      const found = statuses.filter(isStatus).find((status) => status.context === name);
      return found && { state: stateOf(found) ?? '', description: found.description ?? '' };
    },
  };
}

function pullRequestRequests({ rest, send, owner, repo }: Repository): Pick<Github, 'headOf'> {
  return {
    headOf: (pull_number, options) =>
      send(
        options,
        (signal) => rest.pulls.get({ owner, repo, pull_number, ...signal }),
        (data) => {
          const sha = isObject(data) && isObject(data['head']) && data['head']['sha'];
          return typeof sha === 'string' && sha;
        },
      ),
  };
}

function commentRequests({
  rest,
  send,
  owner,
  repo,
}: Repository): Pick<Github, 'comments' | 'createComment' | 'editComment' | 'deleteComment'> {
  return {
    async comments(issue_number, options) {
      const all = new Map<number, PullRequestComment>();
      for (let page = 1; page <= MAX_PAGES; page += 1) {
        const known = all.size;
        const asked = { owner, repo, issue_number, per_page: PAGE_SIZE, page };
        const { comments, isLast } = await send(
          options,
          (signal) => rest.issues.listComments({ ...asked, ...signal }),
          readPage,
        );
        for (const comment of comments) all.set(comment.id, comment);
        // Gitea has no pages here: each one is the whole list.
        if (isLast || all.size === known) break;
      }
      return [...all.values()].sort((one, other) => one.id - other.id);
    },
    async createComment(issue_number, body, options) {
      const asked = { owner, repo, issue_number, body };
      await send(
        options,
        (signal) => rest.issues.createComment({ ...asked, ...signal }),
        (data) => isComment(data) && hasFirstLineOf(body, data.body),
      );
    },
    async editComment(comment_id, body, options) {
      const asked = { owner, repo, comment_id, body };
      await send(
        options,
        (signal) => rest.issues.updateComment({ ...asked, ...signal }),
        (data) => isComment(data) && data.id === comment_id && hasFirstLineOf(body, data.body),
      );
    },
    async deleteComment(comment_id, options) {
      await send(
        options,
        (signal) => rest.issues.deleteComment({ owner, repo, comment_id, ...signal }),
        (_, { status }) => status === 204,
      );
    },
  };
}

/** Milliseconds before the next try; `undefined` when none might help. */
function pauseBeforeRetry(
  { reason, retryAfterMs = 0 }: GithubError,
  tries: number,
  { retry = 'failures' }: RequestOptions,
  basePauseMs: number,
): number | undefined {
  const mightHelp =
    (reason === 'rate-limit' && retry !== 'nothing') ||
    ((reason === 'no-response' || reason === 'server-error') && retry === 'failures');
  if (!mightHelp || tries >= MAX_TRIES) return undefined;
  return Math.max(basePauseMs * tries ** 2, retryAfterMs);
}

/** One page of comments, and whether it is the last. */
function readPage(data: unknown, { headers }: FailedResponse) {
  if (!Array.isArray(data)) return false;
  const comments = data.filter(isComment).map(({ id, body, user }): PullRequestComment => {
    // What another comment says is not kept: there can be thousands of long ones.
    const own = body.startsWith(MARK_START) ? body : '';
    return { id, body: own, author: authorOf(user) };
  });
  const hasNext = String(headers['link'] ?? '').includes('rel="next"');
  // Gitea sets no link: there a full page might have a next one.
  const isFull = headers['link'] === undefined && data.length >= PAGE_SIZE;
  return { comments, isLast: !hasNext && !isFull };
}

function authorOf(user: unknown): PullRequestComment['author'] {
  if (!isObject(user)) return undefined;
  const { id, type } = user;
  if (typeof id !== 'number') return undefined;
  return { id, kind: type === undefined ? 'unknown' : type === 'Bot' ? 'bot' : 'person' };
}

function isComment(data: unknown): data is { id: number; body: string; user?: unknown } {
  return isObject(data) && typeof data['id'] === 'number' && typeof data['body'] === 'string';
}

/** The first line says which comment it is. Of the rest a forge might change whitespace. */
function hasFirstLineOf(sent: string, received: string): boolean {
  const [line = ''] = sent.split('\n');
  return received.startsWith(line.trimEnd());
}

interface StatusResponse {
  context: string;
  description?: string | null;
  state?: string;
  /** Gitea's name for the state. */
  status?: string;
}

function isStatus(data: unknown): data is StatusResponse {
  return isObject(data) && typeof data['context'] === 'string';
}

function stateOf({ state, status }: StatusResponse): string | undefined {
  return state ?? status;
}
