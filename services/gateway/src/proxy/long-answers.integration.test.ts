import { once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import { createBareApp, type Listening, listen } from '@ironforge/service-kit';
import { createCollectingLogger, waitUntil } from '@ironforge/testing';
import { expect, it } from 'vitest';
import { createForward } from './forward.ts';
import { passAsTaken } from './pass-answer.ts';

const loopback = { host: '127.0.0.1', port: 0 };
const PIECE = Buffer.alloc(64 * 1024, 'x');

/** A gateway of one service. */
async function startGateway(answer: RequestListener): Promise<Pick<Listening, 'url'> & AsyncDisposable> {
  await using parts = new AsyncDisposableStack();
  const service = parts.use(await listen(answer, loopback));
  const app = createBareApp();
  const log = createCollectingLogger();
  app.use(createForward({ service: 'one', url: service.url, log, pass: passAsTaken })());
  const gateway = parts.use(await listen(app, loopback));
  const owned = parts.move();
  return { url: gateway.url, [Symbol.asyncDispose]: async () => await owned.disposeAsync() };
}

it('passes range, place and length on, and the bytes as they come', async () => {
  await using gateway = await startGateway((request, response) => {
    response.writeHead(206, { 'content-range': 'bytes 5-9/10', 'content-length': '5', etag: '"e"' });
    response.end(
      request.headers.range === 'bytes=5-' && request.headers['if-range'] === '"e"' ? 'right' : 'wrong',
    );
  });
  const answer = await fetch(gateway.url, { headers: { range: 'bytes=5-', 'if-range': '"e"' } });
  expect([answer.status, answer.headers.get('content-range'), answer.headers.get('etag')]).toEqual([
    206,
    'bytes 5-9/10',
    '"e"',
  ]);
  expect(await answer.text()).toBe('right');
});

it('cuts the connection where the service cuts it, so that nobody takes a part for the whole', async () => {
  await using gateway = await startGateway((_request, response) => {
    response.writeHead(200, { 'content-length': String(10 * PIECE.length) });
    response.write(PIECE, () => response.destroy());
  });
  const answer = await fetch(gateway.url);
  expect(answer.status).toBe(200);
  await expect(answer.arrayBuffer()).rejects.toThrow('terminated');
});

it('takes no more from the service than the client takes, and hangs up when that does', async () => {
  let written = 0;
  let isClosed = false;
  const pour = async (response: ServerResponse) => {
    const closed = once(response, 'close').then(() => (isClosed = true));
    while (!isClosed) {
      written += PIECE.length;
      if (!response.write(PIECE)) await Promise.race([once(response, 'drain'), closed]);
    }
  };
  await using gateway = await startGateway((_request, response) => void pour(response));
  const leaving = new AbortController();
  const answer = await fetch(gateway.url, { signal: leaving.signal });
  const reader = answer.body?.getReader();
  await reader?.read();
  let before = -1;
  // What stands in buffers of sockets on the way is some megabytes; without back-pressure it grows for ever.
  await waitUntil(
    'the service to stand still',
    () => {
      const isStill = written === before;
      before = written;
      return isStill;
    },
    { intervalMs: 300 },
  );
  expect(written).toBeLessThan(64 * 1024 * 1024);
  leaving.abort();
  await waitUntil('the service to be told', () => isClosed);
});
