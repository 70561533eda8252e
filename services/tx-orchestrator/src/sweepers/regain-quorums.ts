import { branded, hasCode, type TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import { lookAgainAtChanges } from '../changes/resolve-quorum.ts';
import {
  listApprovedInPart,
  listLostQuorums,
  listLostReplacements,
  type WantedPage,
} from '../queries/lost-quorums.ts';
import type { RequestPlace } from '../queries/overdue-requests.ts';
import { lookAgain } from '../requests/resolve-quorums.ts';
import { BATCH, OWN_CAUSE, type SweepDeps } from './each-place.ts';
import { tenantByTenant } from './tenant-by-tenant.ts';

const EVERY_ROUNDS = 15;

/**
 * Makes the sweep that looks, now and then, at what waits although enough have voted for it, and at changes that somebody approved:
 * who counts again was told of once, and identity may have been away then, or what it had said before may have been stored after it.
 */
export function createQuorumRegainer(): (deps: SweepDeps) => Promise<void> {
  let rounds = 0;
  return async (deps) => {
    rounds += 1;
    if (rounds % EVERY_ROUNDS !== 1) return;
    const cause = OWN_CAUSE;
    for (const list of [listLostQuorums, listLostReplacements])
      await each(deps, list, async (tenantId, requestIds) =>
        lookAgain(deps, { tenantId, requestIds, cause }),
      );
    await each(deps, listApprovedInPart, async (tenantId, changeIds) =>
      lookAgainAtChanges(deps, { tenantId, changeIds, cause }),
    );
  };
}

type List = (tx: Tx, wanted: WantedPage) => Promise<readonly RequestPlace[]>;
type Look = (tenantId: TenantId, ids: readonly string[]) => Promise<void>;

async function each(deps: SweepDeps, list: List, look: Look): Promise<void> {
  for await (const places of pagesOf(deps, list))
    await tenantByTenant(deps, places, async (tenantId, ids) => {
      await look(branded<TenantId>(tenantId), ids).catch(letBeSuspended);
    });
}

/** All of them, a page after the other. */
async function* pagesOf(
  { store, passedOver }: SweepDeps,
  list: List,
): AsyncGenerator<readonly RequestPlace[]> {
  let after: string | undefined;
  do {
    const wanted = { after, except: passedOver.names(), count: BATCH };
    const places: readonly RequestPlace[] = await store
      .system('request_sweeper')
      .transaction((tx) => list(tx, wanted), { isolation: 'read committed' });
    yield places;
    after = places.length < BATCH ? undefined : places.at(-1)?.id;
  } while (after !== undefined);
}

/** In a suspended tenant nobody counts, which is no failure. */
function letBeSuspended(error: unknown): void {
  if (!hasCode(error, 'permission_denied')) throw error;
}
