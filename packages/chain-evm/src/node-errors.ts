import type { ChainFailure, ChainFailureReason } from '@ironforge/chain-core';
import type { RpcError } from './rpc-client.ts';

/**
 * What a node said, as one of our reasons. The only place that reads provider text.
 * The text decides, not the code: Besu's -32005 is a gas limit, other servers' -32005 is a rate limit.
 * Text that nobody knows is `refused`, which ends nothing: the bytes are sent again, and the chain alone decides.
 */
export function translateNodeError(error: RpcError): ChainFailure {
  const reason = PHRASES.find(([pattern]) => pattern.test(error.message))?.[1] ?? 'refused';
  return { reason, detail: error.message };
}

/** The first match wins, so the more particular phrase stands above the more general one. */
const PHRASES: readonly (readonly [RegExp, ChainFailureReason])[] = [
  // A contract may say anything after this word, also what a pool would say.
  [/\brevert(ed)?\b/i, 'reverted'],
  // Authorizations (EIP-7702) are never ours; of a delegated sender pools take few transactions, in order.
  [/delegation nonce gap|gapped-nonce/i, 'nonce_too_high'],
  [/has pending transaction|in-flight transaction limit/i, 'pool_full'],
  [/authority (nonce|already)/i, 'invalid_bytes'],
  [/\b(already known|known transaction|already ?imported|AlreadyKnown)/i, 'already_known'],
  [/existing txn? with same hash|nonce already submitted|already finalized/i, 'already_known'],
  [/replacement transaction underpriced|insufficient gas price to replace/i, 'nonce_taken'],
  [/ReplacementNotAllowed|could not replace existing|replace(d)? (by|pending)/i, 'nonce_taken'],
  [/OwnNonceAlreadyUsed|another transaction with same nonce/i, 'nonce_taken'],
  [/nonce (is )?too low|OldNonce|invalid transaction nonce|Pool\(Stale\)/i, 'nonce_too_low'],
  [/nonce (is )?too high|NonceGap|NonceTooFarInFuture|nonce (is )?too (far|distant)/i, 'nonce_too_high'],
  [/lower nonce exists/i, 'nonce_too_high'],
  [/tx fee .* exceeds the configured cap|fee ?cap exceeded|^fee too high/i, 'fee_cap'],
  [/\brate ?limit|too many requests|rate exceeded|compute units|request limit|qps limit/i, 'rate_limited'],
  [/limit exceeded.*(second|minute|plan)|capacity (limit )?exceeded|(^|: )limit exceeded/i, 'rate_limited'],
  [/\bcredits? limited\b|\bquota exceeded|exceeded (the|your) .*quota/i, 'rate_limited'],
  [/must be authenticated|unauthorized|api key|project id/i, 'unreachable'],
  [/is syncing|not yet in sync|sync is still in progress/i, 'unreachable'],
  [/timed out|time-?out/i, 'unknown_outcome'],
  [/insufficient (funds|balance)|InsufficientFunds|not enough funds/i, 'insufficient_funds'],
  [/upfront cost exceeds|exceeds (the )?balance/i, 'insufficient_funds'],
  [/too many transactions|congestion|account limit exceeded|pool overflow|spammer/i, 'pool_full'],
  [/(txpool|sub-pool|pool|queue) is full/i, 'pool_full'],
  [/less than block base fee|underpriced|FeeTooLow|fee too low|priority fee below/i, 'underpriced'],
  [/gas ?price (is )?(too low|below)/i, 'underpriced'],
  [/gas limit (is )?(too high|reached)|block gas limit|transaction gas limit|GasLimitExceeded/i, 'gas_limit'],
  [/intrinsic gas|IntrinsicGas|required exceeds allowance/i, 'gas_limit'],
  [/gas is (too low|beyond limit)|exceeds current gas limit/i, 'gas_limit'],
  [/out of ?gas|(invalid|bad) ?(opcode|instruction|jump)|OpcodeNotFound|InvalidFEOpcode/i, 'reverted'],
  [/stack ?(underflow|overflow|limit)|write protection|return data out of bounds/i, 'reverted'],
  [/VM execution error|processing could not be completed due to an exception/i, 'reverted'],
  [/chain ?id/i, 'invalid_bytes'],
  [/method (is )?not (found|enabled|whitelisted|available|allowed)|unsupported method/i, 'unsupported'],
  [/not supported|does not exist\/is not available/i, 'unsupported'],
  [/not implemented|(invalid|unsupported|unknown) transaction type|not activated yet/i, 'unsupported'],
  [/invalid (sender|signature|transaction)|transaction invalid|decode|rlp/i, 'invalid_bytes'],
  [/oversized|too (large|big)|typed transaction|EIP-155|negative value/i, 'invalid_bytes'],
  [/recover sender|FailedToResolveSender|overflow/i, 'invalid_bytes'],
  [/priority fee per gas (higher|exceeds)|higher than 2\^256/i, 'invalid_bytes'],
];
