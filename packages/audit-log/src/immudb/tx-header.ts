import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { u16, u32, u64 } from './bytes.ts';

/** What immudb writes down of a transaction; hashes are of 32 bytes, `ts` is in seconds. */
export interface TxHeader {
  readonly id: bigint;
  /** The hash of the transaction before, with which it holds all of history. */
  readonly prevAlh: Uint8Array;
  readonly ts: bigint;
  readonly version: 0 | 1;
  readonly metadata: TxMetadata | null;
  readonly nentries: number;
  /** Root of the tree over its entries. */
  readonly eH: Uint8Array;
  /** How many transactions are in the tree over all of them; that tree may lag behind. */
  readonly blTxId: bigint;
  readonly blRoot: Uint8Array;
}

/** What a transaction says of itself: up to where values were cut away (0 for nowhere), and bytes of the server's. */
export interface TxMetadata {
  readonly truncatedTxID: bigint;
  readonly extra: Uint8Array;
}

/** A transaction by its number and hash. */
export interface TxPoint {
  readonly id: bigint;
  readonly hash: Uint8Array;
}

/** The hash of a transaction, which stands for it and for everything before it ("accumulative linear hash"). */
export function txHash(header: TxHeader): Uint8Array {
  return linkedHash(header.prevAlh, header.id, innerHash(header));
}

/** The hash of a transaction from the hash before it, its number, and the hash of what is its own. */
export function linkedHash(previous: Uint8Array, id: bigint, inner: Uint8Array): Uint8Array {
  return sha256(concatBytes(u64(id), previous, inner));
}

/** The hash of what is a transaction's own, in the layout of its version. */
export function innerHash(header: TxHeader): Uint8Array {
  const { ts, version, eH, blTxId, blRoot } = header;
  const own = LAYOUT[version](header);
  return sha256(concatBytes(u64(ts), u16(version), own, eH, u64(blTxId), blRoot));
}

const LAYOUT: Record<TxHeader['version'], (header: TxHeader) => Uint8Array> = {
  0: ({ nentries }) => u16(nentries),
  1: ({ metadata, nentries }) => {
    const bytes = metadataBytes(metadata);
    return concatBytes(u16(bytes.length), bytes, u32(nentries));
  },
};

const TRUNCATED_UP_TO = Uint8Array.of(0);
const EXTRA = Uint8Array.of(1);

function metadataBytes(metadata: TxMetadata | null): Uint8Array {
  if (metadata === null) return new Uint8Array();
  const { truncatedTxID, extra } = metadata;
  return concatBytes(
    ...(truncatedTxID === 0n ? [] : [TRUNCATED_UP_TO, u64(truncatedTxID)]),
    ...(extra.length === 0 ? [] : [EXTRA, u16(extra.length), extra]),
  );
}
