import { type StoredTile, type TileMap, type TilePlace, tileMap } from '@ironforge/audit-log';
import type { TenantId } from '@ironforge/kernel';
import type { AuditTileRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

/** The stored tiles at these places, as wide as they are by now; those that are not there are left out. */
export async function findTiles(tx: Tx, tenantId: TenantId, places: readonly TilePlace[]): Promise<TileMap> {
  if (places.length === 0) return new Map();
  const { rows } = await tx.raw<{ rows: Pick<AuditTileRow, 'level' | 'place' | 'hashes'>[] }>(
    `SELECT t.level, t.place, t.hashes
     FROM unnest(:levels::INT4[], :places::INT8[]) AS w (level, place)
     JOIN audit_tiles t ON t.tenant_id = :tenantId AND t.level = w.level AND t.place = w.place`,
    {
      tenantId,
      levels: places.map(({ level }) => level),
      places: places.map(({ index }) => index),
    },
  );
  return tileMap(rows.map(({ level, place, hashes }) => ({ level, index: Number(place), bytes: hashes })));
}

/** Stores new tiles and wider ones; the tenant's sequencer is locked by the caller. */
export function putTiles(tx: Tx, tenantId: TenantId, tiles: readonly StoredTile[]): void {
  const columns = {
    levels: tiles.map(({ level }) => level),
    places: tiles.map(({ index }) => index),
    hashes: tiles.map(({ bytes }) => Buffer.from(bytes)),
  };
  tx.send(tx.raw(PUT, { ...columns, tenantId }));
}

const PUT = `
  INSERT INTO audit_tiles (tenant_id, level, place, hashes)
  SELECT :tenantId, level, place, hashes
  FROM unnest(:levels::INT4[], :places::INT8[], :hashes::BYTEA[]) AS n (level, place, hashes)
  ON CONFLICT (tenant_id, level, place) DO UPDATE SET hashes = excluded.hashes`;
