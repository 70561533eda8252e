import type { AssetId } from './ids.ts';

/** A quantity of one asset in its base units (wei, satoshi, nanoton). */
export interface Amount {
  readonly assetId: AssetId;
  readonly units: bigint;
}

/** The largest amount any chain we know can express: 2^256 - 1. */
export const MAX_UNITS = 2n ** 256n - 1n;

const CANONICAL_DECIMAL = /^(0|[1-9][0-9]{0,77})$/;

/** Reads base units from their canonical decimal text: no sign, point or leading zero, at most 2^256 - 1; otherwise null. */
export function parseUnits(text: string): bigint | null {
  if (!CANONICAL_DECIMAL.test(text)) return null;
  const units = BigInt(text);
  return units <= MAX_UNITS ? units : null;
}

/** Base units as people read them, with the asset's decimals and no trailing zeros: `1500000, 6` is `1.5`. */
export function formatUnits(units: bigint, decimals: number): string {
  const sign = units < 0n ? '-' : '';
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return fraction === '' ? `${sign}${whole}` : `${sign}${whole}.${fraction}`;
}
