import type { LedgerState, StatePort } from '@ironforge/immudb';
import type { Store } from '@ironforge/store';
import { findState, insertState, replaceState, type StoredState } from '../queries/immudb-states.ts';

/** The proved state of a database in the table `immudb_states`, shared by all processes and replaced by compare-and-set. */
export function createSqlStates(store: Store, database: string): StatePort {
  const scope = store.system('audit_copier');
  return {
    load: async () => {
      const row = await scope.read((tx) => findState(tx, database));
      return row === undefined ? null : stateOf(row);
    },
    save: async (next, previous) =>
      await scope.transaction(
        (tx) =>
          previous === null ? insertState(tx, rowOf(next)) : replaceState(tx, rowOf(next), rowOf(previous)),
        { isolation: 'read committed' },
      ),
  };
}

function stateOf({
  server_uuid: serverUuid,
  database,
  tx_id: txId,
  tx_hash: txHash,
}: StoredState): LedgerState {
  return { serverUuid, database, txId, txHash };
}

function rowOf({
  serverUuid: server_uuid,
  database,
  txId: tx_id,
  txHash: tx_hash,
}: LedgerState): StoredState {
  return { server_uuid, database, tx_id, tx_hash };
}
