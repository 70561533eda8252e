import type { AssetId, ChainId } from '@ironforge/kernel';

/** The families of chains we have a port for. */
export type ChainKind = 'evm';

/** When a block can no longer be undone: at a number of confirmations, or where the chain itself says so by its `finalized` tag. */
export type Finality = { readonly kind: 'depth'; readonly depth: number } | { readonly kind: 'tag' };

/** How a chain charges: base fee and tip (EIP-1559), or one gas price. */
export type FeeModel = 'eip1559' | 'legacy';

/** One chain as an installation configures it; a new chain of a known kind is an entry like this, never code. */
export interface ChainConfig {
  readonly chainId: ChainId;
  readonly name: string;
  readonly kind: ChainKind;
  readonly rpcUrls: readonly string[];
  readonly wsUrl?: string | undefined;
  readonly nativeAssetId: AssetId;
  readonly nativeSymbol: string;
  readonly decimals: number;
  /** K: how many blocks, the including one counted, make a transaction confirmed. */
  readonly confirmations: number;
  readonly finality: Finality;
  readonly blockTimeMs: number;
  readonly feeModel: FeeModel;
}
