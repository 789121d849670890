import {
  asGithubError,
  type Github,
  GithubError,
  type PullRequestComment,
  type RequestOptions,
  type RunNumber,
} from '../ports/github.ts';
import { runOfComment } from './comment.ts';

/** The comment that is to stand on a pull request, once. */
export interface WantedComment {
  pullRequest: number;
  /** Its body starts with this, and no other comment of the action does. */
  mark: string;
  body: string;
  /** The run that found what the body says. */
  run: RunNumber | undefined;
  /** Whether it is created where there is none. */
  create: boolean;
}

/** What is to be done so that one comment is left, and says what the newest run found. */
export type CommentStep =
  | { kind: 'create'; body: string }
  | { kind: 'edit'; id: number; body: string }
  | { kind: 'delete'; id: number };

/** Rounds of reading and writing: two for every run, more only where runs end together. */
const MAX_ROUNDS = 4;

/** What the rounds so far have shown. */
interface Progress {
  /** The pull request has a comment that this run wrote. */
  written: boolean;
  /** Comments that this token cannot change: another bot's, or deleted in the meantime. */
  notOurs: ReadonlySet<number>;
  /** What GitHub said to the last write that had no effect, or whose effect is not known. */
  failure: unknown;
}

/**
 * Edits the comment with the mark, or creates it, and reads the list again, because another run
 * might have done the same (contract, section What people see).
 *
 * @returns whether the pull request says what this run found, or a newer run's comment was kept
 * @throws GithubError when GitHub did not accept it
 */
export async function upsertComment(
  github: Github,
  wanted: WantedComment,
  options: RequestOptions,
): Promise<'current' | 'newer-kept'> {
  const isOwn = ownership(github, options);
  let progress: Progress = { written: false, notOurs: new Set(), failure: undefined };
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    const listed = await listOwn(github, wanted, options, isOwn).catch((error: unknown) => {
      // What was written stands, even if nobody can check who else wrote.
      if (progress.written) return undefined;
      throw error;
    });
    if (listed === undefined) return 'current';
    const own = listed.filter(({ id }) => !progress.notOurs.has(id));
    const steps = stepsToOneComment(own, wanted, progress.written);
    if (steps.length === 0) {
      if (own.length === 0 && progress.failure !== undefined) throw progress.failure;
      return own.some((comment) => isNewer(comment, wanted)) ? 'newer-kept' : 'current';
    }
    for (const step of steps) {
      progress = await perform(github, wanted.pullRequest, step, options).then(
        () => afterWrite(progress, step),
        (error: unknown) => afterFailure(progress, step, error),
      );
    }
  }
  if (!progress.written && progress.failure !== undefined) throw progress.failure;
  return 'current';
}

function afterWrite(progress: Progress, { kind }: CommentStep): Progress {
  return kind === 'delete' ? progress : { ...progress, written: true, failure: undefined };
}

/** @throws the error when another round would not help */
function afterFailure(progress: Progress, step: CommentStep, error: unknown): Progress {
  const { reason } = asGithubError(error) ?? {};
  if (step.kind === 'create') {
    // It might be there although the response is lost: a second one only if the list lacks it.
    if (reason === 'no-response' || reason === 'server-error')
      return { ...progress, failure: error };
    throw error;
  }
  const notOurs = new Set([...progress.notOurs, step.id]);
  if (reason === 'not-found') return { ...progress, notOurs };
  if (reason === 'permission') return { ...progress, notOurs, failure: error };
  if (progress.written) return { ...progress, notOurs };
  throw error;
}

/**
 * Pure: the oldest own comment stays and says what the newest run found; the others go.
 *
 * @param own the comments with the mark that this token may edit, the oldest first
 * @param written this run has written already: of two with the same number the other one wins now,
 * so that they do not overwrite each other for ever
 */
export function stepsToOneComment(
  own: readonly PullRequestComment[],
  { run, body, create }: Pick<WantedComment, 'run' | 'body' | 'create'>,
  written: boolean,
): CommentStep[] {
  const [oldest, ...others] = own;
  if (oldest === undefined) return create && !written ? [{ kind: 'create', body }] : [];
  const newest = own.reduce((best, comment) =>
    compareRuns(runOfComment(comment.body), runOfComment(best.body)) >= 0 ? comment : best,
  );
  const order = compareRuns(run, runOfComment(newest.body));
  const isOurs = written ? order > 0 : order >= 0;
  const says = isOurs ? body : newest.body;
  return [
    ...(says === oldest.body ? [] : [{ kind: 'edit' as const, id: oldest.id, body: says }]),
    ...others.map(({ id }) => ({ kind: 'delete' as const, id })),
  ];
}

/** Below zero when the first run is the older one. A run without a number is older than any. */
export function compareRuns(one: RunNumber | undefined, other: RunNumber | undefined): number {
  if (one === undefined || other === undefined) return Number(!!one) - Number(!!other);
  return one.id - other.id || one.attempt - other.attempt;
}

function isNewer({ body }: PullRequestComment, { run }: WantedComment): boolean {
  return compareRuns(runOfComment(body), run) > 0;
}

function perform(
  github: Github,
  pullRequest: number,
  step: CommentStep,
  options: RequestOptions,
): Promise<void> {
  switch (step.kind) {
    case 'create':
      return github.createComment(pullRequest, step.body, { ...options, retry: 'refusals' });
    case 'edit':
      return github.editComment(step.id, step.body, options);
    case 'delete':
      return github.deleteComment(step.id, options);
  }
}

type Ownership = (comment: PullRequestComment) => Promise<boolean>;

async function listOwn(
  github: Github,
  { pullRequest, mark }: WantedComment,
  options: RequestOptions,
  isOwn: Ownership,
): Promise<PullRequestComment[]> {
  const all = await github.comments(pullRequest, options);
  const marked = all.filter(({ body }) => body.startsWith(mark));
  const own = await Promise.all(marked.map(isOwn));
  return marked.filter((_, index) => own[index]);
}

/**
 * A token that can write can edit anybody's comment: a quoted mark must not hand it one. The
 * token is asked for its account once, and only when there is a comment with the mark.
 */
function ownership(github: Github, options: RequestOptions): Ownership {
  let account: Promise<number | GithubError> | undefined;
  return async ({ author }) => {
    if (author === undefined) return false;
    account ??= github.ownId(options).catch(refusalOf);
    const id = await account;
    if (typeof id === 'number') return id === author.id;
    // On GitHub the token of a workflow or of an app has no account, and writes as a bot.
    if (author.kind !== 'unknown') return author.kind === 'bot';
    throw new GithubError(
      'permission',
      `Could not read whose token this is, to find its own comment: ${id.message}`,
      { needs: 'read:user', cause: id },
    );
  };
}

/** @throws the error when it says nothing about the token */
function refusalOf(error: unknown): GithubError {
  const failure = asGithubError(error);
  const isAboutToken = ['permission', 'not-found', 'invalid-token'].includes(failure?.reason ?? '');
  if (failure !== undefined && isAboutToken) return failure;
  throw error;
}
