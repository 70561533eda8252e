import { provenTiles, type TileMap, tilesForRoot } from '@ironforge/audit-log';
import type { Tx } from '@ironforge/store';
import { findTiles } from '../queries/audit-tiles.ts';
import { findSignedHead, type SignedLog } from './signed-head.ts';

/** A log, the size of its tree, and the verifier key by which its last checkpoint was signed; null before there was one. */
export interface SealedLog extends SignedLog {
  readonly size: number;
  readonly lastKey: string | null;
}

/**
 * The tiles at the right edge of a tree, to which it grows: two statements, asked at once. `changed` when they do not lead to the root
 * that was signed: whoever changed one without the key would have the key sign it with the next batch.
 */
export async function sealedEdge(tx: Tx, log: SealedLog): Promise<TileMap | 'changed'> {
  const { tenantId, size } = log;
  const edge = tilesForRoot(size);
  if (size === 0) return new Map();
  const [stored, head] = await Promise.all([findTiles(tx, tenantId, edge), findSignedHead(tx, log, size)]);
  if (head === null) return isOfOthers(log) ? stored : 'changed';
  const proven = provenTiles(stored, edge, head);
  return proven.size === edge.length ? stored : 'changed';
}

/** Signed by a key that is not at hand, which an entry about the key says (`previous_key_not_at_hand`), or before there were keys. */
function isOfOthers({ tenantId, signers, lastKey }: SealedLog): boolean {
  const known = [signers.signerOf(tenantId), signers.previousSignerOf(tenantId)];
  return !known.some((named) => named?.verifierKey === lastKey);
}
