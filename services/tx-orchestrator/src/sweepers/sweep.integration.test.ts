import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { created, payload, read, setPolicy, signedRequest } from '../testbed/story.fixture.ts';
import { CHAIN_ID, startWorld, type World } from '../testbed/world.fixture.ts';

/** More than a sweep takes at a time. */
const MANY = 120;

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await setPolicy(world, 'allow');
});
afterAll(() => world[Symbol.asyncDispose]());

test('many old places that always fail hold up nobody: the others have their turn', async () => {
  const wallet = world.addWallet();
  const { id } = await created(world, wallet.id);
  await world.database.query(COPY_TO_ANOTHER_CHAIN, [id, MANY]);
  await passValidity(id);
  await expired(id);
  expect(await world.database.query(LEFT_BEHIND)).toHaveLength(MANY);
  await world.database.query(`DELETE FROM tx_requests WHERE chain_id = 'eip155:999'`);
});

test('a chain that does not answer holds up nothing but what asks it', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const wallets = [world.addWallet(), world.addWallet(), world.addWallet()];
  for (const wallet of wallets) {
    await payload(world, (await created(world, wallet.id)).id);
    await signedRequest(world, wallet);
  }
  const { id } = await created(world, world.addWallet().id);
  world.neighbourhood.chainAnswers.set(CHAIN_ID, promise);
  await world.database.query(`UPDATE nonce_slots SET lease_expires_at = now() WHERE state = 'offered'`);
  await sleep(2_000);
  await passValidity(id);
  await expired(id);
  resolve();
});

async function expired(id: string): Promise<void> {
  const isExpired = async () => (await read(world, id)).status === 'expired';
  await waitUntil('the request to expire', isExpired, { timeoutMs: 20_000 });
}

async function passValidity(id: string): Promise<void> {
  const sql = `UPDATE tx_requests SET expires_at = now() - interval '1 second',
    state = jsonb_set(state, '{validUntilMs}', '0') WHERE id = $1`;
  await world.database.query(sql, [id]);
}

const COPY_TO_ANOTHER_CHAIN = `INSERT INTO tx_requests
  SELECT (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'chain_id', 'eip155:999',
    'expires_at', now() - INTERVAL '1 hour', 'state', jsonb_set(t.state, '{validUntilMs}', '0')))).*
  FROM tx_requests t, generate_series(1, $2) WHERE t.id = $1`;

const LEFT_BEHIND = `SELECT id FROM tx_requests WHERE chain_id = 'eip155:999' AND status = 'approved'`;
