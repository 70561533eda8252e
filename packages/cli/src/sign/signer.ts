import { Transaction } from 'ethers';
import type { OpenedKey } from './keystore.ts';
import type { SigningPayload } from './objection.ts';

/** Who signs for one address, checksummed; what it gives back is believed no more than anything else. */
export interface Signer {
  readonly address: string;
  readonly sign: (payload: SigningPayload) => Promise<string>;
}

/** Signs with a key that was opened from a keystore. */
export function keySigner({ address, key }: OpenedKey): Signer {
  return {
    address,
    sign: async ({ evm }) => {
      const transaction = Transaction.from(evm.unsignedTransaction);
      transaction.signature = key.sign(transaction.unsignedHash);
      return transaction.serialized;
    },
  };
}
