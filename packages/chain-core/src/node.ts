import type { Attachment, CallFailure } from '@ironforge/contracts';
import type { TransferIntent } from './codec.ts';
import type { EndpointStatus } from './endpoint-status.ts';
import type { ChainFailure } from './failure.ts';
import type { Jury } from './quorum.ts';

/** The newest block a node knows; `time` is the block's own. */
export interface Head {
  readonly height: number;
  readonly hash: string;
  readonly time: Date;
}

/** One transaction of a block; addresses in canonical form, `to` null where a contract is created. */
export interface ChainTransaction {
  readonly hash: string;
  readonly index: number;
  readonly from: string;
  readonly to: string | null;
  /** Native base units. */
  readonly value: bigint;
  readonly data: string;
  readonly nonce: number;
  readonly success: boolean;
  /** EIP-2718. */
  readonly type: number;
  readonly gasLimit: bigint;
  /** Native base units per gas; without EIP-1559 both are the gas price. */
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
  readonly attachments: readonly Attachment[];
  /** Native base units that the network took. */
  readonly fee: bigint;
}

/** Value that moved inside a transaction; `index` tells the transfers of one transaction apart and is stable. */
export interface Transfer {
  readonly txHash: string;
  readonly index: number;
  readonly from: string;
  readonly to: string;
  readonly assetId: string;
  readonly amount: bigint;
  readonly success: boolean;
}

/** A block with everything the watcher needs of it. */
export interface Block extends Head {
  readonly parentHash: string;
  readonly transactions: readonly ChainTransaction[];
  readonly transfers: readonly Transfer[];
}

/** What a node has above a height, and how far it is. */
export interface News {
  readonly blocks: readonly Block[];
  readonly head: Head;
}

/** One balance to read. */
export interface BalanceQuery {
  readonly address: string;
  readonly assetId: string;
}

/** What a node made of signed bytes: it has them, or why not. */
export type BroadcastOutcome = { readonly accepted: true } | { readonly refused: ChainFailure };

/** Where a transaction is, as far as the asked nodes know. */
export type Whereabouts =
  | { readonly state: 'unknown' }
  | { readonly state: 'pending' }
  | {
      readonly state: 'mined';
      readonly height: number;
      readonly blockHash: string;
      readonly success: boolean;
    };

/** A fee offer per unit of gas, in native base units; on chains without EIP-1559 both are the gas price. */
export interface FeeOffer {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/** Offers by how soon a transaction should be mined. */
export interface FeeTable {
  readonly slow: FeeOffer;
  readonly standard: FeeOffer;
  readonly fast: FeeOffer;
}

/** What must be known of the chain before a payload is made. */
export interface Quote {
  readonly head: Head;
  readonly fees: FeeTable;
  /** With its margin; a cautious guess when the chain would refuse the transfer as things stand. */
  readonly gasLimit: bigint;
  /** Why the chain would not carry the transfer out now; null when it would. */
  readonly refused: ChainFailure | null;
  /** Why the transfer fails when it is tried at the head, with nothing sent; null when it does not. */
  readonly failure: CallFailure | null;
  /** Transactions mined from the address: the lowest nonce that is still free on the chain. Never counts pending ones. */
  readonly minedCount: number;
  readonly nativeBalance: bigint;
  readonly assetBalance: bigint;
}

/** The part of an intent that a quote depends on. */
export type QuoteRequest = Pick<TransferIntent, 'from' | 'to' | 'assetId' | 'amount' | 'data'>;

/** The state after exactly one block, or after the newest the node knows. */
export type BlockHashOrHead = { readonly blockHash: string } | 'latest';

/**
 * The online half of a chain. Reads throw `AppError` `dependency_down` (retry later) when no node answers in time,
 * so a time-out is never mistaken for an answer; with `retryAfterSeconds` when nodes were asked too often, and will tell later.
 * What the chain itself says no to comes back as a `ChainFailure`.
 */
export interface ChainNode {
  head(): Promise<Head>;
  /** True while the node says that it still reads its chain: then its head says nothing of where the chain is. */
  isSyncing(): Promise<boolean>;
  /** The lowest height that the asked endpoints give the chain's own `finalized` tag; null where too few of them have one. */
  finalizedTag(): Promise<number | null>;
  /** The hash on the node's present chain at that height; null above its head. */
  hashAt(height: number): Promise<string | null>;
  /** Consecutive blocks from `height`, at most `count`, fewer at the head; each one's parent is the one before. */
  blocksFrom(height: number, count: number): Promise<readonly Block[]>;
  /** The same, and the head right after them, in one exchange. */
  newsFrom(height: number, count: number): Promise<News>;
  /**
   * How many nonces each address has spent right after exactly that block, or by the head, in the order asked; null when
   * the node no longer has that state.
   */
  minedCountsAt(at: BlockHashOrHead, addresses: readonly string[]): Promise<readonly number[] | null>;
  /**
   * Balances in the state after exactly that block, in the order asked, null for one that is not told; null for all when the
   * node no longer has that state.
   */
  balancesAt(blockHash: string, queries: readonly BalanceQuery[]): Promise<readonly (bigint | null)[] | null>;
  /** Balances at the head, in the order asked. */
  balancesNow(queries: readonly BalanceQuery[]): Promise<readonly bigint[]>;
  fees(): Promise<FeeTable>;
  quote(request: QuoteRequest): Promise<Quote>;
  /** What a token says of its decimals at the head; null when it does not say. */
  tokenDecimals(assetId: string): Promise<number | null>;
  /** Sends signed bytes. Accepted also when a node has or mined them already, whatever it says about the new copy. */
  broadcast(bytes: string, hash: string): Promise<BroadcastOutcome>;
  find(hash: string): Promise<Whereabouts>;
  /** The endpoints one by one, for what must not be believed of one alone; one that lags or is silent throws `dependency_down`. */
  readonly jury: Jury<ChainWitness>;
  /** How it stands with each endpoint now. */
  endpoints(): readonly EndpointStatus[];
  /** Calls `wake` at each new head, and now and then without one: a wake is a hint, never data. */
  onNewHead(wake: () => void): AsyncDisposable;
}

/** One endpoint that is asked for itself. */
export interface ChainWitness extends Pick<ChainNode, 'hashAt' | 'minedCountsAt'> {
  /** The block with that hash; null when it is not on this endpoint's present chain. */
  blockByHash(hash: string): Promise<Block | null>;
}

/** A chain from both sides. */
export interface ChainPort<Codec> {
  readonly codec: Codec;
  readonly node: ChainNode;
}
