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

/** Plays the few endpoints that the action uses, for any repository. */
export async function startGithub({
  forge = 'github',
  comments: given = [],
  faults = [],
  user = forge === 'gitea' ? GITEA_BOT : BOT,
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
  const { prefix, stateField } = FORGES[forge];
  const requests: RecordedRequest[] = [];
  const statuses: Record<string, unknown>[] = [];
  const comments = given.map((comment, index) => ({ id: index + 1, body: '', user, ...comment }));
  let lastId = comments.length;
  const left = faults.map(({ times = Infinity }) => times);

  function faultOf({ method, path }: RecordedRequest): GithubFault | undefined {
    const index = faults.findIndex(
      (fault, place) =>
        (left[place] ?? 0) > 0 &&
        (fault.method === undefined || fault.method === method) &&
        path.includes(fault.path ?? ''),
    );
    left[index] = (left[index] ?? 0) - 1;
    return faults[index];
  }

  /** Does what is asked and returns the response. */
  function serve({ method, path, query, body }: RecordedRequest): Reply {
    if (!path.startsWith(prefix)) return notFound;
    const short = path.slice(prefix.length);
    const [, , , kind, ...rest] = short.split('/').slice(1);
    if (short === '/user') {
      return user.type === 'Bot' ? refuseUser : { status: 200, json: user };
    }
    if (kind === 'statuses' && method === 'POST') return setStatus(rest[0], body);
    if (kind === 'commits') return combinedStatus(rest[0]);
    if (kind === 'pulls')
      return { status: 200, json: { number: Number(rest[0]), head: { sha: head } } };
    if (kind === 'issues' && rest[0] === 'comments')
      return changeComment(method, Number(rest[1]), body);
    if (kind === 'issues' && method === 'POST') {
      lastId += 1;
      const comment = { id: lastId, body: String(body['body']), user };
      comments.push(comment);
      return { status: 201, json: comment };
    }
    return kind === 'issues' ? pageOf(query) : notFound;
  }

  function setStatus(sha: string | undefined, body: Record<string, unknown>): Reply {
    statuses.push({ sha, ...body });
    const { state, ...others } = body;
    return { status: 201, json: { id: statuses.length, [stateField]: state, ...others } };
  }

  function combinedStatus(sha: string | undefined): Reply {
    const newestFirst = statuses.filter((status) => status['sha'] === sha).toReversed();
    const latest = newestFirst.filter(
      ({ context }, index) =>
        newestFirst.findIndex((status) => status['context'] === context) === index,
    );
    const shown = latest.map(({ state, ...others }) => ({ [stateField]: state, ...others }));
    return { status: 200, json: { statuses: shown } };
  }

  function changeComment(method: string, id: number, body: Record<string, unknown>): Reply {
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

  function pageOf(query: Record<string, string>): Reply {
    // Gitea shows all comments on every page, and has no links.
    if (forge === 'gitea') return { status: 200, json: comments };
    const size = Math.min(100, Number(query['per_page'] ?? 30));
    const page = Number(query['page'] ?? 1);
    const more = comments.length > page * size;
    return {
      status: 200,
      json: comments.slice((page - 1) * size, page * size),
      headers: more ? { link: `<${origin}/next?page=${page + 1}>; rel="next"` } : {},
    };
  }

  async function respond(request: RecordedRequest, response: ServerResponse): Promise<void> {
    const fault = faultOf(request);
    if (fault?.delay) await new Promise((resolve) => setTimeout(resolve, fault.delay));
    const fails = fault?.hang || fault?.status !== undefined || fault?.page !== undefined;
    const reply = fails && !fault.effective ? undefined : serve(request);
    if (fault?.hang) return;
    const { status, json, headers } = fails || reply === undefined ? faultyReply(fault) : reply;
    const page = fails ? fault?.page : undefined;
    const type = page === undefined ? 'application/json' : 'text/html';
    response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, ...headers });
    response.end(page ?? (json === undefined ? undefined : JSON.stringify(json)));
  }

  const server = createServer((incoming, response) => {
    void record(incoming).then((request) => {
      requests.push(request);
      return respond(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url: `${origin}${prefix}`,
    requests,
    comments,
    statuses,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
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
