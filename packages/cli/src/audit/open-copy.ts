import { createImmudb, type Immudb, type LedgerState, type StatePort } from '@ironforge/immudb';
import type { Context } from '../context.ts';
import { givenImmudb } from '../parts/immudb-given.ts';
import type { ImmudbPlace } from '../parts/immudb-place.ts';
import { isHeld } from '../supervisor/hold.ts';
import { readState } from '../supervisor/state-file.ts';
import type { LogReader } from './log-reader.ts';

/**
 * Where the second copy is: of IMMUDB_URL and IMMUDB_PUBLIC_KEY_FILE, or of the running installation when the database is its own; null where
 * there is none.
 */
export async function copyPlace({ env, home }: Context): Promise<ImmudbPlace | null> {
  const given = env['IMMUDB_URL'];
  if (given) return given === 'none' ? null : givenImmudb(given, env);
  if (env['DATABASE_URL'] || !(await isHeld(home))) return null;
  return readState(home)?.connection?.immudb ?? null;
}

/** A client that begins at the state which the installation keeps, and leaves that as it is. */
export async function openCopy(place: ImmudbPlace, reader: Pick<LogReader, 'copyState'>): Promise<Immudb> {
  const row = await reader.copyState(place.database);
  const { database } = place;
  const kept = row && { database, serverUuid: row.server_uuid, txId: row.tx_id, txHash: row.tx_hash };
  return createImmudb({ ...place, states: inMemory(kept) });
}

function inMemory(first: LedgerState | null): StatePort {
  let state = first;
  return {
    load: async () => state,
    save: async (next) => {
      state = next;
      return true;
    },
  };
}
