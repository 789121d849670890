import http from 'node:http';
import https from 'node:https';
import { pipeline } from 'node:stream';
import { createBrotliDecompress, createUnzip } from 'node:zlib';
import { InputError, isLoopback } from '../inputs.ts';
import {
  type HttpClient,
  type HttpRequest,
  type HttpResponse,
  NetworkError,
} from '../ports/http.ts';

/** The largest answer that is read, in bytes (contract, section When a request goes wrong). */
const LARGEST_BODY = 1024 * 1024;
/** Milliseconds for the message of an error, which is only shown. */
const ERROR_PATIENCE = 1_000;

/**
 * Requests to one origin, over kept connections.
 *
 * @param env holds the proxy variables (contract, section Safety)
 * @throws InputError when a proxy variable cannot be used
 */
export function createHttpClient(apiUrl: string, env: NodeJS.ProcessEnv): HttpClient {
  const { protocol, hostname } = new URL(apiUrl);
  const { request, Agent } = protocol === 'https:' ? https : http;
  const agent = new Agent({
    keepAlive: true,
    // Node's agents know proxies since 24.5.
    ...(isLoopback(hostname) ? {} : { proxyEnv: proxyVariables(env, protocol) }),
  });
  const getOnce = (
    url: string,
    again: () => void,
    options: {
      timeout: number;
      signal: AbortSignal;
      method: string;
      headers: HttpRequest['headers'];
    },
  ) =>
    new Promise<HttpResponse>((resolve, reject) => {
      const { signal } = options;
      let answered: Omit<HttpResponse, 'body'> | undefined;
      const sent = request(url, { agent, ...options }, (response) => {
        const { statusCode: status = 0, headers } = response;
        const told = { status, headers: firstValues(headers) };
        answered = told;
        bodyOf(response, status).then((body) => resolve({ ...told, body }), reject);
      });
      sent.on('error', (error) => {
        // The server closed a kept connection while the request was on its way: no fault of either.
        const closedMeanwhile = sent.reusedSocket && codeOf(error) === 'ECONNRESET';
        if (answered && !isGood(answered.status)) resolve({ ...answered, body: '' });
        else if (!answered && closedMeanwhile && !signal.aborted) {
          again();
          resolve(getOnce(url, again, options));
        } else reject(error);
      });
      // Without a listener Node waits for what cannot come: no upgrade is ever asked for.
      sent.on('upgrade', (_, socket) => {
        socket.destroy();
        reject(new NetworkError('the answer is a protocol upgrade', { malformed: true }));
      });
      // A request that waits for a proxy's tunnel is not ended by its signal, only by `timeout`.
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      sent.end();
    });

  return {
    async send({ url, method, headers, timeout, signal, resent = () => {} }) {
      signal.throwIfAborted();
      const ending = new AbortController();
      const stop = () => ending.abort(signal.reason);
      const limit = Math.ceil(timeout);
      const timer = setTimeout(
        () => ending.abort(new NetworkError('no whole answer came in time')),
        limit,
      );
      signal.addEventListener('abort', stop, { once: true });
      try {
        return await getOnce(url, resent, {
          timeout: limit,
          signal: ending.signal,
          method,
          headers,
        });
      } catch (error) {
        ending.signal.throwIfAborted();
        if (error instanceof NetworkError) throw error;
        // What zlib cannot read is an answer, only not one of the API.
        const malformed = /^(Z_|ERR__?ZLIB|ERR_BROTLI)/.test(codeOf(error));
        throw new NetworkError(explain(error), { malformed, cause: error });
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
      }
    },
  };
}

function firstValues(headers: http.IncomingHttpHeaders): HttpResponse['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}

function isGood(status: number): boolean {
  return status >= 200 && status < 300;
}

async function bodyOf(response: http.IncomingMessage, status: number): Promise<string> {
  if (isGood(status)) return readBody(response);
  if (status !== 400 && status !== 422) {
    response.destroy();
    return '';
  }
  const timer = setTimeout(() => response.destroy(), ERROR_PATIENCE);
  try {
    return await readBody(response);
  } catch {
    return '';
  } finally {
    clearTimeout(timer);
  }
}

async function readBody(response: http.IncomingMessage): Promise<string> {
  const encoding = response.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  const plain = encoding === 'identity' ? response : decode(response, encoding);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of plain as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) {
      throw new NetworkError('the answer is larger than 1 MiB', { malformed: true });
    }
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** No encoding is asked for, but some CDNs send one all the same. */
const DECODERS: Record<string, () => NodeJS.ReadWriteStream> = {
  gzip: createUnzip,
  'x-gzip': createUnzip,
  deflate: createUnzip,
  br: createBrotliDecompress,
};

function decode(response: http.IncomingMessage, encoding: string): NodeJS.ReadableStream {
  const decoder = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding]?.() : undefined;
  if (decoder === undefined) {
    throw new NetworkError('the answer has an unknown content encoding', { malformed: true });
  }
  pipeline(response, decoder, () => {});
  return decoder;
}

/** @throws InputError when the proxy for this protocol cannot be one */
function proxyVariables(env: NodeJS.ProcessEnv, protocol: string): NodeJS.ProcessEnv {
  const name = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const variables: NodeJS.ProcessEnv = {};
  for (const one of [name, name.toLowerCase()]) {
    if (env[one]) variables[one] = proxyAddress(one, env[one]);
  }
  for (const one of ['NO_PROXY', 'no_proxy']) variables[one] = env[one];
  return variables;
}

/** Node silently does without a proxy whose scheme is left out, as many write it. */
function proxyAddress(name: string, written: string): string {
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(written) ? written : `http://${written}`;
  if (/^https?:/i.test(address) && URL.canParse(address)) return address;
  throw new InputError([
    `${name}, a variable of this runner, is no address of an http proxy: write it as "http://host:port", or remove it`,
  ]);
}

/** What the codes of Node's network errors mean, in words for people. */
export const EXPLANATIONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the name look-up failed',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ETIMEDOUT: 'the connection timed out',
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'there is no route to the network',
  ECONNABORTED: 'the connection was cut',
  CERT_HAS_EXPIRED: 'the server’s certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'the server’s certificate is self-signed (NODE_EXTRA_CA_CERTS names your own authority)',
  SELF_SIGNED_CERT_IN_CHAIN:
    'the server’s certificate is signed by an unknown authority (NODE_EXTRA_CA_CERTS names your own)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'the server’s certificate is signed by an unknown authority (NODE_EXTRA_CA_CERTS names your own)',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'the server’s certificate is signed by an unknown authority (NODE_EXTRA_CA_CERTS names your own)',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the server’s certificate is for another host',
  ERR_PROXY_TUNNEL: 'the proxy refused the connection',
};

/** Why no answer came, from what Node threw: a few words and Node's code. */
export function explain(error: unknown): string {
  // A host with several addresses fails with one error for all of them.
  const code = codeOf(error instanceof AggregateError ? error.errors[0] : error);
  if (Object.hasOwn(EXPLANATIONS, code)) return `${EXPLANATIONS[code]} (${code})`;
  if (/^(Z_|ERR__?ZLIB|ERR_BROTLI)/.test(code))
    return `the answer’s compression is broken (${code})`;
  if (code.startsWith('HPE_')) return `the answer is no HTTP (${code})`;
  return code === '' ? 'the connection failed' : `the connection failed (${code})`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
