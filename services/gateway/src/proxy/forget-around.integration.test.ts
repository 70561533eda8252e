import type { RequestListener } from 'node:http';
import { createBareApp, type Listening, listen } from '@ironforge/service-kit';
import { createCollectingLogger, waitUntil } from '@ironforge/testing';
import { expect, it } from 'vitest';
import { forgetAround } from './forget-around.ts';
import { createForward } from './forward.ts';
import { passAsTaken } from './pass-answer.ts';

const loopback = { host: '127.0.0.1', port: 0 };

/** A gateway of one service, and what happened, in order. */
async function startGateway(answer: RequestListener): Promise<{ happened: string[] } & Listening> {
  await using parts = new AsyncDisposableStack();
  const happened: string[] = [];
  const service = await listen((request, response) => {
    happened.push('asked');
    answer(request, response);
  }, loopback);
  parts.use(service);
  const app = createBareApp();
  const log = createCollectingLogger();
  const forward = createForward({ service: 'one', url: service.url, log, pass: passAsTaken });
  app.use(forgetAround(() => void happened.push('forgotten'), forward));
  const gateway = parts.use(await listen(app, loopback));
  const owned = parts.move();
  const dispose = async () => await owned.disposeAsync();
  return { happened, url: gateway.url, port: gateway.port, [Symbol.asyncDispose]: dispose };
}

it('forgets before a request goes on, and before the client hears the first of the answer', async () => {
  await using gateway = await startGateway((_request, response) => void response.write('begun'));
  const leaving = new AbortController();
  await fetch(gateway.url, { signal: leaving.signal });
  expect(gateway.happened).toEqual(['forgotten', 'asked', 'forgotten']);
  leaving.abort();
});

it('forgets before the client hears that the service is away', async () => {
  await using gateway = await startGateway((request) => void request.socket.destroy());
  expect((await fetch(gateway.url)).status).toBe(503);
  expect(gateway.happened.slice(0, 3)).toEqual(['forgotten', 'asked', 'forgotten']);
});

it('forgets when the client goes away before it heard anything', async () => {
  await using gateway = await startGateway(() => undefined);
  const leaving = new AbortController();
  const gone = fetch(gateway.url, { signal: leaving.signal }).catch(() => 'gone');
  await waitUntil('the question', () => gateway.happened.includes('asked'));
  expect(gateway.happened).toEqual(['forgotten', 'asked']);
  leaving.abort();
  expect(await gone).toBe('gone');
  await waitUntil('the second time', () => gateway.happened.length > 2);
});
