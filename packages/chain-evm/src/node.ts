import type { ChainConfig, ChainNode, ChainWitness, EndpointObserver } from '@ironforge/chain-core';
import { balancesAt, balancesNow } from './balances.ts';
import { readHead } from './block.ts';
import { createBlockReader, readBlockByHash } from './block-reader.ts';
import { broadcast } from './broadcast.ts';
import { type OpenEndpoints, openEndpoints } from './open-endpoints.ts';
import { finalizedTag } from './finalized-tag.ts';
import { find } from './find.ts';
import { feeCalls, readFees } from './fees.ts';
import { isRecord, recordOf, textAt, toQuantity } from './json-reader.ts';
import { minedCountsAt } from './mined-counts.ts';
import { subscribeNewHeads } from './new-heads.ts';
import { quote } from './quote.ts';
import { askOne, type RpcPool } from './rpc-pool.ts';
import { tokenDecimals } from './token-decimals.ts';

/** How a node is spoken to. */
export interface EvmNodeOptions {
  /** How long one HTTP exchange may take before its outcome is unknown. */
  readonly timeoutMs?: number;
  /** Who hears of calls, failures, and endpoints that are left out. */
  readonly observer?: EndpointObserver;
}

/** The online half of one configured EVM chain, over its endpoints. */
export function createEvmNode(config: ChainConfig, options: EvmNodeOptions = {}): ChainNode {
  return createEvmNodes(config, options).node;
}

/** The same, and `unhurried`, whose reads leave half of what the endpoints allow to everybody else. */
export function createEvmNodes(config: ChainConfig, options: EvmNodeOptions = {}): EvmNodes {
  const endpoints = openEndpoints(config, options);
  const node = nodeOver(config, endpoints);
  return { node, unhurried: { ...node, ...readsOver(config, endpoints.pool.unhurried) } };
}

/** A chain's node twice, over the same endpoints. */
export interface EvmNodes {
  readonly node: ChainNode;
  readonly unhurried: ChainNode;
}

function nodeOver(config: ChainConfig, { pool, quorum, broadcastTo }: OpenEndpoints): ChainNode {
  const sources = { each: pool.each, quorum };
  const { wsUrl, blockTimeMs } = config;
  return {
    ...readsOver(config, pool),
    head: async () => readHead(recordOf(await blockAt(pool, 'latest'), 'the latest block')),
    isSyncing: () => isSyncing(pool),
    finalizedTag: () => finalizedTag(pool.each),
    fees: async () => readFees(config, await pool.ask(feeCalls(config))),
    quote: (request) => quote(config, pool, request),
    tokenDecimals: (assetId) => tokenDecimals({ config, pool }, assetId),
    broadcast: (bytes, hash) => broadcast({ ...sources, ...pool, broadcastTo }, bytes, hash),
    find: (hash) => find(sources, hash),
    jury: { witnesses: pool.each.map((one) => witness(config, one)), quorum },
    endpoints: pool.statuses,
    onNewHead: (wake) => subscribeNewHeads({ wsUrl, blockTimeMs, wake }),
  };
}

type Reads = Pick<
  ChainNode,
  'hashAt' | 'blocksFrom' | 'newsFrom' | 'minedCountsAt' | 'balancesAt' | 'balancesNow'
>;

function readsOver(config: ChainConfig, pool: RpcPool): Reads {
  return {
    hashAt: (height) => hashAt(pool, height),
    ...createBlockReader(config, pool),
    minedCountsAt: (at, addresses) => minedCountsAt(pool, at, addresses),
    balancesAt: (blockHash, queries) => balancesAt({ config, pool }, blockHash, queries),
    balancesNow: (queries) => balancesNow({ config, pool }, queries),
  };
}

function witness(config: ChainConfig, pool: RpcPool): ChainWitness {
  return {
    hashAt: (height) => hashAt(pool, height),
    blockByHash: (hash) => readBlockByHash(config, pool, hash),
    minedCountsAt: (at, addresses) => minedCountsAt(pool, at, addresses),
  };
}

function blockAt(pool: RpcPool, at: string): Promise<unknown> {
  return askOne(pool, 'eth_getBlockByNumber', [at, false]);
}

/** `false`, or how far it is (`eth_syncing`); a node or provider that cannot say so is believed to be in step. */
async function isSyncing(pool: RpcPool): Promise<boolean> {
  const [reply] = await pool.ask([{ method: 'eth_syncing', params: [] }]);
  return reply !== undefined && 'result' in reply && (reply.result === true || isRecord(reply.result));
}

async function hashAt(pool: RpcPool, height: number): Promise<string | null> {
  const block = await blockAt(pool, toQuantity(height));
  return isRecord(block) ? textAt(block, 'hash') : null;
}
