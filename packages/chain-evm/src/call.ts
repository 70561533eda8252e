import type { ChainConfig, TransferIntent } from '@ironforge/chain-core';
import { assert, parseUnits, present } from '@ironforge/kernel';
import { parseAddress } from './address.ts';
import { parseAssetId } from './asset-id.ts';
import { transferData } from './erc20.ts';

/** What a transaction does, apart from nonce and fee: checksummed recipient, wei, call data in lower-case hex. */
export interface EvmCall {
  readonly to: string;
  readonly value: bigint;
  readonly data: string;
}

/** The gas that every transaction takes, whatever it does (Ethereum yellow paper, appendix G). */
export const TRANSACTION_GAS = 21_000n;

/** The one call that carries an intent out. The intent was checked when it was taken in; anything else here is a bug. */
export function callOf(config: Pick<ChainConfig, 'chainId' | 'nativeAssetId'>, intent: CallIntent): EvmCall {
  const asset = present(parseAssetId(config, intent.assetId), `an asset of ${config.chainId}`);
  const units = present(parseUnits(intent.amount), 'an amount in base units');
  const recipient = parseAddress(intent.to);
  assert('address' in recipient, 'the recipient is an address');
  if (asset.kind === 'native') {
    return { to: recipient.address, value: units, data: (intent.data ?? '0x').toLowerCase() };
  }
  assert(intent.data === undefined, 'data goes with the native asset only');
  return { to: asset.contract, value: 0n, data: transferData(recipient.address, units) };
}

type CallIntent = Pick<TransferIntent, 'to' | 'assetId' | 'amount' | 'data'>;
