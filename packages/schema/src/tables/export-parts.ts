import { type RowOf, table } from '../table.ts';

/** The parts that the file of an export is written of, by their place in it; owned by audit. */
export const exportParts = table('export_parts', {
  tenant_id: 'uuid',
  export_id: 'uuid',
  first_sequence: 'int8',
  last_sequence: 'int8',
  byte_offset: 'int8',
  size_bytes: 'int8',
  sha256: 'varchar',
});

export type ExportPartRow = RowOf<typeof exportParts>;
