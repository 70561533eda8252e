import type { ChainFailure, ChainFailureReason } from '@ironforge/chain-core';
import type { RpcError } from './rpc-client.ts';

/**
 * What a node said, as one of our reasons. The only place that reads provider text.
 * The text decides, not the code: Besu's -32005 is a gas limit, other servers' -32005 is a rate limit.
 * Text that nobody knows is `refused`.
 */
export function translateNodeError(error: RpcError): ChainFailure {
  const reason = PHRASES.find(([pattern]) => pattern.test(error.message))?.[1] ?? 'refused';
  return { reason, detail: error.message };
}

/** The first match wins, so the more particular phrase stands above the more general one. */
const PHRASES: readonly (readonly [RegExp, ChainFailureReason])[] = [
  // A contract may say anything after this word, also what a pool would say.
  [/reverted/i, 'reverted'],
  [
    /already known|known transaction|already ?imported|AlreadyKnown|existing tx with same hash/i,
    'already_known',
  ],
  [
    /replacement transaction underpriced|insufficient gas price to replace|ReplacementNotAllowed/i,
    'nonce_taken',
  ],
  [
    /could not replace existing|replace(d)? (by|pending)|OwnNonceAlreadyUsed|nonce already submitted/i,
    'nonce_taken',
  ],
  [/nonce (is )?too low|OldNonce|invalid transaction nonce/i, 'nonce_too_low'],
  [
    /nonce (is )?too high|NonceGap|NonceTooFarInFuture|nonce (is )?too (far|distant)|lower nonce exists/i,
    'nonce_too_high',
  ],
  [/tx fee .* exceeds the configured cap|fee ?cap exceeded/i, 'fee_cap'],
  [
    /rate limit|too many requests|limit exceeded.*(second|minute|plan)|compute units|capacity exceeded/i,
    'rate_limited',
  ],
  [
    /insufficient (funds|balance)|InsufficientFunds|upfront cost exceeds|exceeds (the )?balance/i,
    'insufficient_funds',
  ],
  [
    /less than block base fee|underpriced|FeeTooLow|fee too low|gas ?price (is )?(too low|below)/i,
    'underpriced',
  ],
  [/(txpool|sub-pool|pool|queue) is full|account limit exceeded|pool overflow|spammer/i, 'pool_full'],
  [
    /block gas limit|gas limit reached|GasLimitExceeded|intrinsic gas|IntrinsicGas|required exceeds allowance/i,
    'gas_limit',
  ],
  [/out of gas|invalid opcode|stack underflow/i, 'reverted'],
  [/method not found|not supported|does not exist\/is not available|not implemented/i, 'unsupported'],
  [
    /invalid (sender|signature|chain id|transaction)|wrong chainid|decode|rlp|oversized|typed transaction/i,
    'invalid_bytes',
  ],
  [
    /EIP-155|priority fee per gas (higher|exceeds)|negative value|gas uint64 overflow|GasUintOverflow/i,
    'invalid_bytes',
  ],
];
