import type { Decoding } from '@ironforge/chain-core';
import { keccak256, type Signature } from 'ethers/crypto';
import { Transaction } from 'ethers/transaction';
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

/** A signed transaction without its sender, which takes milliseconds to recover. */
export type EvmTransaction = Omit<EvmSigned, 'from'>;

/** Takes signed bytes apart; what is no signed transaction at all comes back as `malformed`. */
export function decodeSigned(bytes: string): Decoding<EvmSigned> {
  return decode(bytes, (transaction, decoded) => ({ ...decoded, from: senderOf(transaction, decoded) }));
}

/** The same for whoever knows the sender. */
export function decodeTransaction(bytes: string): Decoding<EvmTransaction> {
  return decode(bytes, (_, decoded) => decoded);
}

function decode<T>(
  bytes: string,
  finish: (transaction: Transaction, decoded: EvmTransaction) => T,
): Decoding<T> {
  if (!HEX_BYTES.test(bytes)) return { malformed: 'not bytes in hex' };
  try {
    const lowerCase = bytes.toLowerCase();
    const transaction = Transaction.from(lowerCase);
    const decoded = read(transaction, lowerCase);
    return decoded === null ? { malformed: 'not signed' } : { decoded: finish(transaction, decoded) };
  } catch {
    // ethers throws for everything it cannot read; its texts name insides that help nobody.
    return { malformed: 'not a signed transaction' };
  }
}

// Of the two signatures (s and n - s) only the lower is valid: with the other, anyone could change the hash.
function senderOf(transaction: Transaction, { signature }: EvmTransaction): string | null {
  return signature.isValid() ? transaction.from : null;
}

function read(transaction: Transaction, bytes: string): EvmTransaction | null {
  const { signature, type, chainId, to, value, data, nonce, gasLimit } = transaction;
  if (signature === null) return null;
  const rest = { bytes, hash: keccak256(bytes), chainId, to, value, data, nonce, gasLimit, signature };
  return { ...rest, type: type ?? 0, ...feesOf(transaction) };
}

function feesOf({ gasPrice, maxFeePerGas, maxPriorityFeePerGas }: Transaction) {
  const maxFee = maxFeePerGas ?? gasPrice ?? 0n;
  return { maxFeePerGas: maxFee, maxPriorityFeePerGas: maxPriorityFeePerGas ?? maxFee };
}
