import type { ServerResponse } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

/** A request that gets a wrong response. */
export interface Exchange {
  response: ServerResponse;
  /** The body of the right response. */
  right: string;
}

/** What a response leads to (contract, section When a request goes wrong). */
export type Handling =
  | 'harmless'
  | 'unreachable'
  | 'malformed'
  | 'missing'
  | 'unauthorized'
  | 'invalid-input'
  | 'invalid-response';

/** A way in which a response can be wrong. */
export interface Fault {
  about: string;
  /** `unreachable` and `malformed` are retried, `harmless` is not noticed, the rest ends the wait. */
  handling: Handling;
  /** It lasts until the time limit of the caller. */
  slow?: true;
  /** It asks for a longer wait than any limit allows, so the step cannot recover from it. */
  asksForever?: true;
  play(exchange: Exchange): void;
}

type Headers = Record<string, string>;

const ERROR_NAMES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  422: 'Unprocessable Entity',
};

function status(code: number, handling: Handling, headers: Headers = {}): Fault {
  return {
    about: `returns ${code}${Object.entries(headers)
      .map(([name, value]) => `, ${name}: ${value}`)
      .join('')}`,
    handling,
    play({ response }) {
      const name = ERROR_NAMES[code];
      const documented = name !== undefined;
      response.writeHead(code, {
        'content-type': documented ? 'application/json' : 'text/html',
        ...headers,
      });
      response.end(
        documented
          ? JSON.stringify({ statusCode: code, message: name, error: name })
          : `<html><title>${code}</title><h1>${code}</h1></html>`,
      );
    },
  };
}

/** A status with a useless body. */
function errorWith(
  code: number,
  handling: Handling,
  about: string,
  send: (exchange: Exchange) => void,
  headers: Headers = {},
): Fault {
  return {
    about: `returns ${code} with ${about}`,
    handling,
    play(exchange) {
      // The API's own errors are JSON.
      const type = code in ERROR_NAMES ? 'application/json' : 'text/html';
      exchange.response.writeHead(code, { 'content-type': type, ...headers });
      send(exchange);
    },
  };
}

/** 200 with a body made from the right one. */
function body(
  about: string,
  handling: Handling,
  make: (right: string) => string | Buffer,
  headers: Headers = {},
): Fault {
  return {
    about,
    handling,
    play({ response, right }) {
      response.writeHead(200, { 'content-type': 'application/json', ...headers });
      response.end(make(right));
    },
  };
}

/** The right response with some fields changed. */
function fields(about: string, handling: Handling, changes: Record<string, unknown>): Fault {
  return body(about, handling, (right) => JSON.stringify({ ...JSON.parse(right), ...changes }));
}

/** Raw bytes on the connection instead of a response of Node's server. */
function bytes(about: string, handling: Handling, make: (right: string) => string): Fault {
  return {
    about,
    handling,
    play: ({ response, right }) => void response.socket?.end(make(right)),
  };
}

