import { branded, type TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import type { OrchestratorDeps } from '../deps.ts';
import { findHeights } from '../queries/chain-cursors.ts';
import { listStuck, type RequestPlace } from '../queries/overdue-requests.ts';
import { lockRequest } from '../queries/tx-requests.ts';
import { carryOut } from '../requests/carry-out.ts';
import { BATCH, eachPlace, OWN_CAUSE, type SweepDeps } from './each-place.ts';

/**
 * Says of a payment that no block took for the chain's number of blocks that it is stuck, so that somebody replaces it. The
 * watcher's word counts, not how far it has come: its word on a block may still be on its way.
 */
export async function callStuck(deps: SweepDeps): Promise<void> {
  const places = await deps.store
    .system('request_sweeper')
    .transaction((tx) => listAll(deps, tx), { isolation: 'read committed' });
  await eachPlace(deps, places, (place) => call(deps, place));
}

async function listAll({ chainById, chainIds, passedOver }: SweepDeps, tx: Tx): Promise<RequestPlace[]> {
  const places: RequestPlace[] = [];
  const except = passedOver.names();
  const heights = await findHeights(tx);
  for (const chainId of chainIds) {
    const { stuckBlocks: blocks } = chainById(chainId).rules;
    const head = heights.get(chainId)?.head ?? 0;
    places.push(...(await listStuck(tx, { chainId, head, blocks, except, count: BATCH })));
  }
  return places;
}

async function call(deps: OrchestratorDeps, { tenantId, id }: RequestPlace): Promise<void> {
  await deps.store.forTenant(branded<TenantId>(tenantId)).transaction(
    async (tx) => {
      const row = await lockRequest(tx, tenantId, id);
      if (row === undefined) return;
      await carryOut(deps, tx, { row, command: { type: 'noteStuck' }, cause: OWN_CAUSE });
    },
    { isolation: 'read committed' },
  );
}
