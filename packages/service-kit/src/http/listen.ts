import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { assert, STOPS_WITHIN_MS } from '@ironforge/kernel';

/** Where to listen. */
export interface ListenOptions {
  readonly host: string;
  /** 0 chooses a free one. */
  readonly port: number;
}

/** A server that listens; disposing it lets the requests in hand finish (at most 5 s) and closes it. */
export interface Listening extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
}

/** Listens with limits against slow clients: 10 s for headers, 30 s for a request, 100 headers. */
export async function listen(handler: RequestListener, { host, port }: ListenOptions): Promise<Listening> {
  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: 1_000,
    },
    handler,
  );
  server.maxHeadersCount = 100;
  server.listen(port, host);
  await once(server, 'listening');
  const bound = portOf(server);
  return {
    url: `http://${host}:${bound}`,
    port: bound,
    [Symbol.asyncDispose]: async () => await close(server),
  };
}

function portOf(server: Server): number {
  const address = server.address();
  assert(typeof address === 'object' && address !== null, 'a server that listens on TCP has a port');
  return address.port;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  // Those that answer now are not kept open for a next request afterwards.
  server.keepAliveTimeout = 1;
  const timer = setTimeout(() => server.closeAllConnections(), STOPS_WITHIN_MS.answers);
  await closed;
  clearTimeout(timer);
}
