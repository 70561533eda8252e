import { type RowOf, table } from '../table.ts';

/** Payees and blocked addresses; owned by wallet-registry. */
export const addressBook = table('address_book', {
  id: 'uuid',
  tenant_id: 'uuid',
  kind: 'varchar',
  chain_id: 'text',
  address: 'varchar',
  label: 'varchar',
  tags: 'text[]',
  user_id: 'uuid?',
  created_by: 'uuid',
  verified_by: 'uuid?',
  removal_asked_by: 'uuid?',
  removed_by: 'uuid?',
  version: 'int4',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
});

export type AddressBookRow = RowOf<typeof addressBook>;
