import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { type TxHeader, txHash } from './tx-header.ts';

const HEADER: TxHeader = {
  id: 7n,
  prevAlh: Buffer.alloc(32, 1),
  ts: 1_700_000_000n,
  version: 1,
  metadata: null,
  nentries: 300,
  eH: Buffer.alloc(32, 2),
  blTxId: 5n,
  blRoot: Buffer.alloc(32, 3),
};
const hashOf = (change: Partial<TxHeader>) => bytesToHex(txHash({ ...HEADER, ...change }));
const metadata = { truncatedTxID: 4n, extra: Buffer.from('extra') };

// The hashes are what the server's own code (embedded/store of 1.11.1) gives for these headers.
describe('txHash', () => {
  it('is that of the server for version 1', () => {
    expect(hashOf({})).toBe('7e8743ae6da7f19583f97243edba55e37bb28d332efeba1b1ca8e3aa39b4c440');
  });

  it('is that of the server for version 0, whose entries are counted in 16 bits', () => {
    expect(hashOf({ version: 0 })).toBe('477f833319a2436a774a345c08f4b2cf8d320f942bc2138512974555e83953da');
  });

  it('is that of the server for a transaction with metadata', () => {
    expect(hashOf({ metadata })).toBe('cd0fe8c729963524803b88c98faa71b56eeb7435b51d24d73b275f930b3534ae');
  });

  it('is the same without metadata and with metadata that say nothing', () => {
    expect(hashOf({ metadata: { truncatedTxID: 0n, extra: Buffer.alloc(0) } })).toBe(hashOf({}));
  });

  it('changes with every field', () => {
    const other = Buffer.alloc(32, 9);
    const changes: Partial<TxHeader>[] = [
      { id: 8n },
      { prevAlh: other },
      { ts: 1n },
      { version: 0 },
      { metadata: { ...metadata, truncatedTxID: 0n } },
      { metadata: { ...metadata, extra: Buffer.alloc(0) } },
      { nentries: 301 },
      { eH: other },
      { blTxId: 6n },
      { blRoot: other },
    ];
    expect(new Set([hashOf({}), ...changes.map(hashOf)]).size).toBe(changes.length + 1);
  });
});
