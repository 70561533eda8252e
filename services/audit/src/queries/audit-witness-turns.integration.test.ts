import { createStore, type Store, type Tx } from '@ironforge/store';
import { createCollectingLogger, createTestDatabase, type TestDatabase } from '@ironforge/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newTenant } from '../audit.fixture.ts';
import { advanceWitness, claimWitnessTurn } from './audit-witness-turns.ts';

const tenantId = newTenant();
let database: TestDatabase;
let store: Store;

beforeAll(async () => {
  database = await createTestDatabase();
  store = createStore({ url: database.url, log: createCollectingLogger(), pool: { min: 0, max: 8 } });
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

it('one of many who want the turn at once gets it, and nobody before the pace is over', async () => {
  const turns = await Promise.all(Array.from({ length: 16 }, () => claim('witness.example/w1')));
  expect(turns.filter((turn) => turn !== undefined)).toEqual([{ cosigned_size: 0n }]);
  expect(await claim('witness.example/w1')).toBeUndefined();
  expect(await claim('witness.example/w2')).toBeDefined();
});

it('nobody who began before the taker gets it after him', async () => {
  const late = await store.forTenant(tenantId).transaction(
    async (tx) => {
      await tx.raw('SELECT now()');
      expect(await claim('witness.example/w4')).toBeDefined();
      return await claimIn(tx, 'witness.example/w4');
    },
    { isolation: 'read committed' },
  );
  expect(late).toBeUndefined();
});

it('a time that no pace can have set holds nobody up, and what was cosigned never goes back', async () => {
  await claim('witness.example/w3');
  for (const size of [9, 7]) await advance('witness.example/w3', size);
  await database.query(
    `UPDATE audit_witness_turns SET next_turn_at = now() + interval '1 year' WHERE witness = 'witness.example/w3'`,
  );
  expect(await claim('witness.example/w3')).toEqual({ cosigned_size: 9n });
});

async function claim(witness: string) {
  const work = (tx: Tx) => claimIn(tx, witness);
  return await store.forTenant(tenantId).transaction(work, { isolation: 'read committed' });
}

async function claimIn(tx: Tx, witness: string) {
  return await claimWitnessTurn(tx, tenantId, { witness, paceMs: 60_000 });
}

async function advance(witness: string, size: number) {
  await store.forTenant(tenantId).transaction((tx) => advanceWitness(tx, tenantId, { witness, size }));
}
