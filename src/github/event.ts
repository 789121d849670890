import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import type { RunContext } from '../ports/github.ts';

const repository = z.nullish(z.looseObject({ full_name: z.string() }));
const base = z.looseObject({ repo: z.looseObject({ id: z.number() }) });
/** What `workflow_run`, `check_run`, and `check_suite` have in common. */
const checks = z.looseObject({
  head_sha: z.string(),
  head_repository: absent(repository),
  pull_requests: absent(z.array(z.looseObject({ number: z.number(), base }))),
});

/** What is read of the event; a part that looks different counts as absent. */
const eventSchema = z.looseObject({
  repository: absent(z.looseObject({ id: z.number() })),
  // pull_request, pull_request_target, and the reviews
  pull_request: absent(
    z.looseObject({
      number: z.number(),
      head: z.looseObject({ sha: z.string(), repo: repository }),
    }),
  ),
  // issue_comment, on an issue as on a pull request
  issue: absent(z.looseObject({ number: z.number(), pull_request: z.looseObject({}) })),
  // deployment, deployment_status: the latter names the run that deployed, too
  deployment: absent(z.looseObject({ sha: z.string() })),
  workflow_run: absent(checks),
  check_run: absent(checks),
  check_suite: absent(checks),
  merge_group: absent(z.looseObject({ head_sha: z.string() })),
  // status
  sha: absent(z.string()),
});

/**
 * Reads where the run stands from what the runner sets: the repository, the run's page, and from
 * the event the commit and the pull request (contract, section What people see).
 *
 * @throws Error when the runner does not say which repository it works for
 */
export function readRunContext(env: NodeJS.ProcessEnv): RunContext {
  const fullName = env['GITHUB_REPOSITORY'] ?? '';
  const [owner, repo] = fullName.split('/');
  if (!owner || !repo) throw new Error('GITHUB_REPOSITORY is not set to a repository');
  const server = env['GITHUB_SERVER_URL'] || 'https://github.com';
  const apiUrl = env['GITHUB_API_URL'] || undefined;
  const id = Number(env['GITHUB_RUN_ID'] || Number.NaN);
  return {
    apiUrl,
    forge: env['GITEA_ACTIONS'] === 'true' || apiUrl?.endsWith('/api/v1') ? 'gitea' : 'github',
    owner,
    repo,
    runUrl: `${server}/${owner}/${repo}/actions/runs/${env['GITHUB_RUN_ID'] ?? ''}`,
    run: Number.isNaN(id) ? undefined : { id, attempt: Number(env['GITHUB_RUN_ATTEMPT']) || 1 },
    sha: env['GITHUB_SHA'] ?? '',
    ...subjectOf(readEvent(env['GITHUB_EVENT_PATH']), fullName, env['GITHUB_EVENT_NAME']),
  };
}

type Event = z.infer<typeof eventSchema>;

/** The commit, where the event names one, and the pull request. */
function subjectOf(
  event: Event,
  fullName: string,
  name: string | undefined,
): Pick<RunContext, 'pullRequest' | 'pullRequestHidden'> & { sha?: string } {
  const isFork = (head: z.infer<typeof repository>) =>
    head?.full_name.toLowerCase() !== fullName.toLowerCase();
  const subject = { pullRequest: undefined, pullRequestHidden: false };
  const { pull_request: pull, issue, deployment, merge_group: group } = event;
  if (pull !== undefined) {
    const { number, head } = pull;
    // The repository of a head is null when the fork was deleted.
    const readOnlyToken = name !== 'pull_request_target' && isFork(head.repo);
    return {
      ...subject,
      sha: head.sha,
      pullRequest: { number, headUnknown: false, readOnlyToken },
    };
  }
  if (issue !== undefined) {
    const { number } = issue;
    return { ...subject, pullRequest: { number, headUnknown: true, readOnlyToken: false } };
  }
  if (deployment !== undefined) return { ...subject, sha: deployment.sha };
  const checked = event.workflow_run ?? event.check_run ?? event.check_suite;
  if (checked !== undefined) {
    // The list may hold pull requests that were opened in a fork, with numbers of its own.
    const own = checked.pull_requests?.find(({ base }) => base.repo.id === event.repository?.id);
    return {
      sha: checked.head_sha,
      pullRequest: own && { number: own.number, headUnknown: false, readOnlyToken: false },
      // For a fork the list is empty.
      pullRequestHidden:
        own === undefined && checked.head_repository != null && isFork(checked.head_repository),
    };
  }
  const sha = group?.head_sha ?? event.sha;
  return sha === undefined ? subject : { ...subject, sha };
}

function readEvent(path: string | undefined): Event {
  const nothing = eventSchema.parse({});
  if (!path) return nothing;
  try {
    const parsed = eventSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? parsed.data : nothing;
  } catch {
    return nothing;
  }
}

function absent<T extends z.ZodMiniType>(schema: T) {
  return z.catch(z.optional(schema), undefined);
}
