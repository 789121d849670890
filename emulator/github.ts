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

/** A comment as GitHub tells it. */
export interface EmulatedComment {
  id: number;
  body: string;
  user: { id: number; login: string; type: 'User' | 'Bot' };
}

/** Something that goes wrong, for the requests that it is about. */
export interface GithubFault {
  method?: string;
  /** Found anywhere in the path. */
  path?: string;
  /** For how many requests; for all when not said. */
  times?: number;
  /** The answer's status; the request has no effect. */
  status?: number;
  message?: string;
  headers?: Record<string, string>;
  /** There is never an answer. */
  hang?: boolean;
  /** With `status` or `hang`: the request has its effect all the same. */
  effective?: boolean;
  /** Milliseconds before anything happens. */
  delay?: number;
}

/** A GitHub that stands on this machine and remembers what it was sent. */
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

/** Whose the workflow's own token is. */
export const BOT: EmulatedComment['user'] = {
  id: 41898282,
  login: 'github-actions[bot]',
  type: 'Bot',
};

/** Answers the few endpoints that the gate uses, for any repository. */
export async function startGithub({
  comments: given = [],
  faults = [],
  user = BOT,
  head = 'a'.repeat(40),
}: {
  comments?: readonly Partial<EmulatedComment>[];
  faults?: readonly GithubFault[];
  /** Whose the token is. */
  user?: EmulatedComment['user'];
  /** The head of every pull request. */
  head?: string;
} = {}): Promise<EmulatedGithub> {
  const requests: RecordedRequest[] = [];
  const statuses: Record<string, unknown>[] = [];
  const comments = given.map((comment, index) => ({ id: index + 1, body: '', user, ...comment }));
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

  /** Does what is asked and tells the answer. */
  function serve({ method, path, query, body }: RecordedRequest): Reply {
    // GitHub Enterprise Server has a prefix.
    const short = path.replace(/^\/api\/v3/, '');
    const [, , , kind, ...rest] = short.split('/').slice(1);
    if (short === '/user') {
      return user.type === 'User' ? { status: 200, json: user } : refuseUser;
    }
    if (kind === 'statuses' && method === 'POST') {
      statuses.push({ sha: rest[0], ...body });
      return { status: 201, json: { id: statuses.length, ...body } };
    }
    if (kind === 'pulls')
      return { status: 200, json: { number: Number(rest[0]), head: { sha: head } } };
    if (kind === 'issues' && rest[0] === 'comments') {
      const comment = comments.find(({ id }) => id === Number(rest[1]));
      if (comment === undefined) return notFound;
      comment.body = String(body['body']);
      return { status: 200, json: comment };
    }
    if (kind === 'issues' && method === 'POST') {
      const comment = { id: comments.length + 1, body: String(body['body']), user };
      comments.push(comment);
      return { status: 201, json: comment };
    }
    return kind === 'issues' ? pageOf(query) : notFound;
  }

  function pageOf(query: Record<string, string>): Reply {
    const size = Math.min(100, Number(query['per_page'] ?? 30));
    const page = Number(query['page'] ?? 1);
    const more = comments.length > page * size;
    return {
      status: 200,
      json: comments.slice((page - 1) * size, page * size),
      headers: more ? { link: `<${url}/next?page=${page + 1}>; rel="next"` } : {},
    };
  }

  async function answer(request: RecordedRequest, response: ServerResponse): Promise<void> {
    const fault = faultOf(request);
    if (fault?.delay) await new Promise((resolve) => setTimeout(resolve, fault.delay));
    const fails = fault?.hang || fault?.status !== undefined;
    const reply = fails && !fault.effective ? undefined : serve(request);
    if (fault?.hang) return;
    const { status, json, headers } =
      fault?.status === undefined && reply !== undefined
        ? reply
        : {
            status: fault?.status ?? 500,
            json: { message: fault?.message ?? 'Broken' },
            headers: fault?.headers,
          };
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
    response.end(JSON.stringify(json));
  }

  const server = createServer((incoming, response) => {
    void record(incoming).then((request) => {
      requests.push(request);
      return answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
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
