import type { SignedField, TransferIntent, Verification } from '@ironforge/chain-core';
import { parseUnits, present } from '@ironforge/kernel';
import { getAddress } from 'ethers/address';
import { callOf, TRANSACTION_GAS } from './call.ts';
import { decodeSigned, type EvmSigned } from './signed.ts';
import { type EvmRules, type EvmSlot, expectedType, numericChainId, transactionOf } from './unsigned.ts';

/**
 * Compares signed bytes with an intent by rebuilding: intent, slot and the signer's fee fields make one transaction,
 * and with the signer's signature it must have exactly these bytes. So nothing that is not compared by name slips in.
 */
export function verifyAgainst(config: EvmRules, expected: Expected, bytes: string): Verification<EvmSigned> {
  const decoding = decodeSigned(bytes);
  if ('malformed' in decoding) return hasOtherType(config, bytes) ? { differs: ['type'] } : decoding;
  const signed = decoding.decoded;
  const differs = differences(config, expected, signed);
  if (differs.length > 0) return { differs };
  return rebuild(config, expected, signed) === signed.bytes ? { accepted: signed } : { differs: ['type'] };
}

/** What was approved, and the place it was bound to. */
export interface Expected {
  readonly intent: TransferIntent;
  readonly slot: EvmSlot;
}

// EIP-2718: a first byte up to 0x7f is the type; a legacy transaction begins with an RLP list, 0xc0 and above.
function hasOtherType(config: EvmRules, bytes: string): boolean {
  const first = Number.parseInt(bytes.slice(2, 4), 16);
  return first <= 0x7f ? first !== expectedType(config) : first >= 0xc0 && expectedType(config) !== 0;
}

function differences(config: EvmRules, { intent, slot }: Expected, signed: EvmSigned): SignedField[] {
  const call = callOf(config, intent);
  const checks: readonly (readonly [SignedField, boolean])[] = [
    ['type', signed.type === expectedType(config)],
    ['chainId', signed.chainId === numericChainId(config.chainId)],
    ['nonce', signed.nonce === slot.nonce],
    ['from', signed.from === getAddress(intent.from)],
    ['to', signed.to === call.to],
    ['value', signed.value === call.value],
    ['data', signed.data === call.data],
    ['fee', isWithin(signed, intent.feeCeiling)],
  ];
  return checks.filter(([, equal]) => !equal).map(([field]) => field);
}

/** Dear ones break what was approved; those that no network takes would hold their nonce for ever. */
function isWithin({ gasLimit, maxFeePerGas, maxPriorityFeePerGas }: EvmSigned, feeCeiling: string): boolean {
  const ceiling = present(parseUnits(feeCeiling), 'a fee ceiling in base units');
  if (gasLimit < TRANSACTION_GAS || maxPriorityFeePerGas > maxFeePerGas) return false;
  return gasLimit * maxFeePerGas <= ceiling;
}

function rebuild(config: EvmRules, { intent, slot }: Expected, signed: EvmSigned): string {
  const { gasLimit, maxFeePerGas, maxPriorityFeePerGas } = signed;
  const transaction = transactionOf(config, intent, {
    ...slot,
    gasLimit,
    maxFeePerGas,
    maxPriorityFeePerGas,
  });
  transaction.signature = signed.signature;
  return transaction.serialized;
}
