import type { TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';

/** The last version of an aggregate that has a number. */
export interface AggregateVersion {
  readonly aggregate: string;
  readonly version: number;
}

/** Moves aggregates forward, never back, without waiting. */
export function advanceAggregates(tx: Tx, tenantId: TenantId, advanced: readonly AggregateVersion[]): void {
  tx.send(
    tx('audit_aggregates')
      .insert(advanced.map(({ aggregate, version }) => ({ tenant_id: tenantId, aggregate, version })))
      .onConflict(['tenant_id', 'aggregate'])
      .merge({ version: tx.raw('GREATEST(audit_aggregates.version, excluded.version)') }),
  );
}
