import type { AddressInfo, Server, Socket } from 'node:net';

/** A running server on a free port of this machine. */
export interface Running {
  port: number;
  /** Closes its connections too. */
  close(): Promise<void>;
}

/** Starts a server on a free loopback port. A broken connection is not an error. */
export async function listenOnLoopback(server: Server): Promise<Running> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** Forwards data in both directions until one side closes. */
export function relay(one: Socket, other: Socket): void {
  for (const [socket, peer] of [
    [one, other],
    [other, one],
  ] as const) {
    socket.on('error', () => socket.destroy());
    socket.on('close', () => peer.destroy());
    socket.pipe(peer);
  }
}
