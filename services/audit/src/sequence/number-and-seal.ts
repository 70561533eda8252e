import type { TileMap } from '@ironforge/audit-log';
import { assert, type TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import { canonicalText, placeOf } from '../entry/canonical.ts';
import { termsOfText } from '../entry/terms-of-text.ts';
import { type AggregateVersion, advanceAggregates } from '../queries/audit-aggregates.ts';
import type { Numbering } from '../queries/audit-entries.ts';
import type { SequencerLease } from '../queries/audit-sequencers.ts';
import type { ReadyEntry } from '../queries/ready-entries.ts';
import type { KeyTurn } from '../seal/key-turn.ts';
import { sealEntries, type Unsealed } from '../seal/seal-entries.ts';

/** A log whose sequencer's row is locked. */
export interface Sealing {
  readonly tenantId: TenantId;
  readonly lease: SequencerLease;
}

/** Entries of a log that get their numbers now, in this order. */
export interface Batch extends Sealing {
  readonly turn: KeyTurn;
  readonly ready: readonly ReadyEntry[];
  /** The right edge of the tree, as `sealedEdge` reads it. */
  readonly edge: TileMap;
  /** Writes the entries with their numbers; it rejects, or the transaction fails, when one of them cannot have its own. */
  readonly write: (tx: Tx, tenantId: TenantId, numberings: readonly Numbering[]) => Promise<void> | void;
  /** What is done with the lease afterwards; false when the fence is no longer ours. */
  readonly keep: (tx: Tx, tenantId: TenantId, lease: SequencerLease) => Promise<boolean> | boolean;
}

/** Numbers the entries of a batch and seals them; all that it writes is sent together. Gives how far the log goes now. */
export async function numberAndSeal(tx: Tx, batch: Batch): Promise<SequencerLease> {
  const { tenantId, lease, turn, ready, edge, keep } = batch;
  const numberings = numbered(ready, lease);
  const texts = numberings.map(({ canonical }) => canonical);
  const moved = texts.length === 0 ? lease : seal(tx, turn, { tenantId, lease, texts, edge });
  const [isKept] = await Promise.all([keep(tx, tenantId, moved), store(tx, batch, numberings)]);
  assert(isKept, FENCED);
  return moved;
}

/** Why it cannot be that a lease is not kept. */
export const FENCED = 'the fence stands still while its row is locked';

/** Puts texts into the tree of a log and signs its new head. */
export function seal(
  tx: Tx,
  { signers: [first, ...others] }: Pick<KeyTurn, 'signers'>,
  { tenantId, lease, texts, edge }: Sealing & Pick<Unsealed, 'texts' | 'edge'>,
): SequencerLease {
  const signers = [first.signer, ...others.map(({ signer }) => signer)] as const;
  const size = BigInt(sealEntries(tx, signers, { tenantId, size: Number(lease.sealed_size), texts, edge }));
  return { ...lease, last_sequence: size, sealed_size: size, signing_key: first.verifierKey };
}

async function store(
  tx: Tx,
  { tenantId, ready, write }: Batch,
  numberings: readonly Numbering[],
): Promise<void> {
  if (ready.length === 0) return;
  const advanced = lastVersions(ready);
  if (advanced.length > 0) advanceAggregates(tx, tenantId, advanced);
  await write(tx, tenantId, numberings);
}

function numbered(ready: readonly ReadyEntry[], lease: SequencerLease): Numbering[] {
  return ready.map((row, index) => {
    const sequence = Number(lease.last_sequence) + index + 1;
    const canonical = canonicalOf(row, sequence);
    return { id: row.id, sequence, canonical, terms: termsOfText(canonical) };
  });
}

function canonicalOf(row: ReadyEntry, sequence: number): string {
  return canonicalText({
    id: row.id,
    tenantId: row.tenant_id,
    sequence,
    eventId: row.event_id,
    aggregate: placeOf(row),
    type: row.type,
    resourceType: row.resource_type,
    resourceId: row.resource_id,
    action: row.action,
    status: row.status,
    actor: { type: row.actor_type, id: row.actor_id },
    authority: row.authority,
    requestId: row.request_id,
    chainId: row.chain_id,
    txHash: row.tx_hash,
    occurredAt: row.occurred_at.toISOString(),
    details: row.details,
    personal: row.personal,
  });
}

/** Versions come in ascending order, so the last one of each aggregate stays in the map. */
function lastVersions(ready: readonly ReadyEntry[]): AggregateVersion[] {
  const ordered = ready.filter((row) => row.aggregate_version > row.base_version);
  const last = new Map(ordered.map((row) => [row.aggregate, row.aggregate_version]));
  return [...last].map(([aggregate, version]) => ({ aggregate, version }));
}
