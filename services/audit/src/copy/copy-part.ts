import type { Immudb, Refused } from '@ironforge/immudb';
import { present, type TenantId } from '@ironforge/kernel';
import type { Store, Tx } from '@ironforge/store';
import { listCheckpoints } from '../queries/audit-checkpoints.ts';
import { findCopiedSize, insertCopy } from '../queries/audit-copies.ts';
import { copyValues } from './copy-values.ts';
import { cutPart, MAX_PART_ENTRIES, type Part } from './cut-part.ts';
import type { KeyWrap } from './key-wrap.ts';
import type { Altered } from './sealed-entries.ts';

/** The ledger that the log is copied into: the name of its database, a client that knows it, and what the keys of texts are kept by. */
export interface Ledger {
  readonly database: string;
  readonly immudb: Pick<Immudb, 'setBatch'>;
  readonly keyWrap: KeyWrap;
}

/** From where to where. */
export interface CopyDeps {
  readonly store: Store;
  readonly ledger: Ledger;
}

/**
 * Copies what follows the copied entries of a tenant: a batch, or a part of one, as one transaction of immudb's. It is read in one
 * database transaction and noted in another, and written between them: whoever died there writes the same again, which changes
 * nothing. Throws `dependency_down` while immudb is away.
 */
export async function copyPart(
  { store, ledger }: CopyDeps,
  tenantId: TenantId,
): Promise<'copied' | 'nothing_left' | Refused | Altered> {
  const scope = store.forTenant(tenantId);
  const part = await scope.transaction((tx) => nextPart(tx, tenantId, ledger), READ_COMMITTED);
  if (part === undefined) return 'nothing_left';
  if ('altered' in part) return part;
  const written = await ledger.immudb.setBatch(part.entries);
  if ('refused' in written) return written;
  // One, unless a release before this one has cut its parts in another way: then the one that made them whole.
  const { txId: tx_id, txHash: tx_hash } = present(written.verified.at(-1), 'the transaction of a batch');
  const copy = { tenant_id: tenantId, database: ledger.database, size: part.size, tx_id, tx_hash };
  await scope.transaction((tx) => insertCopy(tx, copy), READ_COMMITTED);
  return 'copied';
}

const READ_COMMITTED = { isolation: 'read committed' } as const;

async function nextPart(tx: Tx, tenantId: TenantId, ledger: Ledger): Promise<Part | Altered | undefined> {
  const { database, keyWrap } = ledger;
  const after = await findCopiedSize(tx, tenantId, database);
  const [checkpoint] = await listCheckpoints(tx, tenantId, { after, limit: 1 });
  if (checkpoint === undefined) return undefined;
  const limit = Math.min(Number(checkpoint.size - after), MAX_PART_ENTRIES);
  const values = await copyValues(tx, tenantId, { after, limit, keyWrap });
  if ('altered' in values) return values;
  return cutPart({ tenantId, after, values, checkpoint });
}
