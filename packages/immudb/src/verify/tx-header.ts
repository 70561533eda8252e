import { sha256, u16, u32, u64 } from './hash.ts';

/** What immudb writes down of a transaction; hashes are of 32 bytes, `ts` is in seconds. */
export interface TxHeader {
  readonly id: bigint;
  /** The hash of the transaction before, with which it holds all of history. */
  readonly prevAlh: Buffer;
  readonly ts: bigint;
  readonly version: 0 | 1;
  readonly metadata: TxMetadata | null;
  readonly nentries: number;
  /** Root of the tree over its entries. */
  readonly eH: Buffer;
  /** How many transactions are in the tree over all of them; that tree may lag behind. */
  readonly blTxId: bigint;
  readonly blRoot: Buffer;
}

/** What a transaction says of itself: up to where values were cut away (0 for nowhere), and bytes of the server's. */
export interface TxMetadata {
  readonly truncatedTxID: bigint;
  readonly extra: Buffer;
}

/** The hash of a transaction, which stands for it and for everything before it ("accumulative linear hash"). */
export function txHash(header: TxHeader): Buffer {
  return linkedHash(header.prevAlh, header.id, innerHash(header));
}

/** The hash of a transaction from the hash before it, its number, and the hash of what is its own. */
export function linkedHash(previous: Buffer, id: bigint, inner: Buffer): Buffer {
  return sha256(u64(id), previous, inner);
}

/** The hash of what is a transaction's own, in the layout of its version. */
export function innerHash(header: TxHeader): Buffer {
  const { ts, version, eH, blTxId, blRoot } = header;
  return sha256(u64(ts), u16(version), LAYOUT[version](header), eH, u64(blTxId), blRoot);
}

const LAYOUT: Record<TxHeader['version'], (header: TxHeader) => Buffer> = {
  0: ({ nentries }) => u16(nentries),
  1: ({ metadata, nentries }) => {
    const bytes = metadataBytes(metadata);
    return Buffer.concat([u16(bytes.length), bytes, u32(nentries)]);
  },
};

const TRUNCATED_UP_TO = Buffer.of(0);
const EXTRA = Buffer.of(1);

function metadataBytes(metadata: TxMetadata | null): Buffer {
  if (metadata === null) return Buffer.alloc(0);
  const { truncatedTxID, extra } = metadata;
  return Buffer.concat([
    ...(truncatedTxID === 0n ? [] : [TRUNCATED_UP_TO, u64(truncatedTxID)]),
    ...(extra.length === 0 ? [] : [EXTRA, u16(extra.length), extra]),
  ]);
}
