import { hash } from 'node:crypto';
import type { AuditCategory, DeletionCertificate } from '@ironforge/contracts';
import { assert, type TenantId } from '@ironforge/kernel';
import type { Store, Tx } from '@ironforge/store';
import type { Entry } from '../entry/entry.ts';
import type { OwnEntries } from '../entry/own-entries.ts';
import { findCopiedSize } from '../queries/audit-copies.ts';
import { deleteCopyKey } from '../queries/audit-copy-keys.ts';
import { insertPruned } from '../queries/audit-pruned-entries.ts';
import { takeRetentionTurn } from '../queries/audit-retentions.ts';
import { findSealedSize } from '../queries/audit-sequencers.ts';
import { deleteEntries, type DueEntry, firstDue, oldestIn } from '../queries/due-entries.ts';
import { activeHolds } from '../queries/legal-holds.ts';
import { provenLeaves } from '../seal/proven-leaves.ts';
import { findNewestHead, type HeadSigners } from '../seal/signed-head.ts';
import { transferOf } from '../report/transfer-of.ts';
import { type DueMonth, dueMonths } from './due-months.ts';
import { isAsSealed } from './is-as-sealed.ts';
import { isHeld } from './is-held.ts';
import { rangesOf } from './ranges.ts';
import { readRetention } from './retention.ts';
import { transfersHash } from './transfers-hash.ts';

/** Who prunes, and how much at once. */
export interface PruneDeps {
  readonly store: Store;
  readonly own: OwnEntries;
  readonly signers: HeadSigners;
  /** The database of immudb's that the log is copied into; null where there is none. What is not in it yet is not pruned. */
  readonly database: string | null;
  readonly batchSize: number;
}

/** `altered`: this entry is not what was sealed, in its text or in a column by which it was chosen, so nothing is pruned: it would be evidence. */
export type PruneResult =
  | { readonly state: 'pruned'; readonly category: AuditCategory; readonly count: number }
  | { readonly state: 'nothing_left' }
  | { readonly state: 'altered'; readonly sequence: number };

/**
 * Prunes some entries of the oldest month whose time is over and that no hold touches, in one transaction with the entry that
 * certifies it. At READ COMMITTED: the row of the tenant's retention is locked first, as by whoever places a hold.
 */
export async function pruneBatch(deps: PruneDeps, tenantId: TenantId): Promise<PruneResult> {
  const { store, own } = deps;
  const cause = { actor: { type: 'service', id: 'audit' } } as const;
  const told = await own.make({
    type: 'entries_pruned',
    tenantId,
    resourceId: tenantId,
    cause,
    details: {},
  });
  return await store.forTenant(tenantId).transaction((tx) => pruneIn(tx, deps, told), {
    isolation: 'read committed',
  });
}

async function pruneIn(tx: Tx, deps: PruneDeps, told: Entry): Promise<PruneResult> {
  const { tenantId } = told;
  const { days, now } = await takeRetentionTurn(tx, tenantId);
  const holds = await activeHolds(tx, tenantId);
  const upTo = await prunableUpTo(tx, tenantId, deps.database);
  for await (const due of dueMonths(tx, tenantId, { retention: readRetention(days), now })) {
    if (await isHeld(tx, tenantId, { span: due.span, holds })) continue;
    const entries = await firstDue(tx, tenantId, { span: due.span, upTo, limit: deps.batchSize });
    if (entries.length > 0)
      return await prune(tx, deps, { told, due, entries, holds: holds.map(({ id }) => id) });
  }
  return { state: 'nothing_left' };
}

/** What is not sealed has no leaf, and what is not copied would be missing in the copy. */
async function prunableUpTo(tx: Tx, tenantId: TenantId, database: string | null): Promise<bigint> {
  const sealed = await findSealedSize(tx, tenantId);
  if (database === null) return sealed;
  const copied = await findCopiedSize(tx, tenantId, database);
  return copied < sealed ? copied : sealed;
}

interface Batch {
  readonly told: Entry;
  readonly due: DueMonth;
  readonly entries: readonly DueEntry[];
  readonly holds: readonly string[];
}

async function prune(
  tx: Tx,
  { own, signers }: PruneDeps,
  { told, due, entries, holds }: Batch,
): Promise<PruneResult> {
  const { tenantId } = told;
  const numbers = entries.map(({ sequence }) => Number(sequence));
  const head = await findNewestHead(tx, { tenantId, signers });
  if (head === null) throw new Error(`the newest checkpoint of ${tenantId} is signed by no key at hand`);
  const leaves = await provenLeaves(tx, tenantId, { numbers, head });
  const monthEnd = due.span.end;
  const altered = entries.find(
    (entry) => !isAsSealed(entry, { tenantId, leaf: leaves.get(Number(entry.sequence)), monthEnd }),
  );
  if (altered !== undefined) return { state: 'altered', sequence: Number(altered.sequence) };
  const pruned = entries.map(({ id, event_id, sequence, canonical }) => ({
    ...{ id, event_id, sequence, transfer: transferOf(canonical) },
    certificate_id: told.id,
  }));
  const transfersSha256 = transfersHash(pruned);
  await insertPruned(tx, tenantId, pruned);
  const ids = entries.map(({ id }) => id);
  assert((await deleteEntries(tx, tenantId, ids)) === ids.length, 'what is pruned was there');
  const certificate: DeletionCertificate = {
    category: due.category,
    month: due.month,
    keptDays: due.keptDays,
    count: entries.length,
    ranges: rangesOf(numbers),
    leafHashesSha256: hash('sha256', Buffer.concat([...leaves.values()]), 'hex'),
    ...(transfersSha256 !== undefined && { transfersSha256 }),
    holds: [...holds],
    isMonthGone: await forgetIfGone(tx, tenantId, due),
  };
  await own.store(tx, { ...told, details: certificate });
  return { state: 'pruned', category: due.category, count: entries.length };
}

/** With the last entry of a month and category goes the key that opens their copies. */
async function forgetIfGone(tx: Tx, tenantId: TenantId, { category, month, span }: DueMonth) {
  if ((await oldestIn(tx, tenantId, span)) !== null) return false;
  await deleteCopyKey(tx, tenantId, { category, month });
  return true;
}
