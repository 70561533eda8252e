import { branded, type TenantId } from '@ironforge/kernel';
import type { Cause } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { IdentityDeps } from '../deps.ts';
import { insertTenant, type Tenant } from '../queries/tenants.ts';
import type { TenantPlan } from './closed-lists.ts';
import type { PlanLimits } from './plans.ts';
import { tenantOfEvent } from './show-tenant.ts';

/** A tenant to be. */
export interface NewTenant {
  readonly name: string;
  readonly plan: TenantPlan;
  /** What differs from the plan's own limits. */
  readonly limits: { readonly [Name in keyof PlanLimits]?: PlanLimits[Name] | undefined };
  readonly cause: Cause;
}

type Deps = Pick<IdentityDeps, 'outbox' | 'events' | 'clock' | 'newId' | 'plans'>;

/** Stores a tenant and tells `tenant.created`. */
export async function createTenant(deps: Deps, tx: Tx, created: NewTenant): Promise<Tenant> {
  const { name, plan, limits, cause } = created;
  const ofPlan = deps.plans[plan];
  const tenant: Tenant = {
    id: deps.newId(),
    name,
    plan,
    status: 'active',
    max_wallets: limits.maxWallets ?? ofPlan.maxWallets,
    max_transactions_per_day: limits.maxTransactionsPerDay ?? ofPlan.maxTransactionsPerDay,
    api_rate_limit: limits.requestsPerMinute ?? ofPlan.requestsPerMinute,
    version: 1,
    created_at: deps.clock(),
  };
  await insertTenant(tx, tenant);
  const tenantId = branded<TenantId>(tenant.id);
  const data = { tenant: tenantOfEvent(tenant) };
  deps.outbox.add(tx, [
    deps.events.event('tenant.created', { tenantId, subject: tenant.id, version: 1, cause, data }),
  ]);
  return tenant;
}
