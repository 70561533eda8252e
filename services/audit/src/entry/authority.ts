import type { Authority } from '@ironforge/contracts';
import type { Cause } from '@ironforge/service-kit';

/** By what something was allowed, by its cause; null when that names neither a role nor a policy. */
export function authorityOf({
  roles = [],
  policy = null,
}: Pick<Cause, 'roles' | 'policy'>): Authority | null {
  return roles.length === 0 && policy === null ? null : { roles: [...roles], policy };
}
