import type { ChainConfig, ChainNode } from '@ironforge/chain-core';
import { createEvmCodec, createEvmNode, type EvmCodec } from '@ironforge/chain-evm';
import { appError } from '@ironforge/contracts';

/** One followed chain: what is configured, its offline and its online half. */
export interface Chain {
  readonly config: ChainConfig;
  readonly codec: EvmCodec;
  readonly node: ChainNode;
}

/** The chains that this process follows. */
export interface Chains {
  readonly all: readonly Chain[];
  /** Undefined for a chain that somebody else follows, or nobody. */
  find(chainId: string): Chain | undefined;
  /** Throws `unknown_chain`. */
  get(chainId: string): Chain;
}

/** Makes both halves of every configured chain. */
export function createChains(configs: readonly ChainConfig[]): Chains {
  const byId = new Map<string, Chain>(configs.map((config) => [config.chainId, createChain(config)]));
  const find = (chainId: string) => byId.get(chainId);
  return {
    all: [...byId.values()],
    find,
    get: (chainId) => {
      const chain = find(chainId);
      if (chain === undefined) throw appError('unknown_chain');
      return chain;
    },
  };
}

function createChain(config: ChainConfig): Chain {
  return { config, codec: createEvmCodec(config), node: createEvmNode(config) };
}
