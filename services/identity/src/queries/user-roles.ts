import type { UserRoleRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

/** One user of one tenant. */
export interface UserPlace {
  readonly tenant_id: string;
  readonly user_id: string;
}

/** Gives a user roles he does not have. */
export async function insertRoles(tx: Tx, place: UserPlace, roles: readonly string[]): Promise<void> {
  const rows = [...new Set(roles)].map((role) => ({ ...place, role }));
  await tx<UserRoleRow>('user_roles').insert(rows);
}

/** Takes all roles from a user. */
export async function deleteRoles(tx: Tx, place: UserPlace): Promise<void> {
  await tx<UserRoleRow>('user_roles').where(place).delete();
}
