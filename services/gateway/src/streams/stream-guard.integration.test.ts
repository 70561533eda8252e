import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { present } from '@ironforge/kernel';
import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { expect, it } from 'vitest';
import { startTestGateway } from '../gateway.fixture.ts';

/** An audit service that says what the test says, to whoever listens; the gateway is asked about rights often. */
async function openPlace() {
  await using stack = new AsyncDisposableStack();
  const listeners: ServerResponse[] = [];
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(': at 0\n\n');
    listeners.push(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stack.defer(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const gateway = await startTestGateway({
    AUDIT_URL: `http://127.0.0.1:${port}`,
    STREAM_RIGHTS_SECONDS: '0.1',
  });
  const open = async (token: string) => {
    const leaving = new AbortController();
    const headers = { authorization: `Bearer ${token}` };
    const response = await gateway.send('/v1/audit/stream', { headers, signal: leaving.signal });
    const heard: string[] = [];
    const ended = readAll(response, heard).then(
      () => true,
      () => true,
    );
    return { status: response.status, heard, ended, hangUp: () => leaving.abort() };
  };
  const running = stack.move();
  return { gateway, listeners, open, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

async function readAll(response: Response, heard: string[]): Promise<void> {
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) heard.push(part);
}

it('a stream comes piece by piece, and its service hears when the reader hangs up', async () => {
  await using place = await openPlace();
  await using gateway = place.gateway;
  const stream = await place.open(await gateway.signIn('admin@forge.test'));
  await waitUntil('the first word', () => stream.heard.join('').includes(': at 0'));
  const listener = present(place.listeners[0], 'the one who listens');
  listener.write('id: 1\ndata: {}\n\n');
  await waitUntil('the entry', () => stream.heard.join('').includes('id: 1'));
  stream.hangUp();
  await waitUntil('the service to hear of it', () => listener.destroyed);
});

it('a stream is cut when its reader may not read any more, and lives as long as he may', async () => {
  await using place = await openPlace();
  await using gateway = place.gateway;
  const admin = await gateway.signIn('admin@forge.test');
  const key = await gateway.ask(ROUTES.createApiKey, { body: { name: 'reader' } }, admin);
  const made = ROUTES.createApiKey.reply.parse(await key.json());
  const [byKey, byToken] = [await place.open(made.key), await place.open(admin)];
  await waitUntil('both', () => byKey.heard.length > 0 && byToken.heard.length > 0);
  await gateway.ask(ROUTES.deleteApiKey, { params: { id: made.id } }, admin);
  expect(await byKey.ended).toBe(true);
  present(place.listeners[1], 'the other').write(': still here\n\n');
  await waitUntil('the other to live', () => byToken.heard.join('').includes('still here'));
  gateway.identity.refuse();
  expect(await byToken.ended).toBe(true);
  gateway.identity.heal();
});

it('a gateway that stops waits for no stream', async () => {
  await using place = await openPlace();
  const stream = await place.open(await place.gateway.signIn('admin@forge.test'));
  await waitUntil('the first word', () => stream.heard.length > 0);
  const startedAt = performance.now();
  await place.gateway[Symbol.asyncDispose]();
  expect(await stream.ended).toBe(true);
  expect(performance.now() - startedAt).toBeLessThan(8_000);
});
