import { route } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { bind } from './bind.ts';
import { AUDIENCE, issuers, person, startTestService } from './service-app.fixture.ts';

const told = route({
  method: 'GET',
  path: '/v1/told',
  service: AUDIENCE,
  access: 'audit:read',
  summary: 'Something told piece by piece',
  reply: z.string(),
  media: 'text/event-stream',
});

async function open(pieces: AsyncIterable<string>, signal?: AbortSignal) {
  await using stack = new AsyncDisposableStack();
  const service = stack.use(await startTestService([bind(told, async () => ({ status: 200, pieces }))]));
  const authorization = `Bearer ${await issuers.gateway(AUDIENCE, person('audit:read'))}`;
  const response = await fetch(`${service.url}/v1/told`, {
    headers: { authorization },
    signal: signal ?? null,
  });
  const running = stack.move();
  return { response, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

it('sends each piece as it comes', async () => {
  const second = Promise.withResolvers<string>();
  await using opened = await open(
    (async function* () {
      yield 'one ';
      yield await second.promise;
    })(),
  );
  expect(opened.response.headers.get('content-type')).toMatch('text/event-stream');
  const reader = opened.response.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect(await reader?.read()).toEqual({ done: false, value: 'one ' });
  second.resolve('two');
  expect(await reader?.read()).toEqual({ done: false, value: 'two' });
  expect(await reader?.read()).toMatchObject({ done: true });
});

it('answers before the first piece is there, and ends the pieces when the caller hangs up', async () => {
  const leaving = new AbortController();
  let hasEnded = false;
  await using opened = await open(
    (async function* () {
      try {
        for (;;) yield await waitUntil('the caller to leave', () => leaving.signal.aborted && 'too late');
      } finally {
        hasEnded = true;
      }
    })(),
    leaving.signal,
  );
  expect(opened.response.status).toBe(200);
  leaving.abort();
  await waitUntil('the end of the pieces', () => hasEnded);
});

it('cuts the connection when a piece fails, so that nobody takes a part for the whole', async () => {
  await using opened = await open(
    (async function* () {
      yield 'one';
      throw new Error('the database is gone');
    })(),
  );
  await expect(opened.response.text()).rejects.toThrow('terminated');
});
