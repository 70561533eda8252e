import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { u32, u64 } from './bytes.ts';
import type { TxPoint } from './tx-header.ts';

/** That a transaction is, or was, the newest of a database. */
export interface SignedState extends TxPoint {
  readonly database: string;
}

/** The bytes that a server of immudb's signs for a state. */
export function signedBytes({ database, id, hash }: SignedState): Uint8Array {
  const name = utf8ToBytes(database);
  return concatBytes(u32(name.length), name, u64(id), hash);
}
