import type { ExportFormat } from '@ironforge/audit-log';
import { ROUTES } from '@ironforge/contracts';
import { branded, type TenantId } from '@ironforge/kernel';
import type { ExportJobRow } from '@ironforge/schema';
import type { ExportRef } from '../queries/export-parts.ts';
import type { EntryFilter } from '../queries/entry-search.ts';
import { termsFor, type Words } from '../search/terms-for.ts';

/** Which entries an export is of, and how its file is written of them. */
export interface ExportSource extends ExportRef {
  readonly format: ExportFormat;
  readonly filter: EntryFilter & Words;
  /** The numbers that are searched, both included. */
  readonly first: number;
  readonly last: number;
  /** Of the checkpoint that it stands on. */
  readonly size: number;
}

const stored = ROUTES.createAuditExport.body.pick({ format: true, filter: true });

/** What an export is of, from its row. */
export function sourceOf(row: ExportJobRow): ExportSource {
  const { format, filter } = stored.parse({ format: row.format, filter: row.filter });
  return {
    tenantId: branded<TenantId>(row.tenant_id),
    exportId: row.id,
    format,
    filter: filter ?? {},
    first: Number(row.first_sequence),
    last: Number(row.last_sequence),
    size: Number(row.checkpoint_size),
  };
}

/** What an export searches for: columns and words. Throws `validation_failed` for what no search can answer. */
export function searchOf({ filter }: Pick<ExportSource, 'filter'>) {
  const { q, address, ...columns } = filter;
  return { filter: columns, terms: termsFor({ q, address }, columns, '/filter') };
}

/** True when nothing was asked for but a range. */
export function isWhole({ filter }: Pick<ExportSource, 'filter'>): boolean {
  return Object.values(filter).every((value) => value === undefined);
}
