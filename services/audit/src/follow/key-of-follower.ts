import type { FollowerBehind } from '../queries/audit-followers.ts';

/** What tells followers of all tenants apart. */
export function keyOfFollower({
  tenant_id: tenantId,
  name,
}: Pick<FollowerBehind, 'tenant_id' | 'name'>): string {
  return `${tenantId} ${name}`;
}
