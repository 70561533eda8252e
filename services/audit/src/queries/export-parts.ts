import type { TenantId } from '@ironforge/kernel';
import type { ExportPartRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

/** A part of the file of an export. */
export interface ExportPart {
  /** The numbers that were searched for it, both included. */
  readonly first: number;
  readonly last: number;
  readonly byteOffset: number;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** Keeps what a part gives. */
export async function insertExportPart(
  tx: Tx,
  { tenantId, exportId }: ExportRef,
  { first, last, byteOffset, sizeBytes, sha256 }: ExportPart,
): Promise<void> {
  await tx('export_parts').insert({
    tenant_id: tenantId,
    export_id: exportId,
    first_sequence: first,
    last_sequence: last,
    byte_offset: byteOffset,
    size_bytes: sizeBytes,
    sha256,
  });
}

/** Which export, of which tenant. */
export interface ExportRef {
  readonly tenantId: TenantId;
  readonly exportId: string;
}

/** The part of an export in which a place of the file lies, for parts follow each other; undefined before the first one. */
export async function findExportPart(
  tx: Tx,
  { tenantId, exportId }: ExportRef,
  offset: number,
): Promise<ExportPart | undefined> {
  const row = await tx('export_parts')
    .first<ExportPartRow | undefined>()
    .where({ tenant_id: tenantId, export_id: exportId })
    .where('byte_offset', '<=', offset)
    .orderBy('byte_offset', 'desc');
  return row === undefined ? undefined : toPart(row);
}

function toPart(row: ExportPartRow): ExportPart {
  return {
    first: Number(row.first_sequence),
    last: Number(row.last_sequence),
    byteOffset: Number(row.byte_offset),
    sizeBytes: Number(row.size_bytes),
    sha256: row.sha256,
  };
}
