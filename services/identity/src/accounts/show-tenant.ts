import type { AccessRow } from '../queries/access-columns.ts';
import type { Tenant } from '../queries/tenants.ts';
import { tenantPlan, tenantStatus } from './closed-lists.ts';
import type { PlanLimits } from './plans.ts';

/** A tenant as the API shows it. */
export function showTenant(tenant: Tenant) {
  return { ...tenantOfEvent(tenant), createdAt: tenant.created_at.toISOString() };
}

/** A tenant as events tell it. */
export function tenantOfEvent(tenant: Tenant) {
  return {
    id: tenant.id,
    name: tenant.name,
    plan: tenantPlan.parse(tenant.plan),
    status: tenantStatus.parse(tenant.status),
    limits: limitsOf(tenant),
  };
}

type LimitColumns = Pick<AccessRow, 'max_wallets' | 'max_transactions_per_day' | 'api_rate_limit'>;

/** The limits of a tenant's plan. */
export function limitsOf(row: LimitColumns): PlanLimits {
  return {
    maxWallets: row.max_wallets,
    maxTransactionsPerDay: row.max_transactions_per_day,
    requestsPerMinute: row.api_rate_limit,
  };
}
