import type { RequestListener } from 'node:http';
import { hasCode } from '@ironforge/kernel';
import { expect, it } from 'vitest';
import { listenWith } from '../witness/witness.fixture.ts';
import { createManagement } from './management.ts';

/** Longer than an answer is waited for. */
const PATIENCE_MS = 15_000;

it.each<[string, RequestListener]>([
  ['hangs up', (request) => request.destroy()],
  ['stops in the middle of its answer', (_, response) => response.writeHead(200).write('{"name":')],
  ['hangs up in the middle of its answer', (_, response) => breakOff(response)],
  ['answers what is no JSON', (_, response) => response.end('<html>Sign in first</html>')],
  ['answers half of it', (_, response) => response.end('{"name":')],
  ['refuses', (_, response) => response.writeHead(401).end('<html>')],
])(
  'a management that %s is a dependency that is down',
  async (_, listener) => {
    await using server = await listenWith(listener);
    const asked = createManagement(server.url)('GET', ['users', 'somebody']);
    await expect(asked).rejects.toSatisfy((error) => hasCode(error, 'dependency_down'));
  },
  PATIENCE_MS,
);

it.each<[string, RequestListener, object]>([
  ['what it answered', (_, response) => response.end('{"name":"a"}'), { body: { name: 'a' } }],
  [
    'an answer without a body',
    (_, response) => response.writeHead(201).end(),
    { body: null, isCreated: true },
  ],
  ['that what is deleted was gone', (_, response) => response.writeHead(404).end('<html>'), { body: null }],
])('a management that works tells %s', async (_, listener, expected) => {
  await using server = await listenWith(listener);
  expect(await createManagement(server.url)('DELETE', ['users', 'somebody'])).toMatchObject(expected);
});

function breakOff(response: Parameters<RequestListener>[1]): void {
  response.writeHead(200, { 'content-length': '100' }).write('{"name":', () => response.destroy());
}