const plainHead = (right: string) =>
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(right)}\r\n`;

const MIB = 1024 * 1024;

/** A body that never ends, written as fast as it is read, or with pauses of this many milliseconds. */
function endless(about: string, handling: Handling, chunk: string, pause: number): Fault {
  return {
    about,
    handling,
    ...(pause > 0 ? { slow: true } : {}),
    play({ response }) {
      response.writeHead(200, { 'content-type': 'application/json' });
      const write = () => {
        if (response.destroyed) return;
        response.write(chunk, () => setTimeout(write, pause));
      };
      write();
    },
  };
}

const statuses = (codes: readonly number[], handling: Handling) =>
  Object.fromEntries(codes.map((code) => [String(code), status(code, handling)]));

/** Every fault by its name. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  ...statuses([300, 301, 302, 303, 304, 307, 308], 'invalid-response'),
  ...statuses([402, 405, 406, 409, 410, 418, 431, 451], 'invalid-response'),
  ...statuses([400, 422], 'invalid-input'),
  ...statuses([401, 403], 'unauthorized'),
  ...statuses([404], 'missing'),
  ...statuses([408, 425, 429, 500, 501, 502, 503, 504, 520, 599, 999], 'unreachable'),

  'redirect-to-other-host': status(302, 'invalid-response', {
    location: 'http://127.0.0.2:9/crawl',
  }),
  'redirect-to-itself': status(307, 'invalid-response', { location: '/' }),
  'retry-after-seconds': status(429, 'unreachable', { 'retry-after': '2' }),
  'retry-after-fraction': status(429, 'unreachable', { 'retry-after': '1.5' }),
  'retry-after-date': {
    ...status(503, 'unreachable'),
    about: 'returns 503, retry-after: a date two seconds ahead',
    play(exchange) {
      const date = new Date(Date.now() + 2_000).toUTCString();
      status(503, 'unreachable', { 'retry-after': date }).play(exchange);
    },
  },
  'retry-after-past': status(429, 'unreachable', {
    'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT',
  }),
  'retry-after-negative': status(429, 'unreachable', { 'retry-after': '-5' }),
  'retry-after-words': status(429, 'unreachable', { 'retry-after': 'soon' }),
  'retry-after-empty': status(429, 'unreachable', { 'retry-after': '' }),
  'retry-after-for-ever': {
    ...status(503, 'unreachable', { 'retry-after': '9999999999' }),
    asksForever: true,
  },

  'continue-first': {
    about: 'sends 100 Continue, then the response',
    handling: 'harmless',
    play({ response, right }) {
      response.writeContinue();
      response.end(right);
    },
  },
  'early-hints': {
    about: 'sends 103 Early Hints, then the response',
    handling: 'harmless',
    play({ response, right }) {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' });
      response.end(right);
    },
  },
  upgrade: bytes(
    'switches to another protocol',
    'malformed',
    () => 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
  ),

  'empty-body': body('200 without a body', 'malformed', () => ''),
  'no-content': {
    ...status(204, 'malformed'),
    play: ({ response }) => void response.writeHead(204).end(),
  },
  html: body('200 with an HTML page', 'malformed', () => '<!doctype html><h1>Just a moment…</h1>', {
    'content-type': 'text/html',
  }),
  'cut-json': body('200 with truncated JSON', 'malformed', (right) =>
    right.slice(0, right.length / 2),
  ),
  'two-jsons': body('200 with the JSON repeated', 'malformed', (right) => right + right),
  null: body('200 with null', 'malformed', () => 'null'),
  list: body('200 with a list', 'malformed', (right) => `[${right}]`),
  word: body('200 with a word', 'malformed', () => '"completed"'),
  nan: body('a counter that is NaN', 'malformed', (right) =>
    right.replace(/"completed_pages":\d+|"page_stats":\{/, '$&NaN,'),
  ),
  'empty-object': body('200 with an empty object', 'malformed', () => '{}'),
  prototype: body('keys that name a prototype', 'harmless', (right) =>
    right.replace('{', '{"__proto__":{"status":"completed"},"constructor":1,'),
  ),
  'other-id': fields('the response of another job', 'malformed', {
    id: '11111111-1111-4111-8111-111111111111',
  }),
  'numeric-id': fields('an ID that is a number', 'malformed', { id: 7 }),
  'deep-nesting': body('a field nested 5,000 deep', 'harmless', (right) =>
    right.replace('{', `{"deep":${'['.repeat(5_000)}${']'.repeat(5_000)},`),
  ),
  'duplicate-keys': body('duplicate keys, the last one is right', 'harmless', (right) =>
    right.replace('{', '{"id":"x","status":"failed",'),
  ),
  'byte-order-mark': body('a byte order mark', 'harmless', (right) => `\uFEFF${right}`),
  'utf-16': body('UTF-16', 'malformed', (right) => Buffer.from(right, 'utf16le')),
  'wrong-charset': body('a charset that does not match the body', 'harmless', (right) => right, {
    'content-type': 'application/json; charset=shift_jis',
  }),
  'broken-utf-8': body('invalid UTF-8 in a string', 'harmless', (right) =>
    Buffer.concat([
      Buffer.from(right.slice(0, -1)),
      Buffer.from(',"x":"'),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('"}'),
    ]),
  ),
  'no-content-type': {
    about: 'no content type',
    handling: 'harmless',
    play: ({ response, right }) => void response.end(right),
  },

  gzip: body('unrequested gzip', 'harmless', (right) => gzipSync(right), {
    'content-encoding': 'gzip',
  }),
  deflate: body('unrequested deflate', 'harmless', (right) => deflateSync(right), {
    'content-encoding': 'deflate',
  }),
  brotli: body('unrequested brotli', 'harmless', (right) => brotliCompressSync(right), {
    'content-encoding': 'br',
  }),
  'not-gzip': body("declares gzip but isn't", 'malformed', (right) => right, {
    'content-encoding': 'gzip',
  }),
  'cut-gzip': body('truncated gzip', 'malformed', (right) => gzipSync(right).subarray(0, 60), {
    'content-encoding': 'gzip',
  }),
  'gzip-bomb': body(
    '64 MiB compressed to 64 KiB',
    'malformed',
    () => gzipSync(Buffer.alloc(64 * MIB, ' ')),
    {
      'content-encoding': 'gzip',
    },
  ),
  'unknown-encoding': body('unknown encoding', 'malformed', (right) => right, {
    'content-encoding': 'x-lzma',
  }),
  'too-large': body('a 2 MiB body', 'malformed', (right) => right + ' '.repeat(2 * MIB)),
  'many-fields': body('8,000 undocumented fields', 'harmless', (right) =>
    JSON.stringify({
      ...JSON.parse(right),
      ...Object.fromEntries(Array.from({ length: 8_000 }, (_, n) => [`field_${n}`, 'some text'])),
    }),
  ),
  'endless-body': endless('an endless body', 'malformed', ' '.repeat(64 * 1024), 0),

  'page-403': errorWith(
    403,
    'malformed',
    'the challenge page of a CDN',
    ({ response }) => void response.end('<html><title>Just a moment...</title></html>'),
    { 'content-type': 'text/html; charset=UTF-8' },
  ),
  'page-400': errorWith(
    400,
    'malformed',
    'an HTML page of a proxy',
    ({ response }) => void response.end('<html><h1>400 Bad Request</h1></html>'),
    { 'content-type': 'text/html' },
  ),
  'stale-200': body("returns yesterday's response from a cache", 'malformed', (right) => right, {
    age: '90000',
  }),
  'stale-401': errorWith(
    401,
    'malformed',
    'an hour-old response from a cache',
    ({ response }) => void response.end('{"statusCode":401}'),
    { age: '3600' },
  ),
  'large-403': errorWith(403, 'unauthorized', 'a 2 MiB body', ({ response }) => {
    response.end(' '.repeat(2 * MIB));
  }),
  'endless-403': errorWith(403, 'unauthorized', 'an endless body', ({ response }) => {
    response.write('<html>');
  }),
  'endless-422': errorWith(422, 'invalid-input', 'an endless body', ({ response }) => {
    response.write('{"message":');
  }),
  'large-503': errorWith(503, 'unreachable', 'a 2 MiB body', ({ response }) => {
    response.end(' '.repeat(2 * MIB));
  }),
  'endless-302': errorWith(302, 'invalid-response', 'an endless body', ({ response }) => {
    response.write('<html>');
  }),
  'endless-404': errorWith(404, 'missing', 'an endless body', ({ response }) => {
    response.write('<html>');
  }),
  'odd-encoding-401': errorWith(
    401,
    'unauthorized',
    'an unknown encoding',
    ({ response }) => void response.end('x'),
    { 'content-encoding': 'x-lzma' },
  ),

  drip: endless('a byte every 50 ms', 'unreachable', ' ', 50),
  hang: {
    about: 'accepts the request and never responds',
    handling: 'unreachable',
    slow: true,
    play: () => {},
  },
  'hang-in-body': {
    about: 'stops in the middle of the body',
    handling: 'unreachable',
    slow: true,
    play({ response, right }) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(right.slice(0, right.length / 2));
    },
  },
  'hang-in-headers': {
    about: 'stops in the middle of the headers',
    handling: 'unreachable',
    slow: true,
    play: ({ response }) => void response.socket?.write('HTTP/1.1 200 OK\r\ncontent-ty'),
  },
  close: {
    about: 'closes the connection without a response',
    handling: 'unreachable',
    play: ({ response }) => void response.socket?.destroy(),
  },
  reset: {
    about: 'resets the connection',
    handling: 'unreachable',
    play: ({ response }) => void response.socket?.resetAndDestroy(),
  },
  'reset-in-headers': {
    about: 'resets the connection in the headers',
    handling: 'unreachable',
    play({ response: { socket } }) {
      socket?.write('HTTP/1.1 200 OK\r\ncontent-ty', () =>
        setTimeout(() => socket.resetAndDestroy(), 20),
      );
    },
  },
  'reset-in-body': {
    about: 'resets the connection in the body',
    handling: 'unreachable',
    play({ response, right }) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(right.slice(0, right.length / 2), () =>
        setTimeout(() => response.socket?.resetAndDestroy(), 20),
      );
    },
  },
  'half-body': bytes(
    'fewer bytes than announced',
    'unreachable',
    (right) => `${plainHead(right)}\r\n${right.slice(0, right.length / 2)}`,
  ),
  'too-short-length': bytes(
    'a content length that truncates the JSON',
    'unreachable',
    (right) => `HTTP/1.1 200 OK\r\ncontent-length: 20\r\nconnection: close\r\n\r\n${right}`,
  ),
  'two-lengths': bytes(
    'two content lengths',
    'unreachable',
    (right) => `${plainHead(right)}content-length: 7\r\n\r\n${right}`,
  ),
  'broken-chunks': bytes(
    'chunks without a length',
    'unreachable',
    (right) => `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n${right}\r\n`,
  ),
  'broken-chunks-403': bytes(
    'returns 403 with chunks without a length',
    'unauthorized',
    () => 'HTTP/1.1 403 Forbidden\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
  ),
  'broken-chunks-400': bytes(
    'returns 400 with chunks without a length',
    'invalid-input',
    () => 'HTTP/1.1 400 Bad Request\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
  ),
  'huge-headers': bytes(
    '64 KiB of headers',
    'unreachable',
    (right) => `${plainHead(right)}x-padding: ${'x'.repeat(64 * 1024)}\r\n\r\n${right}`,
  ),
  'not-http': bytes('not HTTP', 'unreachable', () => 'SSH-2.0-OpenSSH_9.9\r\n'),
  'http-1.0': bytes(
    'HTTP/1.0',
    'harmless',
    (right) => `HTTP/1.0 200 OK\r\ncontent-type: application/json\r\n\r\n${right}`,
  ),
};

/** Faults that only a response about a crawl job can have. */
export const JOB_FAULTS: Readonly<Record<string, Fault>> = {
  'other-datasource': fields('the job of another datasource', 'malformed', {
    datasource_id: '11111111-1111-4111-8111-111111111111',
  }),
  'missing-counter': fields('a counter is missing', 'malformed', { completed_pages: undefined }),
  'null-counter': fields('a counter is null', 'malformed', { new_pages: null }),
  'text-counter': fields('a counter is a string', 'malformed', { updated_pages: '12' }),
  'negative-counter': fields('a counter is negative', 'malformed', { removed_pages: -1 }),
  'fraction-counter': fields('a counter is a fraction', 'malformed', { unchanged_pages: 0.5 }),
  'huge-counter': body('a counter that is infinite', 'malformed', (right) =>
    right.replace(/"total_pages":[^,]+/, '"total_pages":1e400'),
  ),
  'unsafe-counter': body('a counter too large to be exact', 'malformed', (right) =>
    right.replace(/"total_pages":[^,]+/, '"total_pages":9007199254740993'),
  ),
  'null-status': fields('the status is null', 'malformed', { status: null }),
  'list-error': fields('the error message is a list', 'malformed', { error_message: [] }),
  'missing-error': fields('the error message is missing', 'malformed', {
    error_message: undefined,
  }),
  'bad-date': fields('an invalid date', 'malformed', { created_at: '2026-02-30T25:61:00Z' }),
  'zoneless-date': fields('a date without a zone', 'malformed', {
    started_at: '2026-11-23T10:00:00',
  }),
  'number-date': fields('a date that is a number', 'malformed', { updated_at: 1_763_900_000 }),
};

/** @throws Error with all names if there is no such fault */
export function findFault(name: string): Fault {
  const all = { ...FAULTS, ...JOB_FAULTS };
  const found = Object.hasOwn(all, name) ? all[name] : undefined;
  if (found !== undefined) return found;
  throw new Error(`"${name}" is not a fault. Faults: ${Object.keys(all).join(', ')}.`);
}
