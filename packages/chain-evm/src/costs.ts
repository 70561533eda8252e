import type { BalanceQuery, ChainConfig } from '@ironforge/chain-core';
import { erc20AssetId } from './asset-id.ts';
import { readTransferCall } from './erc20.ts';
import { decodeTransaction } from './signed.ts';

/** What somebody must hold, in base units of one asset. */
export interface Cost extends BalanceQuery {
  readonly amount: bigint;
}

/**
 * What the sender of signed bytes, who is known, must hold so that they are carried out: value and the highest fee (go-ethereum
 * `Transaction.Cost`), and what an ERC-20 transfer moves. Empty for what is no transaction.
 */
export function costsOf(
  config: Pick<ChainConfig, 'chainId' | 'nativeAssetId'>,
  { raw, address }: { readonly raw: string; readonly address: string },
): Cost[] {
  const decoding = decodeTransaction(raw);
  if (!('decoded' in decoding)) return [];
  const { to, value, data, gasLimit, maxFeePerGas } = decoding.decoded;
  const native = { address, assetId: config.nativeAssetId, amount: value + gasLimit * maxFeePerGas };
  const transfer = readTransferCall(data);
  if (to === null || transfer === null) return [native];
  return [native, { address, assetId: erc20AssetId(config.chainId, to), amount: transfer.amount }];
}
