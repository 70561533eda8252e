import {
  formatTlogProof,
  inclusionProof,
  tilesForConsistency,
  tilesForInclusion,
} from '@ironforge/audit-log';
import { parseJson, present, type TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import { findNewestCheckpoint, findSealOf } from '../queries/audit-checkpoints.ts';
import { findNewestCosigned } from '../queries/audit-cosignatures.ts';
import { findSealedText, type SealedText } from '../queries/audit-entries.ts';
import { findTiles } from '../queries/audit-tiles.ts';
import { nameCopy } from './name-copy.ts';
import { consistencyIn, growthOf } from './prove-consistency.ts';

/** The entry to prove, and the size of the newest checkpoint that whoever asks has; null when he has none. */
export interface EntryToProve {
  readonly id: string;
  readonly from: number | null;
  /** The database of immudb's that the log is copied into; null where there is none. */
  readonly database: string | null;
}

/**
 * Everything that shows an entry to be in the tenant's log: its canonical content, its way to the root of a checkpoint, that
 * the log only grew since `from`, and where its second copy is. The checkpoint is the newest that witnesses cosigned, when that
 * covers entry and `from`, else the newest; of a new signing key it is the one of its batch, which the key before signed too.
 * Undefined for an entry that is not sealed. A handful of queries, whatever the size of the log.
 */
export async function proveEntry(tx: Tx, tenantId: TenantId, { id, from, database }: EntryToProve) {
  const [entry, newest, cosigned] = await Promise.all([
    findSealedText(tx, tenantId, id),
    findNewestCheckpoint(tx, tenantId),
    findNewestCosigned(tx, tenantId),
  ]);
  if (entry === undefined) return undefined;
  const covers = cosigned !== undefined && cosigned.size >= Math.max(Number(entry.sequence), from ?? 0);
  const head = (await ownSeal(tx, tenantId, entry)) ?? (covers ? cosigned : newest);
  const { note, size: sealed } = present(head, 'the checkpoint above a sealed entry');
  const size = Number(sealed);
  const leaf = { index: Number(entry.sequence) - 1, size };
  // Who comes with a size that this log never had learns nothing of it.
  const span = from === null || from > size ? null : { from, to: size };
  const since = span === null ? [] : tilesForConsistency(growthOf(span));
  const [tiles, immudb] = await Promise.all([
    findTiles(tx, tenantId, [...tilesForInclusion(leaf), ...since]),
    nameCopy(tx, tenantId, { database, sequence: entry.sequence }),
  ]);
  const hashes = inclusionProof(leaf, tiles);
  return {
    entry: parseJson(entry.canonical),
    tlogProof: formatTlogProof({ index: leaf.index, hashes, checkpoint: note, extra: new Uint8Array() }),
    ...(span === null ? {} : { consistency: consistencyIn(tiles, span) }),
    immudb,
  };
}

/** Only of a rotation: the checkpoint by which one can follow from key to key. */
async function ownSeal(tx: Tx, tenantId: TenantId, { type, sequence }: SealedText) {
  return type === 'audit_signing_key_rotated' ? await findSealOf(tx, tenantId, sequence) : undefined;
}
