import { erc20AssetId, parseAssetId } from '@ironforge/chain-evm';
import { appError } from '@ironforge/contracts';
import type { Chains } from '../chains.ts';
import type { ChainCoin } from '../config.ts';

/** The asset id with its contract checksummed. Throws `validation_failed` for one that this chain does not have. */
export function readAssetId(chain: ChainCoin, text: string): string {
  const assetId = spelledAssetId(chain, text);
  if (assetId === null)
    throw appError('validation_failed', { errors: [{ pointer: '/assetId', code: 'malformed' }] });
  return assetId;
}

/** The id as assets are known by it, whichever chain of the installation it is of; null for what none of them can have. */
export function canonicalAssetId(chains: Chains, text: string): string | null {
  const chain = chains.find(text.slice(0, text.indexOf('/')));
  return chain === undefined ? null : spelledAssetId(chain, text);
}

function spelledAssetId(chain: ChainCoin, text: string): string | null {
  const asset = parseAssetId(chain, text);
  if (asset === null) return null;
  return asset.kind === 'native' ? chain.nativeAssetId : erc20AssetId(chain.chainId, asset.contract);
}
