import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createBareApp, type Listening, listen } from '@ironforge/service-kit';
import { createCollectingLogger } from '@ironforge/testing';
import { expect, it } from 'vitest';
import { createForward } from './forward.ts';
import type { HoldLimits } from './hold-body.ts';
import { createPassHeld } from './pass-answer.ts';

const loopback = { host: '127.0.0.1', port: 0 };
const MEBI = 1_048_576;
/** Far more than the sockets on the way and their ends hold, which is ten MiB or so. */
const LONG = Buffer.alloc(48 * MEBI, 'x');
const PART = LONG.subarray(0, 16 * MEBI);
/** Whoever still waits then, for his turn or for a reader, does so in vain; a machine that is merely slow has done by then. */
const LONG_ENOUGH_MS = 30_000;
const WIDE: HoldLimits = { withinMs: LONG_ENOUGH_MS, bytesPerAddress: 64 * MEBI, bytesOverall: 64 * MEBI };

const answerLong: RequestListener = ({ url }, response) => void response.end(url === '/part' ? PART : LONG);

/** A gateway of one service that works on one request at a time. */
async function startGateway(
  limits: Partial<HoldLimits> = {},
): Promise<Pick<Listening, 'url' | 'port'> & AsyncDisposable> {
  await using parts = new AsyncDisposableStack();
  const service = parts.use(await listen(answerLong, loopback));
  const app = createBareApp();
  const pass = createPassHeld({ ...WIDE, ...limits });
  const log = createCollectingLogger();
  app.use(
    createForward({
      service: 'one',
      url: service.url,
      log,
      maxSockets: 1,
      maxWaitMs: LONG_ENOUGH_MS,
      pass,
    })(),
  );
  const { url, port } = parts.use(await listen(app, loopback));
  const owned = parts.move();
  return { url, port, [Symbol.asyncDispose]: async () => await owned.disposeAsync() };
}

/** Somebody who asks, and reads nothing but the first of the answer until he is told to. */
async function askSlowly(port: number) {
  const socket = connect(port, '127.0.0.1');
  let bytes = 0;
  const closed = once(socket, 'close').catch(() => 'reset');
  socket.on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  await once(socket, 'readable');
  return {
    /** How much came, when there is no more. */
    readOn: async () => {
      socket.on('data', (piece: Buffer) => void (bytes += piece.length));
      await closed;
      return bytes;
    },
    leave: () => void socket.destroy(),
  };
}

it('serves others while one does not read his answer, which he gets whole all the same', async () => {
  await using gateway = await startGateway();
  const slow = await askSlowly(gateway.port);
  const other = await fetch(gateway.url);
  expect(other.status).toBe(200);
  expect((await other.arrayBuffer()).byteLength).toBe(LONG.length);
  expect(await slow.readOn()).toBeGreaterThan(LONG.length);
});

it('cuts off who leaves more unread than is held of one address, and holds as much again when he has gone', async () => {
  await using gateway = await startGateway({ bytesPerAddress: 20 * MEBI });
  const slow = await askSlowly(gateway.port);
  const next = await fetch(`${gateway.url}/part`);
  expect((await next.arrayBuffer()).byteLength).toBe(PART.length);
  expect(await slow.readOn()).toBeLessThan(LONG.length);
});

it('cuts off who does not take his answer in time', async () => {
  await using gateway = await startGateway({ withinMs: 200 });
  const slow = await askSlowly(gateway.port);
  const next = await fetch(gateway.url); // so the service has ended the first answer
  await next.body?.cancel();
  await sleep(500);
  expect(await slow.readOn()).toBeLessThan(LONG.length);
});
