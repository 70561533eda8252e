import type { Immudb, Refused, TxRef } from '@ironforge/immudb';
import type { TenantId } from '@ironforge/kernel';
import type { Scope, Store } from '@ironforge/store';
import { type Copied, insertCopies, type UncopiedBatches, uncopiedBatches } from '../queries/audit-copies.ts';
import { copyValues } from './copy-values.ts';
import { cutPart, type Part, partEntries } from './cut-part.ts';
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
 * Copies what follows the copied entries of a tenant: the batches that are sealed by now, or a part of a long one, as one transaction of
 * immudb's. It is read, written and then noted: whoever died in between writes the same again, which changes nothing, and what was
 * sealed meanwhile with it. `copied` when there was no more. Throws `dependency_down` while immudb is away.
 */
export async function copyPart(
  { store, ledger }: CopyDeps,
  tenantId: TenantId,
): Promise<'more' | 'copied' | Refused | Altered> {
  const scope = store.forTenant(tenantId);
  const { database } = ledger;
  const uncopied = await scope.read((tx) => uncopiedBatches(tx, tenantId, { database, limit: MOST_BATCHES }));
  if (uncopied.checkpoints.length === 0) return 'copied';
  const part = await nextPart(scope, tenantId, { ...uncopied, keyWrap: ledger.keyWrap });
  if ('altered' in part) return part;
  const written = await ledger.immudb.setBatch(part.entries);
  if ('refused' in written) return written;
  const copies = copiesIn(part, { after: uncopied.after, txs: written.verified });
  await scope.transaction((tx) => insertCopies(tx, tenantId, { database, copies }), READ_COMMITTED);
  const isLast = part.size === uncopied.checkpoints.at(-1)?.size;
  return isLast && uncopied.checkpoints.length < MOST_BATCHES ? 'copied' : 'more';
}

const READ_COMMITTED = { isolation: 'read committed' } as const;

/** With entries of their own they fill a transaction. */
const MOST_BATCHES = 500;

async function nextPart(scope: Scope, tenantId: TenantId, uncopied: ToCut): Promise<Part | Altered> {
  const { after, checkpoints, keyWrap } = uncopied;
  const limit = partEntries(after, checkpoints);
  const values = await copyValues(scope, tenantId, { after, limit, keyWrap });
  if ('altered' in values) return values;
  return cutPart({ tenantId, after, values, checkpoints });
}

type ToCut = UncopiedBatches & Pick<Ledger, 'keyWrap'>;

interface Written {
  readonly after: bigint;
  /** Of each entry of the part. */
  readonly txs: readonly TxRef[];
}

/** One, unless a part of it was written by somebody who died before he noted it. */
function copiesIn({ size }: Part, { after, txs }: Written): Copied[] {
  const entries = txs.slice(0, Number(size - after));
  return entries.flatMap(({ txId: tx_id, txHash: tx_hash }, at) => {
    const isEnd = entries[at + 1]?.txId !== tx_id;
    return isEnd ? [{ size: after + BigInt(at) + 1n, tx_id, tx_hash }] : [];
  });
}
