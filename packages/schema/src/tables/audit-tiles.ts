import { type RowOf, table } from '../table.ts';

/** Hashes of a tenant's tree, 256 in a full tile (c2sp.org/tlog-tiles); owned by audit. */
export const auditTiles = table('audit_tiles', {
  tenant_id: 'uuid',
  level: 'int4',
  place: 'int8',
  hashes: 'bytea',
});

export type AuditTileRow = RowOf<typeof auditTiles>;
