import type { RecordedPrice } from '@ironforge/contracts';
import { present } from '@ironforge/kernel';
import { type AssetPrice, parseFiat, type PolicyFacts } from '@ironforge/tx-core';
import { rulesOf } from '../policies/rules.ts';
import type { PolicyInForce } from '../queries/policies.ts';
import type { PriceSource } from './price-source.ts';

/** Whose prices are looked at, when, and what was recorded before. */
export interface PricingScope {
  readonly tenantId: string;
  readonly policy: Pick<PolicyInForce, 'rules'> | undefined;
  /** Who started the request. */
  readonly initiatorIds: readonly string[];
  readonly atMs: number;
  /** Of the submission; as old as they were then. Null before it. */
  readonly recorded: readonly RecordedPrice[] | null;
}

/** Facts with prices, and these prices in words that are kept with the decision. */
export interface Priced {
  readonly facts: PolicyFacts;
  readonly prices: readonly RecordedPrice[];
}

/**
 * Adds what the asset costs in the currencies that the rules name; nothing is asked where none does. What was recorded at the
 * submission comes before what stands now. A price for other decimals than the list of assets has is none.
 */
export async function priced(source: PriceSource, scope: PricingScope, facts: PolicyFacts): Promise<Priced> {
  const currencies = currenciesOf(scope.policy);
  if (currencies.length === 0) return { facts, prices: [] };
  const { tenantId, initiatorIds: exceptUserIds, atMs } = scope;
  const question = { tenantId, assetId: facts.assetId, currencies, exceptUserIds };
  const recorded = (scope.recorded ?? []).map((price) => ({ price, atMs: facts.submittedAtMs }));
  const standing = (await source(question)).map((price) => ({ price, atMs }));
  const known = [...recorded, ...standing].filter(({ price }) => price.decimals === facts.decimals);
  const prices = new Map(
    currencies.map((currency) => [
      currency,
      known.filter(({ price }) => price.currency === currency).map(assetPriceOf),
    ]),
  );
  return { facts: { ...facts, prices }, prices: firstOfEach(currencies, known) };
}

interface Known {
  readonly price: RecordedPrice;
  readonly atMs: number;
}

function currenciesOf(policy: PricingScope['policy']): readonly string[] {
  const rules = rulesOf(policy?.rules ?? []);
  const named = rules.flatMap(({ when: { fiatAmount, window } }) => [fiatAmount, window?.fiat]);
  return [...new Set(named.flatMap((one) => one?.currency ?? []))];
}

function assetPriceOf({ price: { price, source, observedAt }, atMs }: Known): AssetPrice {
  const observedAtMs = Date.parse(observedAt);
  return { price: present(parseFiat(price), 'a price'), source, observedAtMs, ageMs: atMs - observedAtMs };
}

/** The newest in each currency: whoever is too old for one rule may be fresh enough for another, but none is fresher. */
function firstOfEach(currencies: readonly string[], known: readonly Known[]): RecordedPrice[] {
  return currencies.flatMap(
    (currency) => known.find(({ price }) => price.currency === currency)?.price ?? [],
  );
}
