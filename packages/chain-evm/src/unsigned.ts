import type { ChainConfig, FeeOffer, TransferIntent } from '@ironforge/chain-core';
import { assert, present } from '@ironforge/kernel';
import { Transaction, type TransactionLike } from 'ethers/transaction';
import { callOf } from './call.ts';

/** What bytes depend on: the part of a chain's configuration that a signer needs too. */
export type EvmRules = Pick<ChainConfig, 'chainId' | 'nativeAssetId' | 'feeModel'>;

/** The part of a payload that no signer may choose. */
export interface EvmSlot {
  readonly nonce: number;
}

/** What is bound to an intent when someone is ready to sign. */
export interface EvmBinding extends EvmSlot, FeeOffer {
  readonly gasLimit: bigint;
}

/** A payload to sign: type 2 (EIP-1559), or type 0 with EIP-155 on chains without it. */
export interface EvmUnsigned extends EvmBinding {
  readonly unsignedTransaction: string;
  readonly type: 0 | 2;
}

/** Writes the unsigned transaction of an intent at a slot, with these fees. */
export function buildUnsigned(config: EvmRules, intent: TransferIntent, binding: EvmBinding): EvmUnsigned {
  const transaction = transactionOf(config, intent, binding);
  return { ...binding, type: expectedType(config), unsignedTransaction: transaction.unsignedSerialized };
}

/** The transaction type a chain's payloads have. */
export function expectedType(config: Pick<ChainConfig, 'feeModel'>): 0 | 2 {
  return config.feeModel === 'eip1559' ? 2 : 0;
}

/** The transaction that carries an intent out, not yet signed. */
export function transactionOf(config: EvmRules, intent: TransferIntent, binding: EvmBinding): Transaction {
  assert(intent.chainId === config.chainId, 'the intent is for this chain');
  const { nonce, gasLimit } = binding;
  const chainId = numericChainId(config.chainId);
  return Transaction.from({
    ...callOf(config, intent),
    ...feeFields(config, binding),
    nonce,
    gasLimit,
    chainId,
  });
}

/** The number in an `eip155` chain id, as transactions carry it (EIP-155). */
export function numericChainId(chainId: string): bigint {
  return BigInt(present(/^eip155:([1-9][0-9]*)$/.exec(chainId)?.[1], `an eip155 chain id in ${chainId}`));
}

function feeFields(
  config: EvmRules,
  { maxFeePerGas, maxPriorityFeePerGas }: FeeOffer,
): TransactionLike<string> {
  return expectedType(config) === 2
    ? { type: 2, maxFeePerGas, maxPriorityFeePerGas }
    : { type: 0, gasPrice: maxFeePerGas };
}
