import type { ChainConfig, ChainNode, EndpointObserver } from '@ironforge/chain-core';
import { createEvmCodec, createEvmNodes, type EvmCodec } from '@ironforge/chain-evm';
import { appError } from '@ironforge/contracts';
import type { Logger } from '@ironforge/kernel';
import type { Telemetry } from './telemetry.ts';

/** One followed chain: what is configured, its offline and its online half. */
export interface Chain {
  readonly config: ChainConfig;
  readonly codec: EvmCodec;
  readonly node: ChainNode;
  /** The same for what has no hurry: where an endpoint allows few requests, it takes what others leave. */
  readonly unhurried: ChainNode;
}

/** The chains that this process follows. */
export interface Chains {
  readonly all: readonly Chain[];
  /** Undefined for a chain that somebody else follows, or nobody. */
  find(chainId: string): Chain | undefined;
  /** Throws `unknown_chain`. */
  get(chainId: string): Chain;
}

/** Who hears how the endpoints do. */
export interface ChainsDeps {
  readonly telemetry: Pick<Telemetry, 'endpointCalls' | 'endpointStates'>;
  readonly log: Logger;
}

/** Makes both halves of every configured chain. */
export function createChains(configs: readonly ChainConfig[], deps: ChainsDeps): Chains {
  const byId = new Map<string, Chain>(configs.map((config) => [config.chainId, createChain(config, deps)]));
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

function createChain(config: ChainConfig, { telemetry, log }: ChainsDeps): Chain {
  const { chainId } = config;
  const observer = { ...telemetry.endpointCalls(chainId), changed: createTeller(chainId, log) };
  const { node, unhurried } = createEvmNodes(config, { observer });
  telemetry.endpointStates(chainId, () => node.endpoints());
  return { config, codec: createEvmCodec(config), node, unhurried };
}

const WRONG_CHAIN = 'an endpoint is a node of another chain: nothing is asked of it';

/** Says once which endpoint is left out and why, and once that it is asked again; it is named by its host alone. */
function createTeller(chainId: string, log: Logger): EndpointObserver['changed'] {
  return ({ name: endpoint, state, lagBlocks }) => {
    const fields = { chainId, endpoint, state, lagBlocks };
    if (state === 'asked') log.info(fields, 'an endpoint of the chain is asked again');
    else if (state === 'wrong_chain') log.error({ ...fields, alert: true }, WRONG_CHAIN);
    else log.warn(fields, 'an endpoint of the chain is left out');
  };
}
