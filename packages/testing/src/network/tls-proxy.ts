import { connect, type Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import type { Certificate } from './new-certificate.ts';
import { listenOnLoopback } from './listen-on-loopback.ts';

/** A TCP proxy that speaks TLS to its clients, and none to the server behind it. */
export interface TlsProxy extends AsyncDisposable {
  /** Host and port. */
  readonly address: string;
  /** How many clients have agreed on TLS so far. */
  readonly agreed: () => number;
}

/** Opens a proxy on the loopback interface, in front of host and port, that agrees on HTTP/2 (RFC 7301) as gRPC wants it. */
export async function createTlsProxy(target: string, certificate: Certificate): Promise<TlsProxy> {
  const sockets = new Set<Socket>();
  let agreed = 0;
  const server = createServer({ ...certificate, ALPNProtocols: ['h2'] }, (client) => {
    agreed += 1;
    join(client, target, sockets);
  });
  server.on('tlsClientError', (_error, client) => client.destroy());
  const port = await listenOnLoopback(server);
  return {
    address: `127.0.0.1:${port}`,
    agreed: () => agreed,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

function join(client: TLSSocket, target: string, sockets: Set<Socket>): void {
  const [host = '', port] = target.split(':');
  const server = connect({ host, port: Number(port) });
  const end = () => {
    client.destroy();
    server.destroy();
  };
  for (const socket of [client, server]) {
    sockets.add(socket);
    socket.on('error', end).on('close', () => {
      sockets.delete(socket);
      end();
    });
  }
  client.pipe(server).pipe(client);
}
