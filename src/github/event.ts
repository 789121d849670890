import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import type { PullRequest, RunContext } from '../ports/github.ts';

const repository = z.nullish(z.looseObject({ full_name: z.string() }));
const base = z.looseObject({ repo: z.looseObject({ id: z.number() }) });

/** What is read of the event; a part that looks different counts as absent. */
const eventSchema = z.looseObject({
  repository: absent(z.looseObject({ id: z.number() })),
  // pull_request, pull_request_target and the reviews
  pull_request: absent(
    z.looseObject({
      number: z.number(),
      head: z.looseObject({ sha: z.string(), repo: repository }),
    }),
  ),
  // issue_comment, on an issue as on a pull request
  issue: absent(z.looseObject({ number: z.number(), pull_request: z.looseObject({}) })),
  workflow_run: absent(
    z.looseObject({
      head_sha: z.string(),
      pull_requests: z.array(z.looseObject({ number: z.number(), base })),
    }),
  ),
});

/**
 * Reads where the run stands from what the runner sets: the repository, the run's page, and from
 * the event the commit and the pull request.
 *
 * @throws Error when the runner does not say which repository it works for
 */
export function readRunContext(env: NodeJS.ProcessEnv): RunContext {
  const fullName = env['GITHUB_REPOSITORY'] ?? '';
  const [owner, repo] = fullName.split('/');
  if (!owner || !repo) throw new Error('GITHUB_REPOSITORY does not name a repository');
  const server = env['GITHUB_SERVER_URL'] ?? 'https://github.com';
  return {
    apiUrl: env['GITHUB_API_URL'] || undefined,
    owner,
    repo,
    runUrl: `${server}/${owner}/${repo}/actions/runs/${env['GITHUB_RUN_ID'] ?? ''}`,
    ...subject(readEvent(env['GITHUB_EVENT_PATH']), fullName, env['GITHUB_SHA'] ?? ''),
  };
}

type Event = z.infer<typeof eventSchema>;

function subject(
  event: Event,
  fullName: string,
  pushed: string,
): { sha: string; pullRequest: PullRequest | undefined } {
  const { pull_request: pull, issue, workflow_run: run } = event;
  if (pull !== undefined) {
    const { number, head } = pull;
    // The repository of a head is null when the fork was deleted.
    const fromFork = head.repo?.full_name.toLowerCase() !== fullName.toLowerCase();
    return { sha: head.sha, pullRequest: { number, headUnknown: false, fromFork } };
  }
  if (issue !== undefined) {
    const { number } = issue;
    return { sha: pushed, pullRequest: { number, headUnknown: true, fromFork: false } };
  }
  if (run !== undefined) {
    // The list may hold pull requests that were opened in a fork, with numbers of its own.
    const own = run.pull_requests.find(({ base }) => base.repo.id === event.repository?.id);
    const pullRequest = own && { number: own.number, headUnknown: false, fromFork: false };
    return { sha: run.head_sha, pullRequest };
  }
  return { sha: pushed, pullRequest: undefined };
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
