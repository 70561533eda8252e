import { type RowOf, table } from '../table.ts';

/** The second factor of each person who has one; owned by identity. */
export const totpFactors = table('totp_factors', {
  tenant_id: 'uuid',
  user_id: 'uuid',
  secret_cipher: 'text',
  confirmed_at: 'timestamptz?',
  last_step: 'int8',
  failures: 'int4',
  blocked_until: 'timestamptz?',
  pending_secret_cipher: 'text?',
  pending_expires_at: 'timestamptz?',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
});

export type TotpFactorRow = RowOf<typeof totpFactors>;
