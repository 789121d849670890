import { STATUS_CODES } from 'node:http';
import type { GithubFault } from '../emulator/github.ts';
import { datasourceResponse, jobResponse } from '../test/support/crawl-builders.ts';
import type { Story } from '../test/support/virtual-world.ts';

/** One crawl, and no retries. */
const once: Story = { scenarios: ['steady'], inputs: { 'outage-timeout': '0s' } };

/** Responses that are not what the API documents, and those of others in its place. */
export const BAD_RESPONSES: readonly Story[] = [
  { body: 'x' },
  { body: '[]' },
  { body: '{}' },
  { body: JSON.stringify(jobResponse()) },
  { body: JSON.stringify(datasourceResponse()), active: true },
  { body: '{}', headers: { age: '90000' } },
  { body: '<html>', headers: { 'content-type': 'text/html' }, status: 403 },
].map(({ body, active = false, headers = {}, status = 200 }) => ({
  ...once,
  active,
  wrong: () => ({ status, headers, body }),
}));

/** Responses with every status that Node knows, from the third request on. */
export const STATUSES: readonly Story[] = Object.keys(STATUS_CODES)
  .map(Number)
  .filter((status) => status >= 300 && status !== 404)
  .map((status) => ({ ...once, wrong: ({ count }) => (count > 2 ? { status } : undefined) }));

/** Invalid inputs. */
export const INVALID_INPUTS: readonly Readonly<Record<string, string>>[] = [
  { token: '' },
  { token: 'two words' },
  { token: 'clé' },
  { 'datasource-id': '' },
  { 'datasource-id': 'documentation' },
  { 'job-id': '' },
  { 'job-id': 'latest' },
  { 'job-id': 'act\u200bive' },
  {
    'datasource-id': '["3c90c3cc-0d44-4b50-8888-8dd25736052a"]',
    'job-id': 'active',
  },
  { 'job-id': 'active\nactive' },
  {
    'datasource-id': [1, 2].map(() => '3c90c3cc-0d44-4b50-8888-8dd25736052a').join('\n'),
    'job-id': 'active',
  },
  {
    'datasource-id': Array.from(
      { length: 101 },
      (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    ).join('\n'),
    'job-id': 'active',
  },
  {
    'datasource-id': '3c90c3cc-0d44-4b50-8888-8dd25736052a\n',
    'job-id': 'active\n\n',
  },
  { timeout: '30' },
  { timeout: 'soon' },
  { timeout: '31d' },
  { 'request-timeout': '0s' },
  { 'poll-interval': '100ms' },
  { 'poll-interval': 'often' },
  { require: 'pages > 5' },
  { require: 'removed_pages 5' },
  { require: 'no lost pages' },
  { require: 'total_pages >= 90%' },
  { require: 'removed_pages <= few' },
  { require: 'age < 8' },
  { require: 'started_at >= ' },
  { require: 'started_at >= yesterday' },
  { require: 'age < 2h, new_pages > 0' },
  { require: 'removed_pages <= 5,5%' },
  { require: `removed_pages <= ${'5'.repeat(300)}` },
  { warn: 'x\n'.repeat(12) },
  { tolerate: 'timeout' },
  { summary: 'yes' },
  { 'commit-status': 'x'.repeat(256) },
  { 'commit-status': 'true' },
  { 'commit-status': 'cr\u200bawl' },
  { sha: 'main' },
  { 'api-url': 'api.open.cx' },
  { 'api-url': `https://api.open.cx/${'x'.repeat(2_000)}` },
  { 'api-url': 'http://api.open.cx' },
  { 'api-url': 'https://me:password@api.open.cx' },
];

const refused = { status: 403, message: 'Resource not accessible by integration' };

/** The event of a pull request whose branch is in this repository. */
export function pullRequestOf(repository: string): unknown {
  const head = { sha: 'a'.repeat(40), repo: { full_name: repository } };
  return { pull_request: { number: 7, head } };
}

/** How the comment and the commit status can fail. */
export const GITHUB_FAILURES: readonly {
  when: string;
  faults?: readonly GithubFault[];
  /** The event that started the workflow run. */
  event?: unknown;
  /** Variables of the runner. */
  env?: NodeJS.ProcessEnv;
  /** The input `github-token`. */
  token?: string;
  /** Whether the workflow is canceled while the final status is sent. */
  cancelled?: boolean;
}[] = [
  { when: 'the permissions are missing', faults: [refused] },
  {
    when: 'the pull request comes from a fork',
    faults: [refused],
    event: pullRequestOf('else/site'),
  },
  { when: 'the token is invalid', faults: [{ status: 401, message: 'Bad credentials' }] },
  { when: 'GitHub returns an error', faults: [{ status: 502 }] },
  { when: "GitHub doesn't respond", faults: [{ hang: true }] },
  { when: 'GitHub cannot be reached', env: { GITHUB_API_URL: 'http://127.0.0.1:9' } },
  {
    when: 'GitHub returns something other than a list of comments',
    faults: [{ method: 'GET', status: 200 }],
  },
  {
    when: 'the token reached a rate limit',
    faults: [{ status: 403, message: 'You have exceeded a secondary rate limit' }],
  },
  {
    when: 'GitHub redirects to another address',
    faults: [{ status: 307, headers: { location: 'https://other.example/' } }],
  },
  {
    when: 'the organization wants single sign-on',
    faults: [{ status: 403, message: 'Resource protected by organization SAML enforcement.' }],
  },
  {
    when: 'the organization has an IP allow list',
    faults: [{ status: 403, message: 'the organization has an IP allow list enabled' }],
  },
  {
    when: 'the conversation is locked',
    faults: [{ status: 403, message: 'Unable to create comment because issue is locked.' }],
  },
  {
    when: 'the repository is archived',
    faults: [{ status: 403, message: 'Repository was archived so is read-only.' }],
  },
  { when: 'the token cannot see the repository', faults: [{ status: 404, message: 'Not Found' }] },
  {
    when: 'GitHub does not accept what was sent',
    faults: [
      { status: 422, message: 'Validation Failed', errors: [{ message: 'context is too long' }] },
    ],
  },
  { when: 'the token is broken', token: 'two words' },
  { when: 'GITHUB_REPOSITORY is not set', env: { GITHUB_REPOSITORY: '' } },
  { when: 'the run has no pull request', event: {} },
  { when: 'the workflow is canceled at the end', faults: [{ hang: true }], cancelled: true },
];
