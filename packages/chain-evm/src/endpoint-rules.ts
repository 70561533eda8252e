import type { ChainConfig, RpcEndpoint } from '@ironforge/chain-core';

/** The chain's endpoints, each with its allowance, and how they are used together: what was configured, the rest by default. */
export interface EndpointRules {
  readonly endpoints: readonly Required<{ [Key in keyof RpcEndpoint]: NonNullable<RpcEndpoint[Key]> }>[];
  readonly maxLagBlocks: number;
  readonly quorum: number;
  readonly broadcastTo: number;
}

/** Far more than anything of ours needs: what a provider allows is for the operator to say. */
const ALLOWANCE = { requestsPerSecond: 10_000, maxBatch: 100 };
const USUAL_LAG_MS = 5_000;
const LEAST_LAG_BLOCKS = 3;

/** Completes the configuration: a lag of five seconds is usual, and two endpoints must agree where there are two. */
export function endpointRules({
  rpcUrls,
  rpc = {},
  blockTimeMs,
}: Pick<ChainConfig, 'rpcUrls' | 'rpc' | 'blockTimeMs'>): EndpointRules {
  const endpoints = rpcUrls.map((given) => {
    const own: RpcEndpoint = typeof given === 'string' ? { url: given } : given;
    const requestsPerSecond = own.requestsPerSecond ?? rpc.requestsPerSecond ?? ALLOWANCE.requestsPerSecond;
    const burst = own.burst ?? rpc.burst ?? Math.max(requestsPerSecond, 1);
    const maxBatch = own.maxBatch ?? rpc.maxBatch ?? ALLOWANCE.maxBatch;
    return { url: own.url, requestsPerSecond, burst, maxBatch };
  });
  return {
    endpoints,
    maxLagBlocks: rpc.maxLagBlocks ?? Math.max(LEAST_LAG_BLOCKS, Math.ceil(USUAL_LAG_MS / blockTimeMs)),
    quorum: rpc.negativeQuorum ?? Math.min(2, endpoints.length),
    broadcastTo: rpc.broadcastTo ?? endpoints.length,
  };
}
