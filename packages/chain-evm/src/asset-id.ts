import type { ChainConfig } from '@ironforge/chain-core';
import { parseAddress } from './address.ts';

/** An asset of one chain: its own coin, or an ERC-20 contract by checksummed address. */
export type EvmAsset = { readonly kind: 'native' } | { readonly kind: 'erc20'; readonly contract: string };

type Names = Pick<ChainConfig, 'chainId' | 'nativeAssetId'>;

/** Reads a CAIP-19 id of this chain; null for another chain, another name space or a bad contract address. */
export function parseAssetId(config: Names, assetId: string): EvmAsset | null {
  if (assetId === config.nativeAssetId) return { kind: 'native' };
  const prefix = `${config.chainId}/erc20:`;
  if (!assetId.startsWith(prefix)) return null;
  const parsed = parseAddress(assetId.slice(prefix.length));
  return 'address' in parsed ? { kind: 'erc20', contract: parsed.address } : null;
}

/** The CAIP-19 id of an ERC-20 contract (CAIP-21), checksummed. */
export function erc20AssetId(chainId: string, contract: string): string {
  return `${chainId}/erc20:${contract}`;
}
