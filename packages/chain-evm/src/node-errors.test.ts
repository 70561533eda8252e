import type { ChainFailureReason } from '@ironforge/chain-core';
import { describe, expect, it } from 'vitest';
import { translateNodeError } from './node-errors.ts';

// Texts as the nodes send them; each list says where they are written down.

/** Answers of anvil 1.7.1 to `eth_sendRawTransaction`, and foundry `crates/anvil/src/eth/error.rs`. */
const ANVIL: [string, ChainFailureReason][] = [
  ['transaction already imported', 'already_known'],
  ['replacement transaction underpriced', 'nonce_taken'],
  ['Insufficient funds for gas * price + value', 'insufficient_funds'],
  ['max fee per gas less than block base fee', 'underpriced'],
  ['intrinsic gas too low', 'gas_limit'],
  ['intrinsic gas too high -- tx.gas_limit > env.block.gas_limit', 'gas_limit'],
  ['invalid chain id for signer', 'invalid_bytes'],
  ['Failed to decode transaction', 'invalid_bytes'],
  ['nonce too low', 'nonce_too_low'],
  ['execution reverted', 'reverted'],
  ['execution reverted: ERC20: transfer amount exceeds balance', 'reverted'],
  ['Method not found', 'unsupported'],
];

/** go-ethereum `core/error.go`, `core/txpool/errors.go`, `core/txpool/legacypool`, `internal/ethapi/api.go`. */
const GETH: [string, ChainFailureReason][] = [
  ['already known', 'already_known'],
  ['known transaction: 0x7f657507aee0511e36d2d1972a6b22e917cc89f92b6c12c4dbd57eaabb236960', 'already_known'],
  ['nonce too low: next nonce 82, tx nonce 81', 'nonce_too_low'],
  ['nonce too high: address 0x0, tx: 9 state: 1', 'nonce_too_high'],
  ['replacement transaction underpriced', 'nonce_taken'],
  ['transaction underpriced: gas tip cap 1, minimum needed 1000000', 'underpriced'],
  ['max fee per gas less than block base fee: address 0x0, maxFeePerGas: 1, baseFee: 7', 'underpriced'],
  ['insufficient funds for gas * price + value: balance 0, tx cost 21, overshot 21', 'insufficient_funds'],
  ['insufficient funds for transfer', 'insufficient_funds'],
  ['txpool is full', 'pool_full'],
  ['account limit exceeded', 'pool_full'],
  ['exceeds block gas limit', 'gas_limit'],
  ['intrinsic gas too low: gas 20000, minimum needed 21000', 'gas_limit'],
  ['gas required exceeds allowance (0)', 'gas_limit'],
  ['tx fee (2.10 ether) exceeds the configured cap (1.00 ether)', 'fee_cap'],
  ['invalid sender', 'invalid_bytes'],
  ['oversized data: transaction size 200000, limit 131072', 'invalid_bytes'],
  ['rlp: element is larger than containing list', 'invalid_bytes'],
  ['transaction type not supported', 'unsupported'],
  ['only replay-protected (EIP-155) transactions allowed over RPC', 'invalid_bytes'],
  ['max priority fee per gas higher than max fee per gas', 'invalid_bytes'],
  ['the method eth_getBlockReceipts does not exist/is not available', 'unsupported'],
];

/** Erigon `erigon-lib/txpool/txpoolcfg/txpoolcfg.go`, as `INTERNAL_ERROR: …` over RPC. */
const ERIGON: [string, ChainFailureReason][] = [
  ['INTERNAL_ERROR: existing tx with same hash', 'already_known'],
  ['INTERNAL_ERROR: could not replace existing tx', 'nonce_taken'],
  ['INTERNAL_ERROR: nonce too low', 'nonce_too_low'],
  ['INTERNAL_ERROR: underpriced', 'underpriced'],
  ['INTERNAL_ERROR: fee too low', 'underpriced'],
  ['INTERNAL_ERROR: insufficient funds', 'insufficient_funds'],
  ['INTERNAL_ERROR: pending sub-pool is full', 'pool_full'],
  ['INTERNAL_ERROR: baseFee sub-pool is full', 'pool_full'],
  ['INTERNAL_ERROR: spammer', 'pool_full'],
  ['INTERNAL_ERROR: IntrinsicGas', 'gas_limit'],
  ['INTERNAL_ERROR: RLPTooLong', 'invalid_bytes'],
];

/** Nethermind `Nethermind.TxPool/AcceptTxResult.cs`, the names of before 2025 and the texts of after. */
const NETHERMIND: [string, ChainFailureReason][] = [
  ['AlreadyKnown', 'already_known'],
  ['OwnNonceAlreadyUsed', 'nonce_taken'],
  ['ReplacementNotAllowed', 'nonce_taken'],
  ['OldNonce, Current nonce: 5, nonce of rejected tx: 4', 'nonce_too_low'],
  ['NonceGap, Future nonce. Expected nonce: 10', 'nonce_too_high'],
  ['FeeTooLow, EffectivePriorityFeePerGas too low 10 < 20, BaseFee: 30', 'underpriced'],
  ['FeeTooLowToCompete', 'underpriced'],
  ['InsufficientFunds, Account balance: 1, cumulative cost: 2', 'insufficient_funds'],
  ['GasLimitExceeded, Gas limit: 100, gas limit of rejected tx: 150', 'gas_limit'],
];

/** Besu `RpcErrorType.java`; its -32005 is a gas limit, elsewhere the same number is a rate limit. */
const BESU: [string, ChainFailureReason][] = [
  ['Known transaction', 'already_known'],
  ['Replacement transaction underpriced', 'nonce_taken'],
  ['Nonce too low', 'nonce_too_low'],
  ['Nonce too high', 'nonce_too_high'],
  ['Transaction nonce is too distant from current sender nonce', 'nonce_too_high'],
  ['Upfront cost exceeds account balance', 'insufficient_funds'],
  ['Gas price below configured minimum gas price', 'underpriced'],
  ['Gas price below current base fee', 'underpriced'],
  ['Intrinsic gas exceeds gas limit', 'gas_limit'],
  ['Transaction gas limit exceeds block gas limit', 'gas_limit'],
  ['Transaction fee cap exceeded', 'fee_cap'],
  ['Wrong chainId', 'invalid_bytes'],
  ['Invalid signature', 'invalid_bytes'],
  ['Execution reverted', 'reverted'],
];

/** Hosted endpoints, from issue threads: Infura and Alchemy limits; onflow/flow-evm-gateway #983. */
const HOSTED: [string, ChainFailureReason][] = [
  ['daily request count exceeded, request rate limited', 'rate_limited'],
  ['Too Many Requests', 'rate_limited'],
  ['Your app has exceeded its compute units per second capacity', 'rate_limited'],
  ['a tx with the same nonce already submitted', 'nonce_taken'],
];

describe('translateNodeError', () => {
  describe.each([
    ['anvil', ANVIL],
    ['geth', GETH],
    ['Erigon', ERIGON],
    ['Nethermind', NETHERMIND],
    ['Besu', BESU],
    ['hosted endpoints', HOSTED],
  ])('understands %s', (_node, texts) => {
    it.each(texts)('%s', (message, reason) => {
      expect(translateNodeError({ code: -32000, message })).toEqual({ reason, detail: message });
    });
  });

  it('calls what nobody knows a refusal, with the text kept for people', () => {
    const error = { code: 1, message: 'computer says no' };
    expect(translateNodeError(error)).toEqual({ reason: 'refused', detail: 'computer says no' });
  });
});
