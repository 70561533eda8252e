import type { Logger } from '@ironforge/kernel';
import { createListTeller } from '../create-list-teller.ts';
import type { AheadRow } from '../queries/audit-copies.ts';

const ALERT = 'audit_copy_ahead';

/** Tells of each log once that it is shorter than its copy, and once that it no longer is. */
export function createAheadTeller(log: Logger): (rows: readonly AheadRow[]) => void {
  return createListTeller<AheadRow>({
    keyOf: ({ tenant_id: tenantId }) => tenantId,
    came: ({ tenant_id: tenantId, copied, sealed }) => {
      const sizes = { copied: Number(copied), sealed: Number(sealed) };
      log.error({ alert: ALERT, tenantId, ...sizes }, 'a log is shorter than its copy in immudb');
    },
    gone: ({ tenant_id: tenantId }) =>
      log.warn({ alert: ALERT, tenantId }, 'a log was shorter than its copy, and no longer is'),
  });
}
