import type { FeeOffer } from '@ironforge/chain-core';

const LEAST_RISE_PERMILLE = 125n;

/**
 * The least that replaces a transaction on its nonce, or what is usual now where that is more: nodes want 10 % more of
 * both fees (go-ethereum `--txpool.pricebump`), some 12.5 %. Rounded up, so that a fee of 1 rises too.
 */
export function replacementFee(signed: FeeOffer, usual: FeeOffer): FeeOffer {
  const maxPriorityFeePerGas = larger(raised(signed.maxPriorityFeePerGas), usual.maxPriorityFeePerGas);
  const maxFeePerGas = larger(raised(signed.maxFeePerGas), usual.maxFeePerGas);
  return { maxPriorityFeePerGas, maxFeePerGas: larger(maxFeePerGas, maxPriorityFeePerGas) };
}

function raised(fee: bigint): bigint {
  const risen = (fee * (1000n + LEAST_RISE_PERMILLE) + 999n) / 1000n;
  return larger(risen, fee + 1n);
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
