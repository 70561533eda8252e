import type { BalanceQuery, ChainConfig } from '@ironforge/chain-core';
import { present } from '@ironforge/kernel';
import { parseAssetId } from './asset-id.ts';
import { balanceOfData } from './erc20.ts';
import { badAnswer } from './json-reader.ts';
import { translateNodeError } from './node-errors.ts';
import type { RpcCall, RpcError } from './rpc-client.ts';
import { type RpcPool, type RpcReply, resultOf } from './rpc-pool.ts';

/** Where to read: a tag, or a block by its hash (EIP-1898), which must be on the node's chain. */
export type BlockPin = 'latest' | { readonly blockHash: string; readonly requireCanonical: boolean };

/** A chain and where to ask about it. */
export interface Endpoints {
  readonly config: ChainConfig;
  readonly pool: RpcPool;
}

/**
 * Balances right after a block, in the order asked; null for one that the node would not tell, or not in time, and null for all
 * when it told none: then it no longer has that block or its state. Throws `dependency_down` when nothing at all is answered.
 */
export async function balancesAt(
  { config, pool }: Endpoints,
  blockHash: string,
  queries: readonly BalanceQuery[],
): Promise<readonly (bigint | null)[] | null> {
  if (queries.length === 0) return [];
  const calls = queries.map((query) => balanceCall(config, query, { blockHash, requireCanonical: false }));
  const replies = await pool.askSome(calls);
  const amounts = calls.map((call, index) => toldBalance(call, replies[index]));
  return amounts.every((amount) => amount === null) ? null : amounts;
}

/** Balances at the head, in the order asked. Throws `dependency_down`. */
export async function balancesNow(
  { config, pool }: Endpoints,
  queries: readonly BalanceQuery[],
): Promise<readonly bigint[]> {
  if (queries.length === 0) return [];
  const calls = queries.map((query) => balanceCall(config, query, 'latest'));
  const replies = await pool.ask(calls);
  return calls.map((call, index) => readBalance(call, replies[index]));
}

/** The call that reads one balance. */
export function balanceCall(config: ChainConfig, { address, assetId }: BalanceQuery, at: BlockPin): RpcCall {
  const asset = present(parseAssetId(config, assetId), `an asset of ${config.chainId}`);
  if (asset.kind === 'native') return { method: 'eth_getBalance', params: [address, at] };
  return { method: 'eth_call', params: [{ to: asset.contract, data: balanceOfData(address) }, at] };
}

/** A balance out of the reply to its call. Throws `dependency_down` when the node would not tell. */
export function readBalance(call: RpcCall, reply: RpcReply | undefined): bigint {
  const amount = toldBalance(call, reply);
  if (amount !== null) return amount;
  resultOf(reply);
  throw badAnswer('a balance');
}

/**
 * A balance that is told, or null. An address without code answers `0x`, and a contract that breaks holds nothing for us;
 * but any other error is the node's own, and says nothing of an amount: a balance taken for 0 would be booked as gone.
 */
function toldBalance({ method }: RpcCall, reply: RpcReply | null | undefined): bigint | null {
  const isToken = method === 'eth_call';
  if (reply === undefined || reply === null) return null;
  if ('error' in reply) return isToken && isByContract(reply.error) ? 0n : null;
  if (isToken && reply.result === '0x') return 0n;
  const [word] = WORD.exec(typeof reply.result === 'string' ? reply.result : '') ?? [];
  return word === undefined ? null : BigInt(word);
}

/** The first word of an answer. */
const WORD = /^0x[0-9a-f]{1,64}/i;

/** True when the virtual machine ran the contract, and that failed: no other node would say otherwise. */
export function isByContract(error: RpcError): boolean {
  return error.code === REVERTED || translateNodeError(error).reason === 'reverted';
}

/** The code of a revert (EIP-1474 as go-ethereum extends it). */
const REVERTED = 3;
