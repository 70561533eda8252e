import { type RowOf, table } from '../table.ts';

/** The recovery codes that a person has left, as keyed hashes; owned by identity. */
export const recoveryCodes = table('recovery_codes', {
  tenant_id: 'uuid',
  user_id: 'uuid',
  code_hash: 'varchar',
  created_at: 'timestamptz',
});

export type RecoveryCodeRow = RowOf<typeof recoveryCodes>;
