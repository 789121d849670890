import { type LookupAddress, lookup } from 'node:dns';
import { once } from 'node:events';
import http from 'node:http';
import net, { type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import tls from 'node:tls';
import { NetworkError } from '../ports/http.ts';
import { explain } from './network-failures.ts';
import type { HttpProxy } from './proxy.ts';

/** Milliseconds until the next address is tried too (RFC 8305, "Connection Attempt Delay"). */
const ATTEMPT_DELAY_MS = 250;

/** Where a connection leads. */
export interface Endpoint {
  protocol: string;
  /** As in a URL: an IPv6 address has brackets. */
  hostname: string;
  port: number;
}

/**
 * Connects to the host, with TLS for `https:`, through the proxy if there is one. For `http:` and a
 * proxy, it connects to the proxy, which then takes requests with the whole URL.
 *
 * @throws NetworkError when the proxy failed, and names it
 */
export async function connect(
  target: Endpoint,
  proxy: HttpProxy | undefined,
  signal: AbortSignal,
): Promise<Socket> {
  if (proxy === undefined) return connectToHost(target, signal);
  const socket = await connectToHost(proxy, signal).catch((error) => {
    throw new NetworkError(`${proxy.name}: ${explain(error)}`, { cause: error });
  });
  if (target.protocol === 'http:') return socket;
  await openTunnel(socket, target, proxy, signal);
  return startTls(socket, target, signal);
}

async function connectToHost(host: Endpoint, signal: AbortSignal): Promise<Socket> {
  const addresses = await addressesOf(bare(host.hostname), signal);
  return connectToFirst(
    alternateFamilies(addresses),
    async (address, raceSignal) => {
      const socket = net.connect({ host: address, port: host.port, noDelay: true });
      await connected(socket, 'connect', raceSignal);
      return host.protocol === 'https:' ? startTls(socket, host, raceSignal) : socket;
    },
    signal,
  );
}

async function addressesOf(hostname: string, signal: AbortSignal): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    // A lookup cannot be canceled, but nobody has to wait for it.
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    lookup(hostname, { all: true }, (error, addresses) =>
      error === null ? resolve(addresses) : reject(error),
    );
  });
}

/** The addresses in the system's order, but IPv6 and IPv4 take turns: one of the two can be dead. */
export function alternateFamilies(addresses: readonly LookupAddress[]): string[] {
  const preferred = addresses.filter(({ family }) => family === addresses[0]?.family);
  const others = addresses.filter(({ family }) => family !== addresses[0]?.family);
  return Array.from({ length: Math.max(preferred.length, others.length) }, (_, index) => [
    preferred[index],
    others[index],
  ])
    .flat()
    .flatMap((one) => one?.address ?? []);
}

/**
 * Tries all addresses side by side, each a moment after the one before or when that one failed. The
 * first connection wins. No attempt is given up while the signal allows it, because Node's own
 * `autoSelectFamily` gives up a slow address, and then a dead one makes the host unreachable.
 *
 * @throws what the first address failed with, when all failed
 */
export async function connectToFirst<T extends { destroy(): unknown }>(
  addresses: readonly string[],
  attempt: (address: string, signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
  attemptDelayMs: number = ATTEMPT_DELAY_MS,
): Promise<T> {
  const over = new AbortController();
  const racing = AbortSignal.any([signal, over.signal]);
  const attempts: Promise<T>[] = [];
  let winner: T | undefined;
  try {
    for (const address of addresses) {
      signal.throwIfAborted();
      const newest = attempt(address, racing);
      attempts.push(newest);
      winner = await Promise.race([
        Promise.any(attempts).catch(() => undefined),
        newest.catch(() => undefined),
        pause(attemptDelayMs, undefined, { signal: racing }),
      ]);
      if (winner !== undefined) return winner;
    }
    winner = await Promise.any(attempts);
    return winner;
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  } finally {
    over.abort();
    for (const one of attempts) {
      one.then((socket) => socket === winner || socket.destroy()).catch(() => {});
    }
  }
}

/** Asks the proxy for a tunnel. Node's own parser limits its response. */
async function openTunnel(
  socket: Socket,
  { hostname, port }: Endpoint,
  proxy: HttpProxy,
  signal: AbortSignal,
): Promise<void> {
  const host = `${hostname}:${port}`;
  const request = http.request({
    method: 'CONNECT',
    path: host,
    headers: {
      host,
      ...(proxy.authorization === undefined ? {} : { 'proxy-authorization': proxy.authorization }),
    },
    createConnection: () => socket,
    signal,
  });
  request.on('error', () => {});
  request.end();
  try {
    // Node treats every response to CONNECT as a tunnel, whatever its status.
    const [{ statusCode }] = await once(request, 'connect', { signal });
    if (statusCode !== 200) throw refusedByProxy(proxy, statusCode);
  } catch (error) {
    socket.destroy();
    if (error instanceof NetworkError) throw error;
    throw new NetworkError(`${proxy.name}: ${explain(error)}`, { cause: error });
  }
}

/** The error of a proxy that is there, but refuses. */
export function refusedByProxy({ name }: HttpProxy, status: number): NetworkError {
  const fix = status === 407 ? ': check the user name and the password in this variable' : '';
  return new NetworkError(`${name} refused the connection with status ${status}${fix}`);
}

async function startTls(
  socket: Socket,
  { hostname }: Endpoint,
  signal: AbortSignal,
): Promise<Socket> {
  const host = bare(hostname);
  const secure = tls.connect({
    socket,
    host,
    // The server name of TLS cannot be an IP address.
    servername: net.isIP(host) ? '' : host,
    ALPNProtocols: ['http/1.1'],
    // Whatever NODE_TLS_REJECT_UNAUTHORIZED says (contract, section Safety).
    rejectUnauthorized: true,
  });
  try {
    return await connected(secure, 'secureConnect', signal);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function connected<T extends Socket>(
  socket: T,
  event: 'connect' | 'secureConnect',
  signal: AbortSignal,
): Promise<T> {
  // Between two owners an error would have no listener, and end the process.
  socket.on('error', () => {});
  try {
    await once(socket, event, { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}
