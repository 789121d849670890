import { asGithubError, type PullRequest } from '../ports/github.ts';
import { oneLine, sanitize } from '../untrusted-text.ts';

/** Something that GitHub was to show and does not. */
export interface FailedReport {
  what: 'comment' | 'commit status';
  error: unknown;
}

const PERMISSIONS = {
  comment: 'pull-requests: write',
  'commit status': 'statuses: write',
} as const satisfies Record<FailedReport['what'], string>;

/** One warning for all that GitHub does not show: what happened, and what to do. */
export function warningOf(
  debts: readonly FailedReport[],
  pullRequest: PullRequest | undefined,
): { title: string; message: string } {
  const missing = debts.map(({ what }) => `the ${what}`).join(' and ');
  const lines = debts.map(
    ({ what, error }) => `The ${what}: ${reasonOf(error)}. ${remedy(what, error)}`,
  );
  const refused = debts.some(({ error }) => lacksPermission(error));
  const fork =
    refused && pullRequest?.fromFork
      ? ['This pull request comes from a fork, whose runs get a token that can only read.']
      : [];
  return {
    title: `GitHub does not show ${missing}`,
    message: [...lines, ...fork, 'The outcome of this step does not depend on it.'].join('\n'),
  };
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return oneLine(sanitize(message, [], 300)).replace(/\.$/, '');
}

function remedy(what: FailedReport['what'], error: unknown): string {
  const permission = `\`${PERMISSIONS[what]}\``;
  if (asGithubError(error)?.status === 401) {
    return `Check \`github-token\`: it must be current, with the permission ${permission}.`;
  }
  if (asGithubError(error) === undefined) {
    return `This needs a workflow run on GitHub, with the permission ${permission}.`;
  }
  if (lacksPermission(error)) {
    return `Give the job ${permission} under \`permissions\`, or \`github-token\` a token that may do this.`;
  }
  return `Run the step again when GitHub can be reached; it needs the permission ${permission} too.`;
}

function lacksPermission(error: unknown): boolean {
  const failure = asGithubError(error);
  return failure?.final === true && (failure.status === 403 || failure.status === 404);
}
