import { z } from 'zod';
import { query, queryOne } from '../probe/database.ts';

const Size = z.object({ size: z.coerce.number() });
const Tiles = z.array(
  z.object({ level: z.int(), place: z.coerce.number(), hashes: z.instanceof(Uint8Array) }),
);

/** Remembers a tenant's audit log as it is; what it gives back makes it so again, whatever was added, so that the oracle sees no trace. */
export async function borrowLog(tenantId: string): Promise<() => Promise<void>> {
  const { size } = await queryOne(Size, SIZE, [tenantId]);
  const tiles = Tiles.parse(await query(TILES, [tenantId]));
  return async () => {
    for (const text of CUT) await query(text, [tenantId, size]);
    await query('DELETE FROM audit_tiles WHERE tenant_id = $1', [tenantId]);
    await query(PUT_TILES, [
      tenantId,
      tiles.map(({ level }) => level),
      tiles.map(({ place }) => place),
      tiles.map(({ hashes }) => Buffer.from(hashes)),
    ]);
    await query('VACUUM ANALYZE audit_entries');
  };
}

const SIZE = 'SELECT sealed_size AS size FROM audit_sequencers WHERE tenant_id = $1';
const TILES = 'SELECT level, place, hashes FROM audit_tiles WHERE tenant_id = $1';
/** The sequencer first: from then on nobody asks for what is about to go. */
const CUT = [
  'UPDATE audit_sequencers SET last_sequence = $2, sealed_size = $2 WHERE tenant_id = $1',
  'DELETE FROM audit_copies WHERE tenant_id = $1 AND size > $2',
  'DELETE FROM audit_checkpoints WHERE tenant_id = $1 AND size > $2',
  'DELETE FROM audit_entries WHERE tenant_id = $1 AND sequence > $2',
];
const PUT_TILES = `
  INSERT INTO audit_tiles (tenant_id, level, place, hashes)
  SELECT $1, level, place, hashes FROM unnest($2::INT4[], $3::INT8[], $4::BYTEA[]) AS n (level, place, hashes)`;
