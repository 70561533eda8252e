import { sha256, u16, u64 } from './hash.ts';
import type { TxHeader } from './tx-header.ts';

/** A key and its value. */
export interface KeyValue {
  readonly key: Buffer;
  readonly value: Buffer;
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
  { key, value }: KeyValue,
  metadata: EntryMetadata | null,
): Buffer | null {
  const [storedKey, valueHash] = [Buffer.concat([PLAIN_KEY, key]), sha256(PLAIN_VALUE, value)];
  const said = metadataBytes(metadata);
  if (version === 0) return said.length === 0 ? sha256(storedKey, valueHash) : null;
  return sha256(u16(said.length), said, u16(storedKey.length), storedKey, valueHash);
}

// What kind of key and of value follows; the others are sorted sets, SQL rows and references.
const PLAIN_KEY = Buffer.of(0);
const PLAIN_VALUE = Buffer.of(0);

const DELETED = Buffer.of(0);
const EXPIRES_AT = Buffer.of(1);
const NON_INDEXABLE = Buffer.of(2);

function metadataBytes(metadata: EntryMetadata | null): Buffer {
  if (metadata === null) return Buffer.alloc(0);
  const { deleted, expiresAt, nonIndexable } = metadata;
  return Buffer.concat([
    ...(deleted ? [DELETED] : []),
    ...(expiresAt === null ? [] : [EXPIRES_AT, u64(expiresAt)]),
    ...(nonIndexable ? [NON_INDEXABLE] : []),
  ]);
}
