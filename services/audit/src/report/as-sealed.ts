import { leafHash, storedLeaf, tilesOfLeaves } from '@ironforge/audit-log';
import type { TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import type { SealedEntry } from '../queries/mined-entries.ts';
import { findTiles } from '../queries/audit-tiles.ts';

/** Tells whether the text of an entry is the one that was sealed. */
export type IsSealed = (entry: Pick<SealedEntry, 'sequence' | 'canonical'>) => boolean;

/** By the leaves of the stored tree, for these entries: one query. What has no leaf was not sealed. */
export async function asSealed(
  tx: Tx,
  tenantId: TenantId,
  entries: readonly SealedEntry[],
): Promise<IsSealed> {
  const numbers = entries.map(({ sequence }) => Number(sequence));
  const tiles = await findTiles(tx, tenantId, tilesOfLeaves(numbers));
  return ({ sequence, canonical }) => {
    const leaf = storedLeaf(tiles, Number(sequence));
    return leaf !== null && Buffer.from(leafHash(Buffer.from(canonical))).equals(leaf);
  };
}
