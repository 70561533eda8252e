import type { BalanceQuery, ChainConfig } from '@ironforge/chain-core';
import { present } from '@ironforge/kernel';
import { parseAssetId } from './asset-id.ts';
import { balanceOfData } from './erc20.ts';
import { quantityOf } from './json-reader.ts';
import type { RpcCall } from './rpc-client.ts';
import { type RpcPool, type RpcReply, resultOf } from './rpc-pool.ts';

/** Where to read: a tag, or a block by its hash (EIP-1898), which must be on the node's chain. */
export type BlockPin = 'latest' | { readonly blockHash: string; readonly requireCanonical: boolean };

/** A chain and where to ask about it. */
export interface Endpoints {
  readonly config: ChainConfig;
  readonly pool: RpcPool;
}

/** Balances right after a block, in the order asked; null when the node no longer has that block or its state. */
export async function balancesAt(
  { config, pool }: Endpoints,
  blockHash: string,
  queries: readonly BalanceQuery[],
): Promise<readonly bigint[] | null> {
  if (queries.length === 0) return [];
  const pin = { blockHash, requireCanonical: false };
  const replies = await pool.ask(queries.map((query) => balanceCall(config, query, pin)));
  return lackState(replies) ? null : replies.map((reply) => ('error' in reply ? 0n : readBalance(reply)));
}

/** Balances at the head, in the order asked. Throws `dependency_down`. */
export async function balancesNow(
  { config, pool }: Endpoints,
  queries: readonly BalanceQuery[],
): Promise<readonly bigint[]> {
  if (queries.length === 0) return [];
  return (await pool.ask(queries.map((query) => balanceCall(config, query, 'latest')))).map(readBalance);
}

/** The call that reads one balance. */
export function balanceCall(config: ChainConfig, { address, assetId }: BalanceQuery, at: BlockPin): RpcCall {
  const asset = present(parseAssetId(config, assetId), `an asset of ${config.chainId}`);
  if (asset.kind === 'native') return { method: 'eth_getBalance', params: [address, at] };
  return { method: 'eth_call', params: [{ to: asset.contract, data: balanceOfData(address) }, at] };
}

/** A balance out of its reply: an address without code answers `0x`, and a contract that refuses holds nothing for us. */
export function readBalance(reply: RpcReply | undefined): bigint {
  if (reply !== undefined && 'error' in reply && isRevert(reply.error)) return 0n;
  const result = resultOf(reply);
  return result === '0x'
    ? 0n
    : quantityOf(typeof result === 'string' ? result.slice(0, 66) : result, 'a balance');
}

/**
 * True when the node has not the state that was asked for. All answers are of one node and one block: when it could tell
 * one of them, an error of another is that contract's own, whatever it says, and one bad contract must hide no balance.
 */
function lackState(replies: readonly RpcReply[]): boolean {
  const failures = replies.flatMap((reply) =>
    'error' in reply && !isRevert(reply.error) ? [reply.error] : [],
  );
  const isThere = replies.some((reply) => 'result' in reply);
  return failures.some(({ message }) => !isThere || STATE_IS_GONE.test(message));
}

/** geth "missing trie node", "header not found"; Erigon, Nethermind, Besu and providers speak of state, block or history. */
const STATE_IS_GONE = /trie|header|state|block|history|historical|pruned/i;

function isRevert({ code, message }: { code: number; message: string }): boolean {
  return code === 3 || /revert|invalid opcode/i.test(message);
}
