import { consistencyProof, type Growth, tilesForConsistency, type TileMap } from '@ironforge/audit-log';
import type { TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import { findTiles } from '../queries/audit-tiles.ts';

/** Two sizes of a tenant's tree. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The proof that a tree of one size begins one of another, as the API answers it: one query. */
export async function proveConsistency(tx: Tx, tenantId: TenantId, span: Span) {
  const tiles = await findTiles(tx, tenantId, tilesForConsistency(growthOf(span)));
  return consistencyIn(tiles, span);
}

/** The same from tiles that were read before. */
export function consistencyIn(tiles: TileMap, span: Span) {
  const hashes = consistencyProof(growthOf(span), tiles);
  return { ...span, hashes: hashes.map((hash) => Buffer.from(hash).toString('base64')) };
}

/** As the tree knows the two. */
export function growthOf({ from, to }: Span): Growth {
  return { oldSize: from, newSize: to };
}
