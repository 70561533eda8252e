import { type RowOf, table } from '../table.ts';

/** Answers of calls that carried an `Idempotency-Key`. */
export const idempotencyKeys = table('idempotency_keys', {
  tenant_id: 'uuid',
  principal_id: 'uuid',
  route: 'varchar',
  key: 'varchar',
  body_hash: 'varchar',
  status: 'int4?',
  response: 'text?',
  created_at: 'timestamptz',
});

export type IdempotencyKeyRow = RowOf<typeof idempotencyKeys>;
