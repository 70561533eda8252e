import { createEvmCodec, type EvmCodec, parseAddress } from '@ironforge/chain-evm';
import { appError } from '@ironforge/contracts';
import type { AssetId, ChainId } from '@ironforge/kernel';
import type { ChainRules } from './config.ts';

/** One configured chain with the codec of its payloads. */
export interface Chain {
  readonly chainId: ChainId;
  readonly nativeAssetId: AssetId;
  readonly codec: EvmCodec;
  readonly rules: ChainRules;
}

/** The chain of that id; throws `unknown_chain` when the installation does not have it. */
export type ChainById = (chainId: string) => Chain;

/** Makes the codecs of the configured chains. */
export function createChains(configured: readonly ChainRules[]): ChainById {
  const chains = new Map<string, Chain>(configured.map((rules) => [rules.chainId, chainOf(rules)]));
  return (chainId) => {
    const chain = chains.get(chainId);
    if (chain === undefined) throw appError('unknown_chain', { detail: chainId });
    return chain;
  };
}

function chainOf(rules: ChainRules): Chain {
  const { chainId, nativeAssetId } = rules;
  return { chainId, nativeAssetId, rules, codec: createEvmCodec(rules) };
}

/** An address as it is stored, checksummed; a filter may name it in any case, and what is none finds nothing. */
export function canonicalAddress(address: string): string {
  const parsed = parseAddress(address);
  return 'address' in parsed ? parsed.address : address;
}
