import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { connect, type Socket } from 'node:net';
import { createBareApp, type Listening, listen } from '@ironforge/service-kit';
import { createCollectingLogger, waitUntil } from '@ironforge/testing';
import { expect, it } from 'vitest';
import { createForward } from './forward.ts';
import { createPassHeld } from './pass-answer.ts';

const loopback = { host: '127.0.0.1', port: 0 };

/** A gateway of one service. */
async function startGateway(answer: RequestListener): Promise<Pick<Listening, 'port'> & AsyncDisposable> {
  await using parts = new AsyncDisposableStack();
  const service = parts.use(await listen(answer, loopback));
  const app = createBareApp();
  const log = createCollectingLogger();
  app.use(createForward({ service: 'one', url: service.url, log, pass: createPassHeld() })());
  const gateway = parts.use(await listen(app, loopback));
  const owned = parts.move();
  return { port: gateway.port, [Symbol.asyncDispose]: async () => await owned.disposeAsync() };
}

/** Sends a request as it is written, and collects what comes. */
async function write(
  port: number,
  lines: readonly string[],
): Promise<{ socket: Socket; heard: () => string }> {
  const pieces: string[] = [];
  const socket = connect(port, '127.0.0.1').on('data', (piece: Buffer) => void pieces.push(piece.toString()));
  await once(socket, 'connect');
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  return { socket, heard: () => pieces.join('') };
}

const SAID_TO_US: RequestListener = (_request, response) => {
  response.writeHead(200, {
    connection: 'close, x-foo',
    'keep-alive': 'timeout=1',
    'x-foo': '1',
    'x-bar': '2',
  });
  response.write('wh');
  response.end('ole');
};

it('keeps what the service says to it to itself, and frames the answer for the client anew', async () => {
  await using gateway = await startGateway(SAID_TO_US);
  const { socket, heard } = await write(gateway.port, ['GET / HTTP/1.1', 'Host: x']);
  await waitUntil('the end', () => heard().endsWith('\r\n0\r\n\r\n'));
  expect(heard()).toContain('x-bar: 2');
  expect(heard()).not.toMatch(/x-foo|close|timeout=1\r/i);
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await waitUntil('the second on the same connection', () => heard().split('x-bar').length === 3);
  socket.destroy();
});

it.each([
  ['1.1', ['Connection: close']],
  ['1.0', []],
])(
  'closes behind a client of HTTP/%s who wants it so, and sends him all before',
  async (version, headers) => {
    await using gateway = await startGateway(SAID_TO_US);
    const { socket, heard } = await write(gateway.port, [`GET / HTTP/${version}`, 'Host: x', ...headers]);
    await once(socket, 'close');
    expect(heard()).toMatch(/\r\nconnection: close\r\n/i);
    expect(heard()).toContain(
      version === '1.0' ? '\r\n\r\nwhole' : '\r\n\r\n2\r\nwh\r\n3\r\nole\r\n0\r\n\r\n',
    );
  },
);
