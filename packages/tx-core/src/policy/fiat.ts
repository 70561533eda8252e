import { formatUnits } from '@ironforge/kernel';

/** Amounts and prices in a currency are whole numbers of its 10^-18 part, so that nothing is ever rounded before it is compared. */
export const FIAT_DECIMALS = 18;

/** A condition on what an amount is worth; bounds included. `maxAgeMs`: a price that is older does not count. */
export type FiatRange = {
  readonly currency: string;
  readonly min?: bigint | undefined;
  readonly max?: bigint | undefined;
  readonly maxAgeMs: number;
};

/** What one whole unit of the asset costs, who says so, and how old that was at the moment that counts. */
export type AssetPrice = {
  readonly price: bigint;
  readonly source: string;
  readonly observedAtMs: number;
  readonly ageMs: number;
};

const DECIMAL = /^(?:0|[1-9][0-9]{0,37})(?:\.[0-9]{1,18})?$/;

/** Reads a decimal text such as 2000.50; null for anything else, and for more than 18 digits behind the point. */
export function parseFiat(text: string): bigint | null {
  if (!DECIMAL.test(text)) return null;
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(FIAT_DECIMALS, '0'));
}

/** The same as people read it, without zeros at the end. */
export function formatFiat(fiat: bigint): string {
  return formatUnits(fiat, FIAT_DECIMALS);
}

/** The first of the prices that is not too old; undefined when there is none, so that nothing can be said about the amount. */
export function freshPrice(
  { maxAgeMs }: Pick<FiatRange, 'maxAgeMs'>,
  prices: readonly AssetPrice[],
): AssetPrice | undefined {
  return prices.find(({ ageMs }) => ageMs <= maxAgeMs);
}

/** An amount of an asset in base units. */
export type Valued = { readonly amount: bigint; readonly decimals: number };

/** True when the amount is worth what the range says. Multiplied out and never divided: exact to the last unit. */
export function isWorth(
  { min, max }: FiatRange,
  { price }: AssetPrice,
  { amount, decimals }: Valued,
): boolean {
  const one = 10n ** BigInt(decimals);
  const worth = amount * price;
  return (min === undefined || worth >= min * one) && (max === undefined || worth <= max * one);
}

/** What an amount is worth, rounded down to the 10^-18 part, for people to read. */
export function worthOf({ price }: AssetPrice, { amount, decimals }: Valued): bigint {
  return (amount * price) / 10n ** BigInt(decimals);
}

/** The same rounded up, so that what is added up in a window is never less than what was paid. */
export function worthAtMost({ price }: AssetPrice, { amount, decimals }: Valued): bigint {
  const one = 10n ** BigInt(decimals);
  return (amount * price + one - 1n) / one;
}
