import type { Decoding } from '@ironforge/chain-core';
import { keccak256, type Signature, Transaction } from 'ethers';
import type { EvmBinding } from './unsigned.ts';

/** A signed transaction taken apart; on type 0 both fee fields are its gas price. */
export interface EvmSigned extends EvmBinding {
  /** Of the bytes as they came. */
  readonly hash: string;
  /** As they came, in lower case. */
  readonly bytes: string;
  readonly type: number;
  /** 0 when a type 0 transaction names no chain. */
  readonly chainId: bigint;
  /** Recovered from the signature; null for the malleable twin of one (EIP-2), which no network accepts. */
  readonly from: string | null;
  /** Null for a contract creation. */
  readonly to: string | null;
  readonly value: bigint;
  readonly data: string;
  readonly signature: Signature;
}

const HEX_BYTES = /^0x([0-9a-fA-F]{2})+$/;

/** Takes signed bytes apart; what is no signed transaction at all comes back as `malformed`. */
export function decodeSigned(bytes: string): Decoding<EvmSigned> {
  if (!HEX_BYTES.test(bytes)) return { malformed: 'not bytes in hex' };
  try {
    const lowerCase = bytes.toLowerCase();
    return read(Transaction.from(lowerCase), lowerCase);
  } catch {
    // ethers throws for everything it cannot read; its texts name insides that help nobody.
    return { malformed: 'not a signed transaction' };
  }
}

function read(transaction: Transaction, bytes: string): Decoding<EvmSigned> {
  const { signature } = transaction;
  if (signature === null) return { malformed: 'not signed' };
  // Of the two signatures (s and n - s) only the lower is valid: with the other, anyone could change the hash.
  const from = signature.isValid() ? transaction.from : null;
  const { type, chainId, to, value, data, nonce, gasLimit } = transaction;
  const rest = { bytes, hash: keccak256(bytes), chainId, from, to, value, data, nonce, gasLimit, signature };
  return { decoded: { ...rest, type: type ?? 0, ...feesOf(transaction) } };
}

function feesOf({ gasPrice, maxFeePerGas, maxPriorityFeePerGas }: Transaction) {
  const maxFee = maxFeePerGas ?? gasPrice ?? 0n;
  return { maxFeePerGas: maxFee, maxPriorityFeePerGas: maxPriorityFeePerGas ?? maxFee };
}
