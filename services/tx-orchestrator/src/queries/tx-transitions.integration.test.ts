import { branded, present, type TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import { evolve } from '@ironforge/tx-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { columnsOf } from '../requests/columns.ts';
import { created, read, setPolicy } from '../testbed/story.fixture.ts';
import { startWorld, type World } from '../testbed/world.fixture.ts';
import { findRequest } from './tx-requests.ts';
import { storeTransition, type StoredTransition } from './tx-transitions.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await setPolicy(world, 'two of three');
});
afterAll(() => world[Symbol.asyncDispose]());

test('a change that was decided on an older version is refused', async () => {
  const { id } = await created(world, world.addWallet().id);
  const change = await inOne((tx) => cancelOf(tx, id));
  await inOne((tx) => storeTransition(tx, change));
  await expect(inOne((tx) => storeTransition(tx, change))).rejects.toMatchObject({
    code: '23502',
  });
  expect((await read(world, id)).status).toBe('cancelled');
});

/** What a cancel leads to, decided without a lock. */
async function cancelOf(tx: Tx, id: string): Promise<StoredTransition> {
  const row = present(await findRequest(tx, world.tenantId, { id, ownerId: null }), 'the request');
  const event = { type: 'cancelled', reason: 'cancelled_by_user' } as const;
  const state = evolve(row.state, event);
  return {
    tenantId: world.tenantId,
    id,
    fromVersion: row.version,
    events: [event],
    state,
    columns: columnsOf(state),
    attempts: [],
    toldAtHeight: null,
    actor: { type: 'service', id: 'tx-orchestrator' },
    at: new Date(),
  };
}

async function inOne<T>(work: (tx: Tx) => Promise<T> | T): Promise<T> {
  return await world.store.forTenant(branded<TenantId>(world.tenantId)).transaction(work);
}
