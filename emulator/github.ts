import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as GitHub got it. */
export interface RecordedRequest {
  method: string;
  /** Without the query. */
  path: string;
  query: Record<string, string>;
  authorization: string;
  body: Record<string, unknown>;
  /** `performance.now()` when it came. */
  at: number;
}

/** A comment as the forge shows it. Gitea has no `type`. */
export interface EmulatedComment {
  id: number;
  body: string;
  user: { id: number; login: string; type?: 'User' | 'Bot' };
}

/** Something that goes wrong, for the requests that it is about. */
export interface GithubFault {
  method?: string;
  /** Found anywhere in the path. */
  path?: string;
  /** For how many requests; for all when not said. */
  times?: number;
  /** The status of the response; the request has no effect. */
  status?: number;
  message?: string;
  /** The `errors` of a 422. */
  errors?: readonly unknown[];
  /** A page in place of JSON. */
  page?: string;
  headers?: Record<string, string>;
  /** There is never a response. */
  hang?: boolean;
  /** With `status` or `hang`: the request has its effect all the same. */
  effective?: boolean;
  /** Milliseconds before anything happens; what the client cuts meanwhile happens all the same. */
  delay?: number;
}

/** A forge on this machine that remembers what it was sent. */
export interface EmulatedGithub {
  /** What a runner has in `GITHUB_API_URL`. */
  url: string;
  requests: RecordedRequest[];
  /** Of all pull requests together. */
  comments: EmulatedComment[];
  /** The bodies of the statuses that were set, with the commit. */
  statuses: Record<string, unknown>[];
  close(): Promise<void>;
}

/** How the forges differ where it matters here. */
const FORGES = {
  github: { prefix: '', stateField: 'state' },
  'github-enterprise': { prefix: '/api/v3', stateField: 'state' },
  gitea: { prefix: '/api/v1', stateField: 'status' },
} as const;

/** Whose the workflow's own token is on GitHub. */
export const BOT: EmulatedComment['user'] = {
  id: 41898282,
  login: 'github-actions[bot]',
  type: 'Bot',
};

/** Whose the workflow's own token is on Gitea. */
export const GITEA_BOT: EmulatedComment['user'] = { id: -2, login: 'gitea-actions' };

/** What a forge knows. */
interface ForgeState {
  kind: keyof typeof FORGES;
  user: EmulatedComment['user'];
  head: string;
  comments: EmulatedComment[];
  lastId: number;
  statuses: Record<string, unknown>[];
}

