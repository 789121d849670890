import http, { type IncomingMessage, type RequestOptions } from 'node:http';
import { pipeline } from 'node:stream';
import { createBrotliDecompress, createUnzip } from 'node:zlib';
import type { Clock } from '../ports/clock.ts';
import {
  type HttpClient,
  type HttpRequest,
  type HttpResponse,
  NetworkError,
} from '../ports/http.ts';
import { connect, type Endpoint, refusedByProxy } from './connect.ts';
import { codeOf, explain, isBrokenEncoding } from './network-failures.ts';
import { type HttpProxy, routeTo } from './proxy.ts';

/** The body of an error only explains its status: no more of it is read, and no longer waited for. */
const MAX_ERROR_BODY_BYTES = 64 * 1024;
const MAX_ERROR_BODY_MS = 1_000;

/** The kept connections to one origin, and how messages name what is at their other end. */
interface Origin {
  agent: http.Agent;
  proxy: HttpProxy | undefined;
  name: string;
}

/** As Node passes them on to the agent that makes the connection. */
interface AgentOptions extends RequestOptions {
  ending?: AbortSignal;
}

/**
 * Sends all requests of the step, over kept connections (contract, section When a request goes
 * wrong, and section Safety).
 *
 * @param env holds the proxy variables
 */
export function createHttpClient(
  env: Readonly<Record<string, string | undefined>>,
  clock: Clock,
): HttpClient {
  const origins = new Map<string, Origin>();

  function originOf({ origin, protocol, hostname, port }: URL): Origin {
    const known = origins.get(origin);
    if (known !== undefined) return known;
    const route = routeTo(origin, env);
    if (route.kind === 'unusable') throw new NetworkError(route.problem);
    const proxy = route.kind === 'proxy' ? route : undefined;
    const target = {
      protocol,
      hostname,
      port: Number(port) || (protocol === 'https:' ? 443 : 80),
    };
    const name = proxy === undefined ? hostname : `${hostname} through ${proxy.name}`;
    const added = { agent: createAgent(target, proxy), proxy, name };
    origins.set(origin, added);
    return added;
  }

  return {
    async send(request) {
      request.signal.throwIfAborted();
      const origin = originOf(new URL(request.url));
      const ending = new AbortController();
      const sent = new AbortController();
      const stop = () => ending.abort(request.signal.reason);
      request.signal.addEventListener('abort', stop, { once: true });
      clock.sleepUntil(clock.elapsed() + request.timeout, sent.signal).then(
        () => ending.abort(timedOut(origin)),
        () => {},
      );
      try {
        return await Promise.race([
          exchange(request, origin, ending.signal),
          rejectedBy(ending.signal),
        ]);
      } catch (error) {
        ending.signal.throwIfAborted();
        throw error instanceof NetworkError ? error : failure(origin, error);
      } finally {
        request.signal.removeEventListener('abort', stop);
        sent.abort();
      }
    },
  };
}

function createAgent(target: Endpoint, proxy: HttpProxy | undefined): http.Agent {
  const agent = new http.Agent({ keepAlive: true });
  agent.createConnection = ({ ending }: AgentOptions, done) => {
    if (ending === undefined || done === undefined) throw new Error('not a request of this client');
    connect(target, proxy, ending).then(
      (socket) => done(null, socket),
      (error) => done(error, undefined as never),
    );
    return undefined;
  };
  return agent;
}

/** Sends a GET again, once, when the server closed its kept connection at the same moment. */
async function exchange(
  request: HttpRequest,
  origin: Origin,
  ending: AbortSignal,
): Promise<HttpResponse> {
  try {
    return await exchangeOnce(request, origin, ending);
  } catch (error) {
    if (!(error instanceof StaleConnection)) throw error;
    ending.throwIfAborted();
    // What is not a GET might have been processed.
    if (request.method !== 'GET') throw error.cause;
    request.resent?.();
    return exchangeOnce(request, origin, ending);
  }
}

/** A kept connection was closed before its next response started. */
class StaleConnection extends Error {}

