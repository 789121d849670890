import { createServer, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { listenOnLoopback, type Running, relay } from './loopback.ts';

/** What a proxy sends instead of a tunnel: a status, nothing, headers without an end, or a close. */
export type Refusal = number | 'nothing' | 'endless' | 'close';

/** How a proxy behaves. */
export interface ProxyOptions {
  /** The required `name:password`. Default: none. */
  user?: string;
  /**
   * The response to the nth request for a tunnel, counted from 1, instead of a tunnel.
   */
  refuse?: (nth: number) => Refusal | undefined;
}

/** A running proxy, and the requests that it received. */
export interface Proxy extends Running {
  /** `CONNECT host:port`, one per tunnel. */
  asked: string[];
}

/** Headers that never end, as fast as they are read. */
function sendEndlessHeaders(socket: Socket): void {
  const line = `x-filler: ${'x'.repeat(1_000)}\r\n`;
  const fill = () => {
    while (!socket.destroyed && socket.write(line));
  };
  socket.on('drain', fill).on('error', () => socket.destroy());
  socket.write('HTTP/1.1 200 Connection established\r\n');
  fill();
}

/** A CONNECT proxy that connects every tunnel to one port of this machine, whatever host is requested. */
export async function startProxy(
  target: number,
  { user, refuse = () => undefined }: ProxyOptions = {},
): Promise<Proxy> {
  const asked: string[] = [];
  const server = createServer((_, response) => response.writeHead(405).end());
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    asked.push(`CONNECT ${request.url}`);
    const wanted = user && `Basic ${Buffer.from(user).toString('base64')}`;
    const stranger = wanted && request.headers['proxy-authorization'] !== wanted;
    const refusal = stranger ? 407 : refuse(asked.length);
    if (refusal === 'nothing') return;
    if (refusal === 'close') {
      socket.destroy();
      return;
    }
    if (refusal === 'endless') {
      sendEndlessHeaders(socket);
      return;
    }
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal} Refused\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const onward = connect(target, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      relay(socket, onward);
    });
    onward.on('error', () => socket.destroy());
  });
  return { ...(await listenOnLoopback(server)), asked };
}
