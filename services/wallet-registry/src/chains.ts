import type { ChainCoin } from './config.ts';

/** The chains of the installation. */
export interface Chains {
  readonly all: readonly ChainCoin[];
  /** Undefined for a chain that this installation does not follow. */
  readonly find: (chainId: string) => ChainCoin | undefined;
}

/** Makes the chains findable by their CAIP-2 id. */
export function createChains(configured: readonly ChainCoin[]): Chains {
  const byId = new Map<string, ChainCoin>(configured.map((chain) => [chain.chainId, chain]));
  return { all: configured, find: (chainId) => byId.get(chainId) };
}
