import { INTERNAL_ROUTES } from '@ironforge/contracts';
import type { TenantId } from '@ironforge/kernel';
import type { RegistryDeps } from '../deps.ts';

/** The tenant, and the request on whose behalf is asked. */
export interface PlanQuestion {
  readonly tenantId: TenantId;
  readonly requestId: string;
  /** By when, on the clock of `performance.now()`, an answer is of no use any more. */
  readonly answerBy?: number | undefined;
}

/** Asks identity how many wallets the tenant's plan allows. Throws `dependency_down`. */
export async function askMaxWallets(
  { call }: Pick<RegistryDeps, 'call'>,
  { tenantId, requestId, answerBy }: PlanQuestion,
): Promise<number> {
  const body = { tenantId, userIds: [], roles: [] };
  const { limits } = await call(INTERNAL_ROUTES.resolveUsers, { body, requestId, answerBy });
  return limits.maxWallets;
}
