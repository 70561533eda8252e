import { appError, ROUTES } from '@ironforge/contracts';
import type { ErrorItem } from '@ironforge/kernel';
import { answerOnce, type ApiRequest, type BoundRoute, bind, type UserCaller } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { parseFiat } from '@ironforge/tx-core';
import type { OrchestratorDeps } from '../deps.ts';
import { showPrice } from '../prices/show-price.ts';
import { spelledAsset } from '../prices/spelled-asset.ts';
import { findOwnPrices, putPrice } from '../queries/asset-prices.ts';
import { readNow } from '../queries/now.ts';
import { LOCKING } from '../requests/locking-scope.ts';

type Request = ApiRequest<(typeof ROUTES)['pushPrices'], UserCaller>;

/** Two clocks may differ by so much; a price from further ahead would stay fresh for longer than it is. */
const AHEAD_MS = 60_000;

/** Say what assets cost; the answer is what stands of that now, whether it came with this call or is newer. */
export function pushPrices(deps: OrchestratorDeps): BoundRoute {
  return bind(ROUTES.pushPrices, async (request) => {
    const { caller, idempotency: claim } = request;
    const scope = deps.store.forTenant(caller.tenantId);
    return await answerOnce({ scope, claim, transaction: LOCKING }, (tx) => push(deps, tx, request));
  });
}

async function push({ newId }: OrchestratorDeps, tx: Tx, { caller, body }: Request) {
  const { tenantId, userId } = caller;
  const now = await readNow(tx);
  const errors = body.prices.flatMap((price, index) => problemsOf(price, `/prices/${index}`, now));
  if (errors.length > 0) return appError('validation_failed', { errors });
  const place = { tenant_id: tenantId, pushed_by: userId, received_at: now };
  for (const { assetId, currency, price, decimals, source, observedAt } of inOrder(body.prices)) {
    const observed = { price, decimals, source, observed_at: new Date(observedAt) };
    await putPrice(tx, { id: newId(), ...place, asset_id: spelledAsset(assetId), currency, ...observed });
  }
  const pairs = body.prices.map(({ assetId, currency }) => [spelledAsset(assetId), currency] as const);
  return { status: 200, body: { data: (await findOwnPrices(tx, caller, pairs)).map(showPrice) } };
}

type Price = Request['body']['prices'][number];

function problemsOf({ price, observedAt }: Price, pointer: string, now: Date): ErrorItem[] {
  const isAhead = Date.parse(observedAt) > now.getTime() + AHEAD_MS;
  return [
    ...(parseFiat(price) === 0n ? [{ pointer: `${pointer}/price`, code: 'zero' }] : []),
    ...(isAhead ? [{ pointer: `${pointer}/observedAt`, code: 'in_the_future' }] : []),
  ];
}

/** Rows are locked in one order, so that two who push the same never wait for each other. */
function inOrder(prices: readonly Price[]): Price[] {
  const key = ({ assetId, currency }: Price) => `${spelledAsset(assetId)} ${currency}`;
  return prices.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}
