import type { TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';

/** The last version of an aggregate that has a number. */
export interface AggregateVersion {
  readonly aggregate: string;
  readonly version: number;
}

/** Moves aggregates forward, never back, without waiting. */
export function advanceAggregates(tx: Tx, tenantId: TenantId, advanced: readonly AggregateVersion[]): void {
  const aggregates = advanced.map(({ aggregate }) => aggregate);
  const versions = advanced.map(({ version }) => version);
  tx.send(tx.raw(ADVANCE, { tenantId, aggregates, versions }));
}

/** One text for any number of them, so that it is parsed and planned once. */
const ADVANCE = `
  INSERT INTO audit_aggregates (tenant_id, aggregate, version)
  SELECT :tenantId, aggregate, version FROM unnest(:aggregates::TEXT[], :versions::INT4[]) AS n (aggregate, version)
  ON CONFLICT (tenant_id, aggregate) DO UPDATE SET version = GREATEST(audit_aggregates.version, excluded.version)`;
