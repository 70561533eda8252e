import type { SignInAccount } from '../queries/users.ts';

/** True while neither the user nor the tenant is suspended or gone. */
export function isActive({
  status,
  tenant_status,
}: Pick<SignInAccount, 'status' | 'tenant_status'>): boolean {
  return status === 'active' && tenant_status === 'active';
}
