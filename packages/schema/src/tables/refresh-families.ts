import { type RowOf, table } from '../table.ts';

/** One row per sign-in, with the hash of its newest refresh token; owned by identity. */
export const refreshFamilies = table('refresh_families', {
  id: 'uuid',
  tenant_id: 'uuid',
  user_id: 'uuid',
  current_token_hash: 'varchar',
  expires_at: 'timestamptz',
  ended_at: 'timestamptz?',
  end_reason: 'varchar?',
  whereabouts_cipher: 'text?',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
});

export type RefreshFamilyRow = RowOf<typeof refreshFamilies>;
