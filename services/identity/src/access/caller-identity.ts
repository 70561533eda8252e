import { type Permission, permissionsOf, type Role } from '@ironforge/contracts';
import { roleList } from '../accounts/closed-lists.ts';
import type { PlanLimits } from '../accounts/plans.ts';
import { limitsOf } from '../accounts/show-tenant.ts';
import type { AccessRow } from '../queries/access-columns.ts';

/** A caller with the rights of this moment. */
export interface CallerIdentity {
  readonly tenantId: string;
  readonly userId: string;
  readonly apiKeyId: string | null;
  readonly sessionId: string | null;
  readonly roles: Role[];
  readonly permissions: Permission[];
  readonly limits: PlanLimits;
}

/** Whose credential it is, by what is stored now, before it is said which; null when the user or the tenant is not active. */
export function callerIdentity(row: AccessRow): CallerIdentity | null {
  if (row.user_status !== 'active' || row.tenant_status !== 'active') return null;
  const roles = roleList.parse(row.roles);
  const { tenant_id: tenantId, user_id: userId } = row;
  return {
    tenantId,
    userId,
    apiKeyId: null,
    sessionId: null,
    roles,
    permissions: permissionsOf(roles),
    limits: limitsOf(row),
  };
}
