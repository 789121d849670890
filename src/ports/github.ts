/** What a commit status shows. */
export interface CommitStatus {
  state: 'pending' | 'success' | 'failure' | 'error';
  /** Plain text on one line, up to 140 characters. */
  description: string;
}

/** Where on GitHub a workflow run stands. */
export interface RunContext {
  /** The address of the API; GitHub Enterprise Server and Gitea have their own. */
  apiUrl: string | undefined;
  /** Gitea asks for other permissions than GitHub does. */
  forge: 'github' | 'gitea';
  owner: string;
  repo: string;
  /** The commit that the event is about: the pull request's head, or the pushed commit. */
  sha: string;
  /** `undefined` when the event that started the run names none. */
  pullRequest: PullRequest | undefined;
  /** The event belongs to a fork, and GitHub does not say which pull request it is about. */
  pullRequestHidden: boolean;
  /** The page of the run. */
  runUrl: string;
  /** `undefined` when the runner does not say. */
  run: RunNumber | undefined;
}

/** Tells an older workflow run from a newer one. */
export interface RunNumber {
  id: number;
  /** From 1; each rerun adds one. */
  attempt: number;
}

/** The pull request that a run belongs to. */
export interface PullRequest {
  number: number;
  /** The event does not name the head: `RunContext.sha` is another commit. */
  headUnknown: boolean;
  /** It comes from a fork, and the event gives its runs a token that can only read. */
  readOnlyToken: boolean;
}

/** One comment on a pull request. */
export interface PullRequestComment {
  id: number;
  body: string;
  /** `undefined` when the account was deleted. `unknown`: the forge does not tell bots from people. */
  author: { id: number; kind: 'bot' | 'person' | 'unknown' } | undefined;
}

/** How one request is sent. */
export interface RequestOptions {
  /** Ends the request, and the tries that would follow. */
  signal: AbortSignal;
  /**
   * What is tried again: `failures` (the default) of the network and of GitHub; only `refusals`,
   * which certainly had no effect (a rate limit); or `nothing`.
   */
  retry?: 'failures' | 'refusals' | 'nothing';
  /** `Clock.elapsed()` milliseconds: no pause goes beyond it, a `Retry-After` included. */
  until?: number;
}

/** As much of GitHub as the reports need. Every method throws a `GithubError` when it fails. */
export interface Github {
  context: RunContext;
  setStatus(
    status: CommitStatus & { sha: string; context: string },
    options: RequestOptions,
  ): Promise<void>;
  /** The newest commit status of that name; `undefined` when there is none. */
  latestStatus(
    where: { sha: string; context: string },
    options: RequestOptions,
  ): Promise<{ state: string; description: string } | undefined>;
  /** The commit ID of the pull request's head. */
  headOf(pullRequest: number, options: RequestOptions): Promise<string>;
  /** All comments, the oldest first. */
  comments(pullRequest: number, options: RequestOptions): Promise<PullRequestComment[]>;
  createComment(pullRequest: number, body: string, options: RequestOptions): Promise<void>;
  editComment(id: number, body: string, options: RequestOptions): Promise<void>;
  deleteComment(id: number, options: RequestOptions): Promise<void>;
  /** The number of the account that the token belongs to. */
  ownId(options: RequestOptions): Promise<number>;
}

/** Why GitHub did not do what it was asked. */
export type GithubFailure =
  /** No response came; GitHub might have done it. */
  | 'no-response'
  /** 5xx and the like; GitHub might have done it. */
  | 'server-error'
  /** A primary or a secondary rate limit. */
  | 'rate-limit'
  /** A redirect that is not followed. */
  | 'redirect'
  /** A page, or something else that is not what was asked for. */
  | 'unexpected-response'
  | 'invalid-token'
  /** The organization wants the token to be authorized for single sign-on. */
  | 'sso'
  | 'ip-allow-list'
  | 'locked'
  | 'archived'
  | 'permission'
  | 'not-found'
  /** Anything else that GitHub does not accept, such as a commit that does not exist. */
  | 'refused';

/** A request to GitHub failed; the message says how, in a few words for people. */
export class GithubError extends Error {
  readonly reason: GithubFailure;
  /** Milliseconds that GitHub wants to be left alone. */
  readonly retryAfterMs: number | undefined;
  /** The permission that is missing, where it is not the one that the report itself needs. */
  readonly needs: string | undefined;

  constructor(
    reason: GithubFailure,
    message: string,
    {
      retryAfterMs,
      needs,
      cause,
    }: { retryAfterMs?: number | undefined; needs?: string; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.name = 'GithubError';
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
    this.needs = needs;
  }
}

/** The error as a `GithubError`, if it is one. Known by its name: the bundle that throws it has a class of its own. */
export function asGithubError(error: unknown): GithubError | undefined {
  return error instanceof Error && error.name === 'GithubError'
    ? (error as GithubError)
    : undefined;
}
