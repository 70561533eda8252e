import type { Refused } from '@ironforge/immudb';
import type { Logger, TenantId } from '@ironforge/kernel';
import type { CopyTelemetry } from './copy-telemetry.ts';
import type { Altered } from './sealed-entries.ts';

/** What keeps the log of one tenant from being copied, and no other. */
export type TenantTrouble = Altered | Refused | { readonly failed: unknown };

/** The tenants whose logs are not copied for a reason of their own: each is told once, rests, and is tried again. */
export interface TenantTroubles {
  /** Those of them whose turn it is; what is not behind any more is well. */
  readonly toTry: (behind: readonly TenantId[]) => Set<TenantId>;
  readonly met: (tenantId: TenantId, trouble: TenantTrouble) => void;
  readonly copied: (tenantId: TenantId) => void;
}

/** What troubles are told by, and for how long a tenant rests. */
export interface TroubleDeps {
  readonly log: Logger;
  readonly telemetry: Pick<CopyTelemetry, 'tenantsRefused'>;
  readonly restMs: number;
}

interface Rest {
  readonly alert: string;
  /** What was told of it. */
  readonly word: string;
  readonly until: number;
}

/** Knows of no trouble yet. */
export function createTenantTroubles({ log, telemetry, restMs }: TroubleDeps): TenantTroubles {
  const resting = new Map<TenantId, Rest>();
  telemetry.tenantsRefused(0);
  return { toTry, met, copied };

  function toTry(behind: readonly TenantId[]): Set<TenantId> {
    const all = new Set(behind);
    for (const tenantId of resting.keys()) if (!all.has(tenantId)) copied(tenantId);
    return new Set(behind.filter((tenantId) => (resting.get(tenantId)?.until ?? 0) <= performance.now()));
  }

  function met(tenantId: TenantId, trouble: TenantTrouble): void {
    const fields = fieldsOf(trouble);
    const word = Object.values(fields).map(String).join(' ');
    if (resting.get(tenantId)?.word !== word) log.error({ ...fields, tenantId }, REFUSED);
    resting.set(tenantId, { alert: fields.alert, word, until: performance.now() + restMs });
    telemetry.tenantsRefused(resting.size);
  }

  function copied(tenantId: TenantId): void {
    const rest = resting.get(tenantId);
    if (rest === undefined) return;
    resting.delete(tenantId);
    log.warn({ alert: rest.alert, tenantId }, WELL);
    telemetry.tenantsRefused(resting.size);
  }
}

function fieldsOf(trouble: TenantTrouble) {
  if ('altered' in trouble) return { alert: 'audit_copy_altered', sequence: trouble.altered };
  if ('refused' in trouble) return { alert: 'audit_copy_refused', ...trouble.refused };
  return { alert: 'audit_copy_failed', err: trouble.failed };
}

const REFUSED = 'nothing of this log is copied to immudb until somebody has looked; the others go on';
const WELL = 'this log is copied to immudb again';