/** Plays the few endpoints that the action uses, for any repository. */
export async function startGithub({
  forge: kind = 'github',
  comments = [],
  faults = [],
  user = kind === 'gitea' ? GITEA_BOT : BOT,
  head = 'a'.repeat(40),
}: {
  forge?: keyof typeof FORGES;
  comments?: readonly Partial<EmulatedComment>[];
  faults?: readonly GithubFault[];
  /** Whose the token is. */
  user?: EmulatedComment['user'];
  /** The head of every pull request. */
  head?: string;
} = {}): Promise<EmulatedGithub> {
  const requests: RecordedRequest[] = [];
  const forge: ForgeState = {
    kind,
    user,
    head,
    comments: comments.map((comment, index) => ({ id: index + 1, body: '', user, ...comment })),
    lastId: comments.length,
    statuses: [],
  };
  const left = faults.map((fault) => ({ ...fault, times: fault.times ?? Infinity }));
  const server = createServer((incoming, response) => {
    void record(incoming).then((request) => {
      requests.push(request);
      return respond(forge, request, takeFault(left, request), response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${FORGES[kind].prefix}`,
    requests,
    comments: forge.comments,
    statuses: forge.statuses,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The first fault that is about the request; it happens once less from now on. */
function takeFault(
  left: (GithubFault & { times: number })[],
  { method, path }: RecordedRequest,
): GithubFault | undefined {
  const fault = left.find(
    (one) =>
      one.times > 0 &&
      (one.method === undefined || one.method === method) &&
      path.includes(one.path ?? ''),
  );
  if (fault !== undefined) fault.times -= 1;
  return fault;
}

async function respond(
  forge: ForgeState,
  request: RecordedRequest,
  fault: GithubFault | undefined,
  response: ServerResponse,
): Promise<void> {
  if (fault?.delay) await new Promise((resolve) => setTimeout(resolve, fault.delay));
  const fails = fault?.hang || fault?.status !== undefined || fault?.page !== undefined;
  const reply = fails && !fault.effective ? undefined : serve(forge, request);
  if (fault?.hang) return;
  const { status, json, headers } = fails || reply === undefined ? faultyReply(fault) : reply;
  const page = fails ? fault?.page : undefined;
  const type = page === undefined ? 'application/json' : 'text/html';
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, ...headers });
  response.end(page ?? (json === undefined ? undefined : JSON.stringify(json)));
}

/** Does what is asked and returns the response. */
function serve(forge: ForgeState, { method, path, query, body }: RecordedRequest): Reply {
  const { prefix } = FORGES[forge.kind];
  if (!path.startsWith(prefix)) return notFound;
  const short = path.slice(prefix.length);
  if (short === '/user') {
    return forge.user.type === 'Bot' ? refuseUser : { status: 200, json: forge.user };
  }
  const [, , , , kind, first, second] = short.split('/');
  if (kind === 'statuses' && method === 'POST') return setStatus(forge, first, body);
  if (kind === 'commits') return combinedStatus(forge, first);
  if (kind === 'pulls') {
    return { status: 200, json: { number: Number(first), head: { sha: forge.head } } };
  }
  if (kind !== 'issues') return notFound;
  if (first === 'comments') return changeComment(forge, method, Number(second), body);
  return method === 'POST' ? createComment(forge, body) : pageOf(forge, query);
}

function setStatus(
  { kind, statuses }: ForgeState,
  sha: string | undefined,
  body: Record<string, unknown>,
): Reply {
  statuses.push({ sha, ...body });
  const { state, ...others } = body;
  const json = { id: statuses.length, [FORGES[kind].stateField]: state, ...others };
  return { status: 201, json };
}

function combinedStatus({ kind, statuses }: ForgeState, sha: string | undefined): Reply {
  const newestFirst = statuses.filter((status) => status['sha'] === sha).toReversed();
  const latest = newestFirst.filter(
    ({ context }, index) =>
      newestFirst.findIndex((status) => status['context'] === context) === index,
  );
  const { stateField } = FORGES[kind];
  const shown = latest.map(({ state, ...others }) => ({ [stateField]: state, ...others }));
  return { status: 200, json: { statuses: shown } };
}

function createComment(forge: ForgeState, body: Record<string, unknown>): Reply {
  forge.lastId += 1;
  const comment = { id: forge.lastId, body: String(body['body']), user: forge.user };
  forge.comments.push(comment);
  return { status: 201, json: comment };
}

function changeComment(
  { comments }: ForgeState,
  method: string,
  id: number,
  body: Record<string, unknown>,
): Reply {
  const index = comments.findIndex((comment) => comment.id === id);
  const comment = comments[index];
  if (comment === undefined) return notFound;
  if (method === 'DELETE') {
    comments.splice(index, 1);
    return { status: 204, json: undefined };
  }
  comment.body = String(body['body']);
  return { status: 200, json: comment };
}

function pageOf({ kind, comments }: ForgeState, query: Record<string, string>): Reply {
  // Gitea shows all comments on every page, and has no links.
  if (kind === 'gitea') return { status: 200, json: comments };
  const size = Math.min(100, Number(query['per_page'] ?? 30));
  const page = Number(query['page'] ?? 1);
  const more = comments.length > page * size;
  return {
    status: 200,
    json: comments.slice((page - 1) * size, page * size),
    headers: more ? { link: `<https://api.example/next?page=${page + 1}>; rel="next"` } : {},
  };
}

function faultyReply({ status, page, message, errors, headers }: GithubFault = {}): Reply {
  return {
    status: status ?? (page === undefined ? 500 : 200),
    json: { message: message ?? 'Broken', ...(errors === undefined ? {} : { errors }) },
    ...(headers === undefined ? {} : { headers }),
  };
}

interface Reply {
  status: number;
  json: unknown;
  headers?: Record<string, string>;
}

const notFound: Reply = { status: 404, json: { message: 'Not Found' } };
/** What GitHub says to the token of a workflow. */
const refuseUser: Reply = {
  status: 403,
  json: { message: 'Resource not accessible by integration' },
};

async function record(incoming: IncomingMessage): Promise<RecordedRequest> {
  const at = performance.now();
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://localhost');
  return {
    method: incoming.method ?? '',
    path: pathname,
    query: Object.fromEntries(searchParams),
    authorization: incoming.headers.authorization ?? '',
    body: body === '' ? {} : JSON.parse(body),
    at,
  };
}
