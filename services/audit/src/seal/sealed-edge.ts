import { provenTiles, type TileMap, tilesForRoot } from '@ironforge/audit-log';
import type { Tx } from '@ironforge/store';
import type { SequencerLease } from '../queries/audit-sequencers.ts';
import { findTiles } from '../queries/audit-tiles.ts';
import { findSignedHead, type SignedLog } from './signed-head.ts';

/** A log, and the row of its sequencer: how much of it is sealed, and the verifier key by which its last checkpoint was signed. */
export interface LeasedLog extends SignedLog {
  readonly lease: Pick<SequencerLease, 'sealed_size' | 'signing_key'>;
}

/**
 * The tiles at the right edge of a tree, to which it grows: two statements, asked at once. `changed` when they do not lead to the root
 * that was signed: whoever changed one without the key would have the key sign it with the next batch.
 */
export async function sealedEdge(tx: Tx, log: LeasedLog): Promise<TileMap | 'changed'> {
  const size = Number(log.lease.sealed_size);
  const edge = tilesForRoot(size);
  if (size === 0) return new Map();
  const [stored, head] = await Promise.all([
    findTiles(tx, log.tenantId, edge),
    findSignedHead(tx, log, size),
  ]);
  if (head === null) return isOfOthers(log) ? stored : 'changed';
  const proven = provenTiles(stored, edge, head);
  return proven.size === edge.length ? stored : 'changed';
}

/** Signed by a key that is not at hand, which an entry about the key says (`previous_key_not_at_hand`), or before there were keys. */
function isOfOthers({ tenantId, signers, lease: { signing_key: lastKey } }: LeasedLog): boolean {
  const known = [signers.signerOf(tenantId), signers.previousSignerOf(tenantId)];
  return !known.some((named) => named?.verifierKey === lastKey);
}
