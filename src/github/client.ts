import { getOctokit } from '@actions/github';
import { defaults } from '@actions/github/lib/utils';
import { retry } from '@octokit/plugin-retry';
import { type Github, GithubError, type RequestOptions, type RunContext } from '../ports/github.ts';
import { oneLine, sanitize, secretVariants } from '../untrusted-text.ts';

/** Milliseconds that one try may take: short enough that there is time for a second one. */
const TRY_TIMEOUT = 4_000;
/** Milliseconds before the second try; the third waits 4 times as long, the fourth 9 times. */
const RETRY_PAUSE = 500;

/** How patient the requests are, in milliseconds; only tests are in a hurry. */
export interface Patience {
  tryTimeout?: number;
  retryPause?: number;
}

/**
 * GitHub through its own toolkit. This file is bundled by itself and read only when it is wanted,
 * so it imports nothing that is large or that two bundles must share.
 */
export function createGithubClient(
  token: string,
  place: RunContext,
  { tryTimeout = TRY_TIMEOUT, retryPause = RETRY_PAUSE }: Patience = {},
): Github {
  const { owner, repo, runUrl, apiUrl } = place;
  const { rest } = getOctokit(
    token,
    {
      ...(apiUrl === undefined ? {} : { baseUrl: apiUrl }),
      userAgent: 'opencx-crawl-gate',
      request: { fetch: boundedFetch(tryTimeout) },
      retry: { retryAfterBaseValue: retryPause },
      // What a server says of deprecations is foreign text, and nothing that a reader can mend.
      log: { debug() {}, info() {}, warn() {}, error() {} },
    },
    retry,
  );
  const secrets = secretVariants(token);

  async function send<T>(request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      throw explain(error, secrets);
    }
  }

  return {
    context: place,
    setStatus: async ({ sha, ...status }, call) => {
      const asked = { owner, repo, sha, ...status, target_url: runUrl, ...sentAs(call) };
      await send(() => rest.repos.createCommitStatus(asked));
    },
    async headOf(pull_number, call) {
      const { data } = await send(() =>
        rest.pulls.get({ owner, repo, pull_number, ...sentAs(call) }),
      );
      return data.head.sha;
    },
    async *comments(issue_number, call) {
      for (let page = 1; ; page += 1) {
        const asked = { owner, repo, issue_number, per_page: 100, page, ...sentAs(call) };
        const { data, headers } = await send(() => rest.issues.listComments(asked));
        if (!Array.isArray(data)) throw new GithubError('GitHub answered no list of comments');
        for (const { id, body, user } of data) {
          yield { id, body: body ?? '', person: user?.type === 'User' ? user.id : undefined };
        }
        if (!headers.link?.includes('rel="next"')) return;
      }
    },
    createComment: async (issue_number, body, call) => {
      await send(() =>
        rest.issues.createComment({ owner, repo, issue_number, body, ...sentAs(call) }),
      );
    },
    editComment: async (comment_id, body, call) => {
      await send(() =>
        rest.issues.updateComment({ owner, repo, comment_id, body, ...sentAs(call) }),
      );
    },
    ownId: async (call) => (await send(() => rest.users.getAuthenticated(sentAs(call)))).data.id,
  };
}

function sentAs({ signal, retry = true }: RequestOptions) {
  return { request: { signal, ...(retry ? {} : { retries: 0 }) } };
}

/** The toolkit's own fetch, which knows proxies, with a limit for each try. */
function boundedFetch(tryTimeout: number): typeof fetch {
  const toolkitFetch = defaults.request?.fetch as typeof fetch;
  return (url, options) => {
    const limits = [AbortSignal.timeout(tryTimeout), options?.signal];
    const signal = AbortSignal.any(limits.filter((limit) => limit != null));
    return toolkitFetch(url, { ...options, signal });
  };
}

/** As much as is read of what the toolkit throws. */
interface ToolkitError {
  response?: { status: number; headers: Record<string, unknown>; data: unknown };
  cause?: unknown;
}

function explain(error: unknown, secrets: readonly string[]): GithubError {
  const { response, cause } = error as ToolkitError;
  if (response === undefined) {
    return new GithubError(explainSilence(cause ?? error), { cause: error });
  }
  const { status, headers, data } = response;
  const said = data instanceof Object && 'message' in data ? String(data.message) : '';
  const quote = sanitize(oneLine(said), secrets, 200);
  const limited =
    status === 429 ||
    headers['retry-after'] !== undefined ||
    headers['x-ratelimit-remaining'] === '0';
  const final = status < 500 && status !== 408 && !limited;
  const message = `GitHub answered ${status}${quote === '' ? '' : ` (${quote})`}`;
  return new GithubError(message, { status, final, cause: error });
}

function explainSilence(error: unknown): string {
  if (!(error instanceof Error)) return 'GitHub could not be reached';
  if (error.name === 'TimeoutError' || error.name === 'AbortError') {
    return 'GitHub gave no answer in time';
  }
  const { code } = (error.cause ?? error) as { code?: unknown };
  return `GitHub could not be reached${typeof code === 'string' ? ` (${code})` : ''}`;
}
