import type { ChainConfig } from '@ironforge/chain-core';
import { present } from '@ironforge/kernel';
import { parseAssetId } from './asset-id.ts';
import { DECIMALS_DATA, readDecimals } from './erc20.ts';
import { isByContract } from './balances.ts';
import { type RpcPool, resultOf } from './rpc-pool.ts';

/**
 * What a token says of its decimals (EIP-20, where they are optional) at the head; null when it does not say, or where there is no
 * contract. Throws `dependency_down`.
 */
export async function tokenDecimals(
  { config, pool }: { readonly config: ChainConfig; readonly pool: RpcPool },
  assetId: string,
): Promise<number | null> {
  const asset = present(parseAssetId(config, assetId), `an asset of ${config.chainId}`);
  if (asset.kind === 'native') return config.decimals;
  const call = { method: 'eth_call', params: [{ to: asset.contract, data: DECIMALS_DATA }, 'latest'] };
  const [reply] = await pool.ask([call]);
  if (reply !== undefined && 'error' in reply && isByContract(reply.error)) return null;
  return readDecimals(resultOf(reply));
}
