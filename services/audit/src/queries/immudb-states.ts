import type { ImmudbStateRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

/** A proved state as it is kept. */
export type StoredState = Omit<ImmudbStateRow, 'proved_at'>;

/** The kept state of a database; undefined before its first. */
export async function findState(tx: Tx, database: string): Promise<StoredState | undefined> {
  return await tx('immudb_states')
    .first<StoredState | undefined>('database', 'server_uuid', 'tx_id', 'tx_hash')
    .where({ database });
}

/** Keeps the first state of a database; false when there is one. */
export async function insertState(tx: Tx, state: StoredState): Promise<boolean> {
  const { rowCount } = await tx.raw<{ rowCount: number }>(INSERT_STATE, { ...state });
  return rowCount === 1;
}

const INSERT_STATE = `
  INSERT INTO immudb_states (database, server_uuid, tx_id, tx_hash)
  VALUES (:database, :server_uuid, :tx_id, :tx_hash) ON CONFLICT (database) DO NOTHING`;

/** Keeps a state in the place of the one that it was proved from; false when something else is kept by now. */
export async function replaceState(tx: Tx, next: StoredState, previous: StoredState): Promise<boolean> {
  const { server_uuid, tx_id, tx_hash } = next;
  const changed = await tx('immudb_states')
    .where({ ...previous })
    .update({ server_uuid, tx_id, tx_hash, proved_at: tx.fn.now() });
  return changed === 1;
}
