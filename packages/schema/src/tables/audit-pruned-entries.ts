import { type RowOf, table } from '../table.ts';

/** Which entries were pruned, and the sealed entry that certifies it; owned by audit. */
export const auditPrunedEntries = table('audit_pruned_entries', {
  tenant_id: 'uuid',
  id: 'uuid',
  sequence: 'int8',
  event_id: 'uuid',
  certificate_id: 'uuid',
  transfer: 'text?',
});

export type AuditPrunedEntryRow = RowOf<typeof auditPrunedEntries>;
