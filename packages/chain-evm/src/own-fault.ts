import { translateNodeError } from './node-errors.ts';
import type { RpcAnswer, RpcCall, RpcSilence } from './rpc-client.ts';

/**
 * True when a node answered a call with an error that is no answer of the chain: it lost what it was asked for, or serves no more. One that
 * does not know the method says what it can do, and is heard.
 */
export function isOwnFault(
  calls: readonly RpcCall[],
  replies: readonly Exclude<RpcAnswer, RpcSilence>[],
): boolean {
  return calls.some(({ method }, index) => {
    const reply = replies[index];
    if (reply === undefined || !('error' in reply) || !PLAIN_READS.has(method)) return false;
    return reply.error.code !== UNKNOWN_METHOD && translateNodeError(reply.error).reason !== 'unsupported';
  });
}

/** JSON-RPC 2.0, section 5.1. */
const UNKNOWN_METHOD = -32601;
/** Of these every chain has an answer, if only null. A range of logs may be too wide, and a call may revert. */
const PLAIN_READS: ReadonlySet<string> = new Set([
  'eth_blockNumber',
  'eth_feeHistory',
  'eth_gasPrice',
  'eth_getBalance',
  'eth_getBlockByHash',
  'eth_getBlockByNumber',
  'eth_getBlockReceipts',
  'eth_getTransactionByHash',
  'eth_getTransactionCount',
  'eth_getTransactionReceipt',
]);
