import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/node/clock.ts';
import { createHttpClient } from '../../../src/node/http-client.ts';
import type { HttpRequest } from '../../../src/ports/http.ts';

const KIB = 1_024;
const servers: Server[] = [];
const sockets = new Set<Socket>();

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const http = (handler: RequestListener) => listen(createServer(handler));
const tcp = (handler: (socket: Socket) => void) => listen(createTcpServer(handler));

function send(url: string, request: Partial<HttpRequest> = {}, env: NodeJS.ProcessEnv = {}) {
  return createHttpClient(env, systemClock).send({ ...whole(url), ...request });
}

function whole(url: string): HttpRequest {
  return {
    method: 'GET',
    url,
    headers: {},
    maxBodyBytes: 256 * KIB,
    timeout: 20_000,
    signal: new AbortController().signal,
  };
}

describe('the body of a response', () => {
  it.each([
    [256 * KIB, 'is read up to the limit'],
    [256 * KIB + 1, 'is malformed above it'],
  ])('of %d bytes %s', async (bytes) => {
    const host = await http((_, response) => response.end('x'.repeat(bytes)));
    const body = send(`http://${host}/`).then((response) => response.body.length);
    if (bytes > 256 * KIB) await expect(body).rejects.toMatchObject({ malformed: true });
    else expect(await body).toBe(bytes);
  });

  it('with an empty content encoding is read as it is', async () => {
    const host = await http((_, response) =>
      response.writeHead(200, { 'content-encoding': '' }).end('{}'),
    );
    expect((await send(`http://${host}/`)).body).toBe('{}');
  });

  it('has the first value of a repeated header', async () => {
    const host = await tcp((socket) => {
      socket.on('data', () =>
        socket.end('HTTP/1.1 200 OK\r\nDate: a\r\nDate: b\r\nContent-Length: 2\r\n\r\n{}'),
      );
    });
    expect((await send(`http://${host}/`)).headers['date']).toBe('a');
  });

  it('of an error that never ends does not hide its status, however short the timeout', async () => {
    const host = await http((_, response) => {
      response.writeHead(401);
      response.write('{');
    });
    // The first request needs time to connect; the second one has a connection.
    const client = createHttpClient({}, systemClock);
    for (const timeout of [20_000, 800]) {
      const response = await client.send({ ...whole(`http://${host}/`), timeout });
      expect(response).toMatchObject({ status: 401, body: '' });
    }
  });

  it('of an error is not read when it is large', async () => {
    const host = await http((_, response) => {
      response.writeHead(500);
      response.end('x'.repeat(KIB * KIB));
    });
    expect(await send(`http://${host}/`)).toMatchObject({ status: 500, body: '' });
  });
});

describe('the end of a request', () => {
  it('comes with its timeout', async () => {
    const host = await http(() => {});
    const sent = send(`http://${host}/`, { timeout: 50 });
    await expect(sent).rejects.toMatchObject({ name: 'NetworkError', timedOut: true });
  });

  it('comes with its signal, and with the reason of it', async () => {
    const stop = new AbortController();
    const host = await http(() => stop.abort(new Error('stopped')));
    await expect(send(`http://${host}/`, { signal: stop.signal })).rejects.toThrow('stopped');
  });

  it('comes before it is sent when the signal has aborted', async () => {
    let requests = 0;
    const host = await http(() => {
      requests += 1;
    });
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(send(`http://${host}/`, { signal })).rejects.toThrow('stopped');
    expect(requests).toBe(0);
  });
});

describe('a kept connection that the server closes', () => {
  /** Serves one response per connection, and closes it when the next request comes. */
  async function closingServer() {
    const seen: string[] = [];
    const host = await http((request, response) => {
      const { socket } = request;
      const known = seen.includes(String(socket.remotePort));
      seen.push(String(socket.remotePort));
      if (known) socket.destroy();
      else response.end('{}');
    });
    return { url: `http://${host}/`, seen };
  }

  it('is replaced once for a GET, and that counts', async () => {
    const { url, seen } = await closingServer();
    const client = createHttpClient({}, systemClock);
    let resent = 0;
    const count = () => {
      resent += 1;
    };
    await client.send({ ...whole(url), resent: count });
    expect(await client.send({ ...whole(url), resent: count })).toMatchObject({ status: 200 });
    expect(resent).toBe(1);
    expect(seen).toHaveLength(3);
  });

  it('is an error for a POST, which might have been processed', async () => {
    const { url, seen } = await closingServer();
    const client = createHttpClient({}, systemClock);
    await client.send(whole(url));
    await expect(client.send({ ...whole(url), method: 'POST' })).rejects.toThrow();
    expect(seen).toHaveLength(2);
  });

  it('is an error when it is a new one', async () => {
    let connections = 0;
    const host = await tcp((socket) => {
      connections += 1;
      socket.on('data', () => socket.destroy());
    });
    await expect(send(`http://${host}/`)).rejects.toThrow();
    expect(connections).toBe(1);
  });
});

describe('a proxy', () => {
  const through = (proxy: string, timeout = 300) =>
    send('https://api.open.cx/', { timeout }, { HTTPS_PROXY: `http://user:secret@${proxy}` });

  it('that closes CONNECT fails the request', async () => {
    const proxy = await tcp((socket) => socket.on('data', () => socket.destroy()));
    await expect(through(proxy, 20_000)).rejects.toMatchObject({ timedOut: false });
  });

  it('that never finishes its headers is bounded', async () => {
    let sent = 0;
    const proxy = await tcp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const more = setInterval(() => {
        sent += 64 * KIB;
        if (!socket.write(`x-${sent}: ${'y'.repeat(64 * KIB)}\r\n`)) socket.pause();
      }, 1);
      socket.on('close', () => clearInterval(more));
    });
    await expect(through(proxy, 20_000)).rejects.toMatchObject({ timedOut: false });
  });

  it('that is silent ends with the timeout', async () => {
    const proxy = await tcp(() => {});
    await expect(through(proxy)).rejects.toMatchObject({ timedOut: true });
  });

  it('is named without its credentials', async () => {
    const proxy = await tcp((socket) => socket.destroy());
    const error = await through(proxy, 20_000).catch((reason: unknown) => String(reason));
    expect(error).toContain(proxy);
    expect(error).not.toContain('secret');
  });

  it('gets a raw % of its password as it is written', async () => {
    let authorization = '';
    const proxy = await http((request, response) => {
      authorization = request.headers['proxy-authorization'] ?? '';
      response.end('{}');
    });
    const env = { HTTP_PROXY: `http://user:100%zz@${proxy}` };
    await send('http://api.example/', {}, env);
    expect(Buffer.from(authorization.split(' ')[1] ?? '', 'base64').toString()).toBe('user:100%zz');
  });
});
