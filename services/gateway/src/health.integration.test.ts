import { createBareApp, type Listening, listen, mountRoutes } from '@ironforge/service-kit';
import { waitUntil } from '@ironforge/testing';
import type { RequestHandler } from 'express';
import { expect, it } from 'vitest';
import { healthRoute } from './health.ts';
import type { Upstreams } from './upstreams.ts';

const loopback = { host: '127.0.0.1', port: 0 };
/** More than a socket and its reader hold, so that what is not read keeps the connection. */
const LONG_BODY = 'x'.repeat(1024 * 1024);

interface Asked extends Listening {
  /** The connection of each question that the services were asked. */
  readonly connections: (number | undefined)[];
}

/** The gateway's health, where one server stands for all services; these answer once so many want the summary. */
async function startHealth(wanted = 1): Promise<Asked> {
  await using parts = new AsyncDisposableStack();
  const connections: (number | undefined)[] = [];
  const allCame = Promise.withResolvers<void>();
  let came = 0;
  const counting: RequestHandler = (_request, _response, next) => {
    came += 1;
    if (came === wanted) allCame.resolve();
    next();
  };
  const service = parts.use(
    await listen((request, response) => {
      connections.push(request.socket.remotePort);
      void allCame.promise.then(() => response.end(LONG_BODY));
    }, loopback),
  );
  const app = createBareApp();
  app.use(counting);
  mountRoutes(app, [healthRoute(everyServiceAt(service.url))]);
  const health = parts.use(await listen(app, loopback));
  const owned = parts.move();
  return { ...health, connections, [Symbol.asyncDispose]: async () => await owned.disposeAsync() };
}

function everyServiceAt(url: string): Upstreams {
  return { identity: url, 'wallet-registry': url, 'tx-orchestrator': url, 'chain-watcher': url, audit: url };
}

it('asks each service once for many who want the summary at once', async () => {
  const many = 20;
  await using health = await startHealth(many);
  const fromAll = async (path: string) =>
    await Promise.all(Array.from({ length: many }, async () => await fetch(`${health.url}${path}`)));
  for (const answer of await fromAll('/readyz')) await answer.text(); // their connections are open now
  const answers = await fromAll('/healthz');
  expect(health.connections).toHaveLength(5);
  for (const answer of answers) expect(await answer.json()).toMatchObject({ status: 'ok' });
});

it('reads what the services answer, so that their connections serve again', async () => {
  await using health = await startHealth();
  await waitUntil('the services to be asked a second time', async () => {
    await (await fetch(`${health.url}/healthz`)).json();
    return health.connections.length >= 10;
  });
  expect(new Set(health.connections).size).toBe(5);
});
