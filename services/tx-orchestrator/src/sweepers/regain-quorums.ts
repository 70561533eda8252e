import { branded, hasCode, type TenantId } from '@ironforge/kernel';
import { listLostQuorums } from '../queries/lost-quorums.ts';
import type { RequestPlace } from '../queries/overdue-requests.ts';
import { lookAgain } from '../requests/resolve-quorums.ts';
import { BATCH, OWN_CAUSE, type SweepDeps } from './each-place.ts';
import { tenantByTenant } from './tenant-by-tenant.ts';

const EVERY_ROUNDS = 15;

/**
 * Makes the sweep that looks, now and then, at requests that lost their quorum: who counts again was told of once, and identity may
 * have been away when the request was looked at.
 */
export function createQuorumRegainer(): (deps: SweepDeps) => Promise<void> {
  let rounds = 0;
  return async (deps) => {
    rounds += 1;
    if (rounds % EVERY_ROUNDS !== 1) return;
    for await (const places of lostQuorums(deps))
      await tenantByTenant(deps, places, (tenantId, ids) => look(deps, tenantId, ids));
  };
}

/** All of them, a page after the other. */
async function* lostQuorums({ store, passedOver }: SweepDeps): AsyncGenerator<readonly RequestPlace[]> {
  let after: string | undefined;
  do {
    const wanted = { after, except: passedOver.names(), count: BATCH };
    const places: readonly RequestPlace[] = await store
      .system('request_sweeper')
      .transaction((tx) => listLostQuorums(tx, wanted), { isolation: 'read committed' });
    yield places;
    after = places.length < BATCH ? undefined : places.at(-1)?.id;
  } while (after !== undefined);
}

/** In a suspended tenant nobody counts, which is no failure. */
async function look(deps: SweepDeps, tenantId: string, requestIds: readonly string[]): Promise<void> {
  try {
    await lookAgain(deps, { tenantId: branded<TenantId>(tenantId), requestIds, cause: OWN_CAUSE });
  } catch (error) {
    if (!hasCode(error, 'permission_denied')) throw error;
  }
}
