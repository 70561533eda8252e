import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { u16, u64 } from './bytes.ts';
import type { TxHeader } from './tx-header.ts';

/** A key of immudb's and its value. */
export interface LedgerEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** What immudb writes down beside a value; `expiresAt` in seconds, null for never. */
export interface EntryMetadata {
  readonly deleted: boolean;
  readonly expiresAt: bigint | null;
  readonly nonIndexable: boolean;
}

/** The digest of an entry in the layout of its transaction's version; null when that version cannot hold its metadata. */
export function entryDigest(
  version: TxHeader['version'],
  { key, value }: LedgerEntry,
  metadata: EntryMetadata | null,
): Uint8Array | null {
  const [storedKey, valueHash] = [concatBytes(PLAIN_KEY, key), sha256(concatBytes(PLAIN_VALUE, value))];
  const said = metadataBytes(metadata);
  if (version === 0) return said.length === 0 ? sha256(concatBytes(storedKey, valueHash)) : null;
  return sha256(concatBytes(u16(said.length), said, u16(storedKey.length), storedKey, valueHash));
}

// What kind of key and of value follows; the others are sorted sets, SQL rows and references.
const PLAIN_KEY = Uint8Array.of(0);
const PLAIN_VALUE = Uint8Array.of(0);

const DELETED = Uint8Array.of(0);
const EXPIRES_AT = Uint8Array.of(1);
const NON_INDEXABLE = Uint8Array.of(2);

function metadataBytes(metadata: EntryMetadata | null): Uint8Array {
  if (metadata === null) return new Uint8Array();
  const { deleted, expiresAt, nonIndexable } = metadata;
  return concatBytes(
    ...(deleted ? [DELETED] : []),
    ...(expiresAt === null ? [] : [EXPIRES_AT, u64(expiresAt)]),
    ...(nonIndexable ? [NON_INDEXABLE] : []),
  );
}
