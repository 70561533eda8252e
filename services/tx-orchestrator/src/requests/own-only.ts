import type { UserCaller } from '@ironforge/service-kit';

/** Whose requests a caller sees: null for everybody's in the tenant, else only his own. */
export function ownerFilter({ userId, permissions }: UserCaller): string | null {
  return permissions.includes('transactions:read_all') ? null : userId;
}
