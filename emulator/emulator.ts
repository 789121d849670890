import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createBackend, type Site } from './backend.ts';
import { findFault } from './faults.ts';

/** Responses that go wrong. */
export interface FaultPlan {
  /** A name from `faults.ts`. */
  fault: string;
  /** The first request that goes wrong, counted from 1. */
  from?: number;
  /** How many requests go wrong. Default: all from there on. */
  times?: number;
  /** Only requests of this kind count. */
  on?: 'job' | 'datasource';
}

/** How the emulator is started. */
export interface EmulatorOptions {
  /** One datasource with one crawl per name (see `scenarios.ts`). */
  scenarios: readonly string[];
  /** Seconds of a crawl for each second of the clock. Default: 1. */
  speed?: number;
  /** The only API key that is accepted. Default: any. */
  token?: string;
  /** Default: a free one. */
  port?: number;
  /** Default: `127.0.0.1`. */
  host?: string;
  faults?: readonly FaultPlan[];
  /** Milliseconds since 1970. */
  now?: () => number;
  /** Speaks HTTPS with this key and certificate, both PEM. */
  tls?: { key: string; cert: string };
  /** Milliseconds after which an idle connection is closed. */
  keepAlive?: number;
  /** Milliseconds that every right response takes. */
  delay?: number;
}

/** A request as it arrived. */
export interface SeenRequest {
  method: string;
  path: string;
  kind: 'job' | 'datasource' | 'other';
  /** Milliseconds since 1970. */
  at: number;
  authorization: string | undefined;
  /** The response: a status or the name of a fault. */
  response: string;
  /** The client's port: the same for requests on one kept connection. */
  port: number | undefined;
}

/** A running emulator. */
export interface Emulator {
  url: string;
  sites: readonly Readonly<Site>[];
  requests: readonly SeenRequest[];
  /** Resolves when this number of requests has arrived. */
  seen(count: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * A local OpenCX Crawl API: the two documented requests, crawls that progress with time, and faults.
 * A crawl starts with the first request for its datasource or job.
 *
 * @throws Error if a scenario or a fault does not exist, or the port is in use
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { speed = 1, token, port = 0, host = '127.0.0.1', faults = [], now = Date.now } = options;
  const backend = createBackend({ scenarios: options.scenarios, speed, token, now });
  const plans = faults.map((plan) => ({ ...plan, play: findFault(plan.fault).play, met: 0 }));
  const requests: SeenRequest[] = [];
  const waiting = new Set<() => void>();

  function respond(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '').split('/').slice(1);
    const kind = path.length === 4 ? 'job' : path.length === 2 ? 'datasource' : 'other';
    const { authorization } = request.headers;
    const right = backend.respond(request.method ?? '', request.url ?? '', authorization);
    let broken: (typeof plans)[number] | undefined;
    for (const plan of plans) {
      if (plan.on !== undefined && plan.on !== kind) continue;
      plan.met += 1;
      const { from = 1, times = Number.POSITIVE_INFINITY } = plan;
      if (plan.met >= from && plan.met < from + times) broken ??= plan;
    }
    requests.push({
      method: request.method ?? '',
      path: request.url ?? '',
      kind,
      at: now(),
      authorization,
      response: broken?.fault ?? String(right.status),
      port: request.socket.remotePort,
    });
    for (const look of waiting) look();
    if (broken !== undefined) {
      broken.play({ response, right: right.body });
      return;
    }
    const send = () => {
      response.writeHead(right.status, { 'content-type': 'application/json; charset=utf-8' });
      response.end(right.body);
    };
    if (options.delay === undefined) send();
    else setTimeout(send, options.delay);
  }

  const { tls, keepAlive = 5_000 } = options;
  const server = tls === undefined ? createServer(respond) : createTlsServer(tls, respond);
  server.keepAliveTimeout = keepAlive;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    sites: backend.sites,
    requests,
    seen: (count) =>
      new Promise((resolve) => {
        const look = () => {
          if (requests.length < count) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
