import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { beginIdempotent, finishIdempotent, type IdempotentCall } from './idempotency.ts';
import { recordInbox } from './inbox.ts';
import type { Isolation } from './opening.ts';
import { createStoreFixture, newTenant, type StoreFixture } from './store.fixture.ts';
import type { Tx } from './transaction.ts';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await createStoreFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

function newCall(): IdempotentCall {
  return {
    tenantId: newTenant(),
    principalId: randomUUID(),
    route: 'createThing',
    key: 'k1',
    bodyHash: 'a'.repeat(64),
  };
}

/** A route as services write it: the effect is a number drawn when the call is carried out. */
async function callRoute(
  call: IdempotentCall,
  effects: number[],
  { pause = async () => {}, isolation = 'serializable' }: Circumstances = {},
): Promise<unknown> {
  const work = async (tx: Tx) => {
    const known = await beginIdempotent(tx, call);
    if (known.state !== 'first') return known;
    await pause(tx);
    const answer = { status: 201, response: { id: randomUUID(), amount: '5' } };
    finishIdempotent(tx, call, answer);
    tx.afterCommit(() => effects.push(1));
    return answer;
  };
  return fixture.store.forTenant(call.tenantId).transaction(work, { isolation });
}

interface Circumstances {
  readonly pause?: (tx: Tx) => Promise<void>;
  readonly isolation?: Isolation;
}

test('the same call later gives the same answer and no second effect', async () => {
  const call = newCall();
  const effects: number[] = [];
  const first = await callRoute(call, effects);
  expect(await callRoute(call, effects)).toMatchObject({ state: 'replay', response: responseOf(first) });
  expect(effects).toHaveLength(1);
});

test.each(['serializable', 'read committed'] as const)(
  'twenty equal calls at once have one effect and one answer, %s',
  async (isolation) => {
    const call = newCall();
    const effects: number[] = [];
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => callRoute(call, effects, { isolation })),
    );
    expect(effects).toHaveLength(1);
    expect(new Set(answers.map((answer) => JSON.stringify(responseOf(answer)))).size).toBe(1);
  },
);

test('another body under the same key is refused', async () => {
  const call = newCall();
  await callRoute(call, []);
  expect(await callRoute({ ...call, bodyHash: 'b'.repeat(64) }, [])).toEqual({ state: 'conflict' });
});

test.each([
  ['tenant', { tenantId: newTenant() }],
  ['principal', { principalId: randomUUID() }],
  ['route', { route: 'another' }],
  ['key', { key: 'k2' }],
])('another %s has keys of its own', async (_what, change) => {
  const call = newCall();
  const effects: number[] = [];
  await callRoute(call, effects);
  await callRoute({ ...call, ...change }, effects);
  expect(effects).toHaveLength(2);
});

test('a call that failed leaves its key free', async () => {
  const call = newCall();
  const effects: number[] = [];
  const pause = async () => {
    throw new Error('no');
  };
  const failing = callRoute(call, effects, { pause });
  await expect(failing).rejects.toThrow('no');
  await callRoute(call, effects);
  expect(effects).toHaveLength(1);
});

test('a call that runs too long lets the next one ask again later', async () => {
  const call = newCall();
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const { promise: started, resolve: start } = Promise.withResolvers<void>();
  const pause = async () => {
    start();
    await ended;
  };
  const slow = callRoute(call, [], { pause });
  await started;
  const impatient = fixture.store.forTenant(call.tenantId).transaction(async (tx) => {
    await tx.raw(`SET LOCAL lock_timeout = '50ms'`);
    return beginIdempotent(tx, call);
  });
  await expect(impatient).rejects.toMatchObject({
    code: 'request_in_progress',
    retry: 'later',
    retryAfterSeconds: 1,
  });
  end();
  await slow;
});

test('a message is taken in once by each consumer, also when it comes many times at once', async () => {
  const tenantId = newTenant();
  const messageId = randomUUID();
  const take = (consumer: string) =>
    fixture.store.forTenant(tenantId).transaction((tx) => recordInbox(tx, { tenantId, consumer, messageId }));
  const taken = await Promise.all(Array.from({ length: 10 }, () => take('registry')));
  expect(taken.filter(Boolean)).toHaveLength(1);
  expect(await take('audit')).toBe(true);
  expect(await take('audit')).toBe(false);
});

test('a message whose effect was rolled back is taken in again', async () => {
  const tenantId = newTenant();
  const entry = { tenantId, consumer: 'registry', messageId: randomUUID() };
  const scope = fixture.store.forTenant(tenantId);
  const failing = scope.transaction(async (tx) => {
    await recordInbox(tx, entry);
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await scope.transaction((tx) => recordInbox(tx, entry))).toBe(true);
});

function responseOf(answer: unknown): unknown {
  return typeof answer === 'object' && answer !== null && 'response' in answer ? answer.response : null;
}
