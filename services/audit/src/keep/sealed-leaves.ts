import { HASH_BYTES, TILE_WIDTH, tileKey } from '@ironforge/audit-log';
import { present, type TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import { findTiles } from '../queries/audit-tiles.ts';

/** The leaf hashes of sealed entries, as the tree has them, by their numbers: one query. */
export async function sealedLeaves(
  tx: Tx,
  tenantId: TenantId,
  sequences: readonly number[],
): Promise<ReadonlyMap<number, Buffer>> {
  if (sequences.length === 0) return new Map();
  const indexes = [...new Set(sequences.map(tileOf))];
  const tiles = await findTiles(
    tx,
    tenantId,
    indexes.map((index) => ({ level: 0, index })),
  );
  return new Map(
    sequences.map((sequence) => {
      const tile = present(
        tiles.get(tileKey({ level: 0, index: tileOf(sequence) })),
        'the tile of a sealed entry',
      );
      const at = ((sequence - 1) % TILE_WIDTH) * HASH_BYTES;
      return [sequence, Buffer.from(tile.subarray(at, at + HASH_BYTES))];
    }),
  );
}

function tileOf(sequence: number): number {
  return Math.floor((sequence - 1) / TILE_WIDTH);
}
