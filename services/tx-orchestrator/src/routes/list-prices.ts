import { ROUTES } from '@ironforge/contracts';
import { answerPage, type BoundRoute, bind, cursorOfRow, readCursor } from '@ironforge/service-kit';
import type { OrchestratorDeps } from '../deps.ts';
import { showPrice } from '../prices/show-price.ts';
import { spelledAsset } from '../prices/spelled-asset.ts';
import { listStandingPrices, type StandingPrice } from '../queries/asset-prices.ts';

/** The prices that rules may look at. */
export function listPrices({ store }: OrchestratorDeps): BoundRoute {
  return bind(ROUTES.listPrices, async ({ query, caller }) => {
    const assetId = query.assetId === undefined ? undefined : spelledAsset(query.assetId);
    const filter = { assetId, after: readCursor(query.cursor), count: query.limit + 1 };
    const rows = await store
      .forTenant(caller.tenantId)
      .transaction((tx) => listStandingPrices(tx, caller.tenantId, filter), { isolation: 'read committed' });
    const cursorOf = (price: StandingPrice) => cursorOfRow({ createdAt: price.received_at, id: price.id });
    return answerPage({ query, rows, cursorOf, show: showPrice });
  });
}
