import { once } from 'node:events';
import { connect } from 'node:net';
import type { RequestListener } from 'node:http';
import { answerProblems, createBareApp, type Listening, listen } from '@ironforge/service-kit';
import { createCollectingLogger, waitUntil } from '@ironforge/testing';
import { expect, it } from 'vitest';
import { createForward, type ForwardOptions } from './forward.ts';
import { holdBody, type HoldLimits } from './hold-body.ts';
import { passAsTaken } from './pass-answer.ts';

const loopback = { host: '127.0.0.1', port: 0 };
const MEBI = 1_048_576;
const WIDE: HoldLimits = { withinMs: 10_000, bytesPerAddress: 16 * MEBI, bytesOverall: 16 * MEBI };

/** A gateway of one service that answers with what it was sent. */
async function startGateway(
  limits: Partial<HoldLimits & ForwardOptions> = {},
  answer: RequestListener = (request, response) => void request.pipe(response),
): Promise<Pick<Listening, 'url' | 'port'> & AsyncDisposable> {
  await using parts = new AsyncDisposableStack();
  const service = parts.use(await listen(answer, loopback));
  const app = createBareApp();
  const log = createCollectingLogger();
  app.use(
    holdBody({ ...WIDE, ...limits }),
    createForward({ service: 'one', url: service.url, log, pass: passAsTaken, ...limits })(),
  );
  app.use(answerProblems(log));
  const { url, port } = parts.use(await listen(app, loopback));
  const owned = parts.move();
  return { url, port, [Symbol.asyncDispose]: async () => await owned.disposeAsync() };
}

/** Connections that begin a body and do not end it. */
async function beginBodies(port: number, count: number, begun = '{') {
  const head =
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n';
  const heard: string[] = [];
  const sockets = Array.from({ length: count }, () =>
    connect(port, '127.0.0.1')
      .on('error', () => undefined)
      .on('data', (piece: Buffer) => void heard.push(piece.toString())),
  );
  await Promise.all(sockets.map(async (socket) => void (await once(socket, 'connect'))));
  for (const socket of sockets) socket.write(head + begun);
  return {
    heard: () => heard.join(''),
    areClosed: () => sockets.every(({ closed }) => closed),
    leave: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

function post(url: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  const signal = AbortSignal.timeout(5_000);
  return fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
    signal,
  });
}

it('passes a body on as it came, also one of a mebibyte or without a length', async () => {
  await using gateway = await startGateway();
  for (const body of ['', '{"a":"ä"}', 'x'.repeat(MEBI)])
    expect(await (await post(gateway.url, body)).text()).toBe(body);
  const pieces = new Blob(['one', 'two']).stream();
  const init = { method: 'POST', body: pieces, duplex: 'half' } as const;
  expect(await (await fetch(gateway.url, init)).text()).toBe('onetwo');
});

it('answers others while hundreds are slow with their bodies', async () => {
  await using gateway = await startGateway();
  const slow = await beginBodies(gateway.port, 300);
  expect((await post(gateway.url, '{}')).status).toBe(200);
  slow.leave();
});

it('ends a body that takes too long', async () => {
  await using gateway = await startGateway({ withinMs: 200 });
  const slow = await beginBodies(gateway.port, 1);
  await waitUntil('the end', slow.areClosed);
  expect(slow.heard()).toMatch(/^HTTP\/1.1 408 [^]*"code":"body_too_slow"/);
});

it('refuses what is larger than a mebibyte though it said nothing of its length', async () => {
  await using gateway = await startGateway();
  const init = { method: 'POST', body: new Blob(['x'.repeat(2 * MEBI)]).stream(), duplex: 'half' } as const;
  expect((await fetch(gateway.url, init)).status).toBe(413);
});

it('holds no more of one address than it may', async () => {
  await using gateway = await startGateway({ bytesPerAddress: 100_000 });
  const slow = await beginBodies(gateway.port, 1, 'x'.repeat(90_000));
  const refused = await waitUntil('the room to be full', async () => {
    const answer = await post(gateway.url, 'x'.repeat(20_000));
    return answer.status === 200 ? null : answer;
  });
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(await refused.json()).toMatchObject({ code: 'overloaded' });
  slow.leave();
  await waitUntil('room again', async () => (await post(gateway.url, 'x'.repeat(20_000))).status === 200);
});

it('lets no more wait for a service than may', async () => {
  let asked = 0;
  await using gateway = await startGateway({ maxSockets: 2, maxWaiting: 1 }, () => void asked++);
  const leaving = new AbortController();
  const init = { method: 'POST', body: '{}', signal: leaving.signal };
  const three = [1, 2, 3].map(async () => await fetch(gateway.url, init).catch(() => 'left'));
  await waitUntil('two to be asked', () => asked === 2);
  const refused = await waitUntil('the third to wait', async () => {
    const answer = await fetch(gateway.url, { ...init, signal: AbortSignal.timeout(200) }).catch(() => null);
    return answer;
  });
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ code: 'overloaded' });
  leaving.abort();
  expect(await Promise.all(three)).toEqual(['left', 'left', 'left']);
});

it('tells who waits too long for a service that it is overloaded, and never passes that request on', async () => {
  const asked: (() => void)[] = [];
  const limits = { maxSockets: 1, maxWaiting: 10, maxWaitMs: 200 };
  await using gateway = await startGateway(limits, (_request, response) => {
    asked.push(() => void response.end('served'));
  });
  const first = post(gateway.url, '{}');
  await waitUntil('the first to be asked', () => asked.length === 1);
  const refused = await post(gateway.url, '{}');
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ code: 'overloaded' });
  const next = post(gateway.url, '{}');
  asked[0]?.();
  expect(await (await first).text()).toBe('served');
  await waitUntil('the next to be asked', () => asked.length === 2);
  asked[1]?.();
  expect(await (await next).text()).toBe('served');
  expect(asked).toHaveLength(2);
});
