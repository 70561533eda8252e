import type { LedgerState } from '@ironforge/immudb';
import { createStore } from '@ironforge/store';
import { createCollectingLogger, createTestDatabase } from '@ironforge/testing';
import { expect, it } from 'vitest';
import { createSqlStates } from './sql-states.ts';

const stateOf = (txId: bigint, database = 'ledger'): LedgerState => ({
  serverUuid: 'a server',
  database,
  txId,
  txHash: txId.toString(16).padStart(64, '0'),
});

it('a proved state is replaced only by who knows it, and each database has one of its own', async () => {
  await using database = await createTestDatabase();
  await using store = createStore({ url: database.url, log: createCollectingLogger() });
  const states = createSqlStates(store, 'ledger');
  expect(await states.load()).toBeNull();
  const first = await Promise.all([1n, 2n, 3n].map((txId) => states.save(stateOf(txId), null)));
  expect(first.filter((isKept) => isKept)).toHaveLength(1);
  const kept = stateOf([1n, 2n, 3n][first.indexOf(true)] ?? 0n);
  expect(await states.load()).toEqual(kept);

  const [beyond, other] = [2n ** 62n, 5n];
  expect(await states.save(stateOf(beyond), { ...kept, txHash: stateOf(9n).txHash })).toBe(false);
  expect(await states.save(stateOf(beyond), { ...kept, serverUuid: 'another server' })).toBe(false);
  expect(await states.save(stateOf(beyond), kept)).toBe(true);
  expect(await states.save(stateOf(4n), kept)).toBe(false);
  expect(await createSqlStates(store, 'second').save(stateOf(other, 'second'), null)).toBe(true);
  expect(await states.load()).toEqual(stateOf(beyond));
});
