import {
  asGithubError,
  type GithubError,
  type GithubFailure,
  type RunContext,
} from '../ports/github.ts';
import { oneLine, sanitize } from '../untrusted-text.ts';

/** A report that did not reach GitHub. */
export interface FailedReport {
  what: 'comment' | 'commit status';
  error: unknown;
}

const PERMISSIONS: Record<RunContext['forge'], Record<FailedReport['what'], string>> = {
  github: { comment: 'pull-requests: write', 'commit status': 'statuses: write' },
  gitea: { comment: 'pull-requests: write', 'commit status': 'contents: write' },
};

/** What helps, by what is wrong; `permission` is in code. */
const FIXES: Record<GithubFailure, (permission: string) => string> = {
  'no-response': whenAvailable,
  'server-error': whenAvailable,
  'rate-limit': () =>
    'The token reached a GitHub rate limit. Rerun the job later. If this happens often, run fewer jobs with a comment or a commit status at the same time.',
  redirect: () =>
    "This action sends the token only to GitHub, so it doesn't follow redirects to other addresses. Check `GITHUB_API_URL`, and whether the repository moved.",
  'unexpected-response': () => 'Check whether a proxy or a login page responds in place of GitHub.',
  'invalid-token': (permission) =>
    `Check that \`github-token\` is valid and has the ${permission} permission.`,
  sso: () =>
    "Authorize the token in `github-token` for the organization's single sign-on, or use `${{ github.token }}`.",
  'ip-allow-list': () =>
    "Add the runner's IP address to the IP allow list of the organization, or use a runner with an allowed address.",
  locked: () => 'Unlock the conversation of the pull request, or set `comment` to `false`.',
  archived: () =>
    'The repository is archived and read-only. Unarchive it, or set `comment` to `false` and leave `commit-status` empty.',
  permission: (permission) =>
    `Add ${permission} to the job's \`permissions\`, or set \`github-token\` to a token that has this permission.`,
  'not-found': (permission) =>
    `Check that \`github-token\` can access this repository and has the ${permission} permission.`,
  refused: () => 'Fix what the response names, and rerun the job.',
};

function whenAvailable(permission: string): string {
  return `Rerun the job when GitHub is available. The job also needs the ${permission} permission.`;
}

/** One warning for every report that failed: what happened, and what helps. */
export function warningOf(
  failed: readonly FailedReport[],
  context: Pick<RunContext, 'forge' | 'pullRequest'> | undefined,
): { title: string; message: string } {
  const lines = failed.map(({ what, error }) => {
    const name = `${what[0]?.toUpperCase()}${what.slice(1)}`;
    return `${name}: ${reasonOf(error)}. ${fixOf(what, error, context)}`;
  });
  return {
    title: `Could not update ${failed.map(({ what }) => `the ${what}`).join(' and ')}`,
    message: [...lines, 'This does not affect the outcome of this step.'].join('\n'),
  };
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return oneLine(sanitize(message, [], 300)).replace(/\.$/, '');
}

function fixOf(
  what: FailedReport['what'],
  error: unknown,
  context: Pick<RunContext, 'forge' | 'pullRequest'> | undefined,
): string {
  const failure: GithubError | undefined = asGithubError(error);
  const permission = `\`${failure?.needs ?? PERMISSIONS[context?.forge ?? 'github'][what]}\``;
  if (failure === undefined) {
    return `This requires a workflow run on GitHub with the ${permission} permission.`;
  }
  if (failure.needs !== undefined) return `Give the token the scope ${permission}.`;
  const { reason } = failure;
  if ((reason === 'permission' || reason === 'not-found') && context?.pullRequest?.readOnlyToken) {
    return 'This pull request is from a fork, so the token is read-only.';
  }
  return FIXES[reason](permission);
}
