import { formatUnits } from '@ironforge/kernel';

const WEI_PER_ETHER = 10n ** 18n;

/** What the faucet gives, in wei. */
export const DEPOSIT = 10n * WEI_PER_ETHER;
/** From here on two of three must approve, in wei. */
export const THRESHOLD = 1n * WEI_PER_ETHER;
/** What the operator wants to pay, in wei. */
export const PAYMENT = (5n * WEI_PER_ETHER) / 2n;

/** What small payments may come to in a day, in wei. */
export const DAILY_LIMIT = 1n * WEI_PER_ETHER;
/** A small payment, in wei: three of them fit into a day. */
export const SMALL_PAYMENT = (3n * WEI_PER_ETHER) / 10n;

/** Wei as people read them. */
export function ether(wei: bigint | string): string {
  return `${formatUnits(BigInt(wei), 18)} ETH`;
}
