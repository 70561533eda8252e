import type { SpendingWindow } from '../spending/window.ts';
import { freshPrice, worthAtMost } from './fiat.ts';
import type { PolicyFacts } from './rule.ts';

/** By what a window is counted: base units of the asset, or a currency, in which several assets share one window. */
export function unitOf({ fiat }: SpendingWindow, { assetId }: Pick<PolicyFacts, 'assetId'>): string {
  return fiat === undefined ? assetId : `fiat:${fiat.currency}`;
}

/** What a request takes of a window, in its unit; null when nobody knows, since no fresh price is there. */
export function takenOf({ fiat }: SpendingWindow, facts: PolicyFacts): bigint | null {
  if (fiat === undefined) return facts.amount;
  const price = freshPrice(fiat, facts.prices.get(fiat.currency) ?? []);
  return price === undefined ? null : worthAtMost(price, facts);
}
