import { appError, type Role } from '@ironforge/contracts';

/** Throws `permission_denied` when the roles hold the one of the installation: no tenant's admin gives or takes it. */
export function refuseGlobalRole(roles: readonly Role[]): void {
  if (roles.includes('super_admin')) {
    throw appError('permission_denied', { detail: 'the role super_admin belongs to the installation' });
  }
}
