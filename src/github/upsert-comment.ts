import {
  asGithubError,
  type Github,
  type PullRequestComment,
  type RequestOptions,
} from '../ports/github.ts';

/** The comment that is to stand on a pull request, once. */
export interface WantedComment {
  pullRequest: number;
  /** What its body begins with, and no other comment's of the gate. */
  mark: string;
  body: string;
}

/**
 * Edits the comment with the mark, or writes it when there is none
 * (contract, section What people see).
 *
 * @throws GithubError when GitHub did not take it
 */
export async function upsertComment(
  github: Github,
  wanted: WantedComment,
  call: RequestOptions,
): Promise<void> {
  const { pullRequest, body } = wanted;
  if (await editOwn(github, wanted, call)) return;
  try {
    await github.createComment(pullRequest, body, { ...call, retry: false });
  } catch (error) {
    if (asGithubError(error)?.final !== false) throw error;
    // GitHub may have written it although the answer is lost: a blind second try would repeat it.
    if (await editOwn(github, wanted, call)) return;
    await github.createComment(pullRequest, body, { ...call, retry: false });
  }
}

/** Whether there was a comment with the mark, and it could be edited. */
async function editOwn(
  github: Github,
  wanted: WantedComment,
  call: RequestOptions,
): Promise<boolean> {
  let ownId: Promise<number | undefined> | undefined;
  const isOwn = async ({ person }: PullRequestComment): Promise<boolean> => {
    if (person === undefined) return true;
    // A token that may write can edit anybody's comment: a quoted mark must not hand it one.
    ownId ??= github.ownId(call).catch((error) => {
      // The token of a workflow is no person's. Without an answer a second comment might follow.
      if (asGithubError(error)?.final) return undefined;
      throw error;
    });
    return (await ownId) === person;
  };
  for await (const comment of github.comments(wanted.pullRequest, call)) {
    if (!comment.body.startsWith(wanted.mark) || !(await isOwn(comment))) continue;
    try {
      await github.editComment(comment.id, wanted.body, call);
      return true;
    } catch (error) {
      // Another bot's, or deleted in the meantime. Anything else must not end in a second comment.
      const { final = false, status } = asGithubError(error) ?? {};
      if (!final || (status !== 403 && status !== 404)) throw error;
    }
  }
  return false;
}