function exchangeOnce(
  request: HttpRequest,
  origin: Origin,
  ending: AbortSignal,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    let status: number | undefined;
    const sent = http.request(optionsOf(request, origin, ending), (response) => {
      status = response.statusCode ?? 0;
      const { proxy } = origin;
      if (status === 407 && proxy !== undefined) {
        response.destroy();
        reject(refusedByProxy(proxy, status));
      }
      readResponse(response, request).then(resolve, reject);
    });
    sent.on('error', (error) => {
      if (status === undefined && sent.reusedSocket && isClosed(error)) {
        reject(new StaleConnection('', { cause: error }));
      }
      // The body of an error can break: `readResponse` does without it.
      else if (status === undefined || isSuccess(status)) reject(error);
    });
    // Without this listener Node waits for a response that cannot come.
    sent.on('upgrade', (_, socket) => {
      socket.destroy();
      reject(new NetworkError('the server tried to switch protocols', { malformed: true }));
    });
    sent.end(request.body);
  });
}

function optionsOf(
  { url, method, headers }: HttpRequest,
  { agent, proxy }: Origin,
  ending: AbortSignal,
): AgentOptions {
  const { origin, protocol, host, pathname, search } = new URL(url);
  // The proxy itself reads what is sent through it without TLS.
  const reader = protocol === 'http:' ? proxy : undefined;
  const authorization = reader?.authorization;
  return {
    agent,
    method,
    path: `${reader === undefined ? '' : origin}${pathname}${search}`,
    headers: {
      ...headers,
      host,
      ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }),
    },
    signal: ending,
    ending,
  };
}

async function readResponse(
  response: IncomingMessage,
  { maxBodyBytes, timeout }: HttpRequest,
): Promise<HttpResponse> {
  const { statusCode: status = 0 } = response;
  const body = isSuccess(status)
    ? readBody(response, maxBodyBytes)
    : readErrorBody(response, Math.min(MAX_ERROR_BODY_MS, timeout / 2));
  return { status, headers: firstValues(response.headersDistinct), body: await body };
}

/** Node itself joins the values of a repeated header. */
function firstValues(headers: NodeJS.Dict<string[]>): HttpResponse['headers'] {
  return Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, values?.[0]]));
}

/** Waits for it for less than the request can take, so that its status counts in any case. */
async function readErrorBody(response: IncomingMessage, milliseconds: number): Promise<string> {
  const timer = setTimeout(() => response.destroy(), milliseconds);
  try {
    return await readBody(response, MAX_ERROR_BODY_BYTES);
  } catch {
    return '';
  } finally {
    clearTimeout(timer);
  }
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<string> {
  const encoding = response.headers['content-encoding']?.trim().toLowerCase() || 'identity';
  const plain = encoding === 'identity' ? response : decode(response, encoding);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of plain as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new NetworkError(`the response is larger than ${maxBytes / 1024} KiB`, {
        malformed: true,
      });
    }
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** No encoding is asked for, but some CDNs send one all the same. */
const DECODERS: Readonly<Record<string, () => NodeJS.ReadWriteStream>> = {
  gzip: createUnzip,
  'x-gzip': createUnzip,
  deflate: createUnzip,
  br: createBrotliDecompress,
};

function decode(response: IncomingMessage, encoding: string): NodeJS.ReadableStream {
  const decoder = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding]?.() : undefined;
  if (decoder === undefined) {
    response.destroy();
    throw new NetworkError('the response has an unsupported content encoding', { malformed: true });
  }
  pipeline(response, decoder, () => {});
  return decoder;
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function isClosed(error: Error): boolean {
  return ['ECONNRESET', 'EPIPE'].includes(codeOf(error));
}

function timedOut({ name }: Origin): NetworkError {
  return new NetworkError(`${name}: no complete response before the request timeout`, {
    timedOut: true,
  });
}

function failure({ name }: Origin, error: unknown): NetworkError {
  return isBrokenEncoding(error)
    ? new NetworkError(explain(error), { malformed: true, cause: error })
    : new NetworkError(`${name}: ${explain(error)}`, { cause: error });
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
