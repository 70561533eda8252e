import { type RowOf, table } from '../table.ts';

/** API keys, of which only a keyed hash is stored; owned by identity. */
export const apiKeys = table('api_keys', {
  id: 'uuid',
  tenant_id: 'uuid',
  user_id: 'uuid',
  name: 'varchar',
  secret_hash: 'varchar',
  permissions: 'text[]?',
  allowed_ips: 'text[]?',
  expires_at: 'timestamptz?',
  last_used_at: 'timestamptz?',
  revoked_at: 'timestamptz?',
  made_by: 'uuid?',
  version: 'int4',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
});

export type ApiKeyRow = RowOf<typeof apiKeys>;
