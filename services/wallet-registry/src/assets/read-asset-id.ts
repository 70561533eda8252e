import { erc20AssetId, parseAssetId } from '@ironforge/chain-evm';
import { appError } from '@ironforge/contracts';
import type { ChainCoin } from '../config.ts';

/** The asset id with its contract checksummed. Throws `validation_failed` for one that this chain does not have. */
export function readAssetId(chain: ChainCoin, text: string): string {
  const asset = parseAssetId(chain, text);
  if (asset === null)
    throw appError('validation_failed', { errors: [{ pointer: '/assetId', code: 'malformed' }] });
  return asset.kind === 'native' ? chain.nativeAssetId : erc20AssetId(chain.chainId, asset.contract);
}
