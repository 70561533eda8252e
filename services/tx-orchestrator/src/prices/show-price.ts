import type { StandingPrice } from '../queries/asset-prices.ts';
import { recordOf } from './price-source.ts';

/** A price as the API shows it. */
export function showPrice(price: StandingPrice) {
  const { id, asset_id: assetId, received_at } = price;
  return { id, assetId, ...recordOf(price), receivedAt: received_at.toISOString() };
}
