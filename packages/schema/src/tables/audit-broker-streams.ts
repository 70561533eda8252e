import { type RowOf, table } from '../table.ts';

/** The tenants that have their log as a stream of the broker; owned by audit. */
export const auditBrokerStreams = table('audit_broker_streams', {
  tenant_id: 'uuid',
  max_age_days: 'int4',
  created_at: 'timestamptz',
});

export type AuditBrokerStreamRow = RowOf<typeof auditBrokerStreams>;
