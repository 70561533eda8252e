import type { TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import { entryKey } from '@ironforge/audit-log';
import { findCopy } from '../queries/audit-copies.ts';

/** An entry, and the database of immudb's that the log is copied into; null where there is none. */
export interface CopiedEntry {
  readonly database: string | null;
  readonly sequence: bigint;
}

/** Where the second copy of an entry is, as the API answers it; that there is none, or not yet, is said too. */
export async function nameCopy(tx: Tx, tenantId: TenantId, { database, sequence }: CopiedEntry) {
  if (database === null) return { copy: 'none' } as const;
  const found = await findCopy(tx, tenantId, { database, sequence });
  if (found === undefined) return { copy: 'waiting' } as const;
  const { tx_id: txId, tx_hash: txHash } = found;
  return { copy: 'immudb', database, key: entryKey(tenantId, sequence), txId: Number(txId), txHash } as const;
}
