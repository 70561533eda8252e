import type { AssetId, ChainId } from '@ironforge/kernel';

/** The families of chains we have a port for. */
export type ChainKind = 'evm';

/** When a block can no longer be undone: at a number of confirmations, or where the chain itself says so by its `finalized` tag. */
export type Finality = { readonly kind: 'depth'; readonly depth: number } | { readonly kind: 'tag' };

/** How a chain charges: base fee and tip (EIP-1559), or one gas price. */
export type FeeModel = 'eip1559' | 'legacy';

/** What one endpoint allows; what is left out is as the chain's `rpc` says. */
export interface RpcAllowance {
  /** Calls a second; each call of a batch counts. */
  readonly requestsPerSecond?: number | undefined;
  /** Calls at once after a rest. */
  readonly burst?: number | undefined;
  /** Calls in one HTTP request. */
  readonly maxBatch?: number | undefined;
}

/** One endpoint of a chain's nodes. Its URL may carry a key: only its host is ever shown. */
export interface RpcEndpoint extends RpcAllowance {
  readonly url: string;
}

/** How the endpoints of a chain are used together. */
export interface RpcRules extends RpcAllowance {
  /** An endpoint that is more blocks than this behind the others is not asked. */
  readonly maxLagBlocks?: number | undefined;
  /** How many endpoints must say so before a negative answer counts. */
  readonly negativeQuorum?: number | undefined;
  /** To how many endpoints signed bytes go first; the others follow when none of these takes them. */
  readonly broadcastTo?: number | undefined;
}

/** One chain as an installation configures it; a new chain of a known kind is an entry like this, never code. */
export interface ChainConfig {
  readonly chainId: ChainId;
  readonly name: string;
  readonly kind: ChainKind;
  /** In the order of preference. */
  readonly rpcUrls: readonly (string | RpcEndpoint)[];
  readonly rpc?: RpcRules | undefined;
  readonly wsUrl?: string | undefined;
  readonly nativeAssetId: AssetId;
  readonly nativeSymbol: string;
  readonly decimals: number;
  /** K: how many blocks, the including one counted, make a transaction confirmed. */
  readonly confirmations: number;
  readonly finality: Finality;
  readonly blockTimeMs: number;
  readonly feeModel: FeeModel;
  /** All balances are read every so many blocks, for what no block lists. */
  readonly sweepBlocks?: number | undefined;
}
