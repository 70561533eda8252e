import { type RowOf, table } from '../table.ts';

/** What is kept whatever the retention; owned by audit. */
export const legalHolds = table('legal_holds', {
  tenant_id: 'uuid',
  id: 'uuid',
  name: 'varchar',
  reason: 'varchar',
  scope: 'jsonb',
  placed_at: 'timestamptz',
  released_at: 'timestamptz?',
  release_reason: 'varchar?',
});

export type LegalHoldRow = RowOf<typeof legalHolds>;
