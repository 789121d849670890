/** Where on GitHub a run stands. */
export interface RunContext {
  /** The API's address, which is another one on a GitHub Enterprise Server. */
  apiUrl: string | undefined;
  owner: string;
  repo: string;
  /** The commit that the run is about: the pull request's head, or the pushed commit. */
  sha: string;
  /** `undefined` when the event that started the run has none. */
  pullRequest: PullRequest | undefined;
  /** The run's page. */
  runUrl: string;
}

/** The pull request that a run belongs to. */
export interface PullRequest {
  number: number;
  /** The event did not tell the head: `Place.sha` is another commit. */
  headUnknown: boolean;
  /** It comes from a fork, whose runs get a token that may only read. */
  fromFork: boolean;
}

/** What a commit status shows. */
export interface CommitStatus {
  state: 'pending' | 'success' | 'failure' | 'error';
  /** Plain text on one line, at most as long as GitHub takes. */
  description: string;
}

/** One comment on a pull request. */
export interface PullRequestComment {
  id: number;
  body: string;
  /** The account's number when a person wrote it, `undefined` for a bot. */
  person: number | undefined;
}

/** How one request is sent. */
export interface RequestOptions {
  /** Ends it, and the tries that would follow. */
  signal: AbortSignal;
  /** Whether it is tried again when the network or GitHub fails; yes when not said. */
  retry?: boolean;
}

/** As much of GitHub as the reports need; every method throws a `GithubError` when it fails. */
export interface Github {
  context: RunContext;
  setStatus(
    status: CommitStatus & { sha: string; context: string },
    call: RequestOptions,
  ): Promise<void>;
  headOf(pullRequest: number, call: RequestOptions): Promise<string>;
  /** All comments, the oldest first, read page by page as they are asked for. */
  comments(pullRequest: number, call: RequestOptions): AsyncIterable<PullRequestComment>;
  createComment(pullRequest: number, body: string, call: RequestOptions): Promise<void>;
  editComment(id: number, body: string, call: RequestOptions): Promise<void>;
  /** The number of the account that the token belongs to. */
  ownId(call: RequestOptions): Promise<number>;
}

/** A request to GitHub failed; the message says how, in a few words for people. */
export class GithubError extends Error {
  /** The answer's HTTP status; `undefined` when there was no answer. */
  readonly status: number | undefined;
  /** The same request would fail again: a permission is missing, or GitHub refuses it. */
  readonly final: boolean;

  constructor(
    message: string,
    { status, final = false, cause }: { status?: number; final?: boolean; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.name = 'GithubError';
    this.status = status;
    this.final = final;
  }
}

/** The error as a `GithubError`, if it is one. Known by its name: the bundle that throws it has a class of its own. */
export function asGithubError(error: unknown): GithubError | undefined {
  return error instanceof Error && error.name === 'GithubError'
    ? (error as GithubError)
    : undefined;
}
