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

/**
 * Edits the comment with the mark, or creates it, and reads the list again, because another run
 * might have done the same (contract, section What people see).
 *
 * @returns whether the pull request says what this run found; a newer run's comment is kept
 * @throws GithubError when GitHub did not accept it
 */
export async function upsertComment(
  github: Github,
  wanted: WantedComment,
  options: RequestOptions,
): Promise<'current' | 'newer-kept'> {
  const isOwn = ownership(github, options);
  const notOurs = new Set<number>();
  let written = false;
  let failure: unknown;
  let refusal: unknown;
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    let own: PullRequestComment[];
    try {
      own = await listOwn(github, wanted, options, isOwn);
    } catch (error) {
      // What was written stands, even if nobody can check who else wrote.
      if (written) return 'current';
      throw error;
    }
    const left = own.filter(({ id }) => !notOurs.has(id));
    const steps = stepsToOneComment(left, wanted, written);
    if (steps.length === 0) {
      if (left.length === 0 && refusal !== undefined) throw refusal;
      return sayNewer(left, wanted) ? 'newer-kept' : 'current';
    }
    failure = undefined;
    for (const step of steps) {
      try {
        await perform(github, wanted.pullRequest, step, options);
        written ||= step.kind !== 'delete';
      } catch (error) {
        const { reason } = asGithubError(error) ?? {};
        if (step.kind === 'create') {
          // It might be there although the response is lost: a second one only if it is not.
          if (reason !== 'no-response' && reason !== 'server-error') throw error;
          failure = error;
        } else if (reason === 'permission' || reason === 'not-found') {
          // Another bot's, or deleted in the meantime.
          notOurs.add(step.id);
          if (reason === 'permission') refusal = error;
        } else if (!written) throw error;
      }
    }
  }
  if (failure !== undefined) throw failure;
  return 'current';
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

function sayNewer(own: readonly PullRequestComment[], { run }: WantedComment): boolean {
  return own.some(({ body }) => compareRuns(runOfComment(body), run) > 0);
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
  let account: Promise<number | undefined> | undefined;
  return async ({ author }) => {
    if (author === undefined) return false;
    account ??= github.ownId(options).catch((error: unknown) => {
      const { reason, message } = asGithubError(error) ?? {};
      if (reason !== 'permission' && reason !== 'not-found' && reason !== 'invalid-token') {
        throw error;
      }
      // On GitHub the token of a workflow or of an app has no account.
      if (author.kind !== 'unknown') return undefined;
      throw new GithubError(
        'permission',
        `Could not read whose token this is, to find its own comment: ${message}`,
        { needs: 'read:user', cause: error },
      );
    });
    const id = await account;
    return id === undefined ? author.kind === 'bot' : id === author.id;
  };
}
