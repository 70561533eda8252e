import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { deliver, spent } from './testbed/news.fixture.ts';
import { securityEvent } from './testbed/published.fixture.ts';
import {
  askPayload,
  created,
  payload,
  read,
  refusalOf,
  replyOf,
  setPolicy,
  sign,
  signedRequest,
  submit,
} from './testbed/story.fixture.ts';
import { startWorld, type World } from './testbed/world.fixture.ts';

let world: World;
let wallet: ReturnType<World['addWallet']>;
beforeAll(async () => {
  world = await startWorld();
  await setPolicy(world, 'allow');
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => {
  wallet = world.addWallet();
});

test('a nonce spent without a transaction ends the signed request at depth, for good once that is final', async () => {
  const { id } = await signedRequest(world, wallet);
  const place = { address: wallet.address, nonce: 0 };
  await deliver(world, spent(world, { ...place, version: 1, depth: 'included' }, null));
  expect((await read(world, id)).status).toBe('signed');
  await deliver(world, spent(world, { ...place, version: 2, depth: 'confirmed' }, null));
  const ended = await read(world, id);
  expect(ended).toMatchObject({ status: 'failed', reason: 'replaced_outside', finalizedAt: null });
  expect(await securityEvent(world, id)).toMatchObject({
    type: 'security.nonce_spent_outside',
    data: { nonce: 0, txHash: null },
  });
  await deliver(world, spent(world, { ...place, version: 3, depth: 'finalized' }, null));
  const final = await read(world, id);
  expect(final).toMatchObject({ status: 'failed', reason: 'replaced_outside' });
  expect(final.finalizedAt).not.toBeNull();
});

test('a nonce spent without a transaction that a reorg frees again is the request’s own once more', async () => {
  const { id, txHash } = await signedRequest(world, wallet);
  const place = { address: wallet.address, nonce: 0 };
  await deliver(world, spent(world, { ...place, version: 1, depth: 'confirmed' }, null));
  expect((await read(world, id)).reason).toBe('replaced_outside');
  await deliver(world, spent(world, { ...place, version: 2, depth: 'none' }, null));
  expect(await read(world, id)).toMatchObject({ status: 'broadcasted', reason: 'reorged', txHash });
  const sql = 'SELECT state FROM nonce_slots WHERE address = $1';
  expect(await world.database.query(sql, [wallet.address])).toEqual([{ state: 'signed' }]);
});

test('who never signed takes another nonce when his was finally spent without a transaction', async () => {
  const { id } = await created(world, wallet.id);
  const first = await payload(world, id);
  const place = { address: wallet.address, nonce: 0 };
  world.neighbourhood.quote.minedCount = 1;
  await deliver(world, spent(world, { ...place, version: 1, depth: 'confirmed' }, null));
  expect(refusalOf(await askPayload(world, id))).toBe('409 waiting_for_nonce');
  expect(refusalOf(await submit(world, first, sign(wallet.key, first)))).toBe('409 lease_lost');
  await deliver(world, spent(world, { ...place, version: 2, depth: 'finalized' }, null));
  const second = await payload(world, id);
  expect(second.evm.nonce).toBe(1);
  world.neighbourhood.quote.minedCount = 0;
  expect(replyOf(await submit(world, second, sign(wallet.key, second)))).toMatchObject({ status: 'signed' });
});
