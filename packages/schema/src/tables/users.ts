import { type RowOf, table } from '../table.ts';

/** Users; e-mail and name are ciphers, the e-mail is found by a keyed hash. Owned by identity. */
export const users = table('users', {
  id: 'uuid',
  tenant_id: 'uuid',
  email_cipher: 'text',
  email_index: 'varchar',
  display_name_cipher: 'text',
  password_hash: 'varchar?',
  must_change_password: 'boolean',
  status: 'varchar',
  last_login_at: 'timestamptz?',
  version: 'int4',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
});

export type UserRow = RowOf<typeof users>;
