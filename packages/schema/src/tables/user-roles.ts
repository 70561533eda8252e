import { type RowOf, table } from '../table.ts';

/** The roles of each user; owned by identity. */
export const userRoles = table('user_roles', {
  tenant_id: 'uuid',
  user_id: 'uuid',
  role: 'varchar',
});

export type UserRoleRow = RowOf<typeof userRoles>;
