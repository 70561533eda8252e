import { appError, INTERNAL_ROUTES, type Role } from '@ironforge/contracts';
import { branded, type TenantId } from '@ironforge/kernel';
import { type BoundRoute, bindForServices } from '@ironforge/service-kit';
import { roleList, tenantStatus, userStatus } from '../accounts/closed-lists.ts';
import { limitsOf } from '../accounts/show-tenant.ts';
import type { IdentityDeps } from '../deps.ts';
import { findTenant } from '../queries/tenants.ts';
import { findActiveHolders, findUsers, type User } from '../queries/users.ts';

/** The present status and roles of users, the active users who hold a role, and the limits of the tenant. */
export function resolveUsers({ store }: IdentityDeps): BoundRoute {
  return bindForServices(INTERNAL_ROUTES.resolveUsers, async ({ body: { tenantId, userIds, roles } }) => {
    const found = await store.forTenant(branded<TenantId>(tenantId)).read(async (tx) => {
      const [tenant, users, holders] = await Promise.all([
        findTenant(tx, tenantId),
        findUsers(tx, tenantId, userIds),
        roles.length === 0 ? [] : findActiveHolders(tx, tenantId, roles),
      ]);
      return { tenant, users, holders };
    });
    if (found.tenant === undefined) return appError('not_found');
    const body = {
      users: found.users.map(statusOf),
      usersByRole: roles.map((role) => ({ role, userIds: holdersOf(role, found.holders) })),
      limits: limitsOf(found.tenant),
      tenantStatus: tenantStatus.parse(found.tenant.status),
    };
    return { status: 200, body };
  });
}

function statusOf({ id, status, roles, approval_address: approvalAddress }: User) {
  return { id, status: userStatus.parse(status), roles: roleList.parse(roles), approvalAddress };
}

function holdersOf(role: Role, users: readonly User[]): string[] {
  return users.filter((user) => user.roles.includes(role)).map((user) => user.id);
}
