import type { RecordedPrice } from '@ironforge/contracts';
import type { Tx } from '@ironforge/store';
import { findPrices, type StandingPrice } from '../queries/asset-prices.ts';
import { spelledAsset } from './spelled-asset.ts';

/** What rules want to know, and who must not be the one who says it: nobody names the price of what he pays himself. */
export interface PriceQuestion {
  readonly tenantId: string;
  readonly assetId: string;
  readonly currencies: readonly string[];
  readonly exceptUserIds: readonly string[];
}

/** Where prices come from; the best of each currency first. Another source is another implementation, or somebody who pushes. */
export type PriceSource = (question: PriceQuestion) => Promise<readonly RecordedPrice[]>;

/** The prices that were pushed to this installation. */
export function pushedPrices(tx: Tx): PriceSource {
  return async ({ tenantId, assetId, currencies, exceptUserIds }) => {
    const filter = { assetId: spelledAsset(assetId), currencies, exceptUserIds };
    return (await findPrices(tx, tenantId, filter)).map(recordOf);
  };
}

/** A price as it is recorded with a decision. */
export function recordOf({
  currency,
  price,
  decimals,
  source,
  observed_at,
  pushed_by,
}: StandingPrice): RecordedPrice {
  return { currency, price, decimals, source, observedAt: observed_at.toISOString(), pushedBy: pushed_by };
}
