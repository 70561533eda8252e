import { type StoredTile, tileKey, type TileMap, tilePath } from '@ironforge/audit-log';
import type { Finding } from './finding.ts';
import { isSame } from './grow-tree.ts';

/** Names the stored tiles that are not the ones that the sealed leaves make; a wider one begins with the same hashes. */
export function checkTiles(written: readonly StoredTile[], stored: TileMap): Finding[] {
  const widest = new Map(written.map((tile) => [tileKey(tile), tile]));
  return [...widest].flatMap(([key, tile]) => {
    const found = stored.get(key)?.subarray(0, tile.bytes.length);
    if (found !== undefined && isSame(found, tile.bytes)) return [];
    const detail = found === undefined ? 'is not there' : 'holds other hashes than its leaves make';
    return [{ kind: 'tile_changed', subject: tilePath(tile), detail }];
  });
}
