import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { entryDigest } from './entry-digest.ts';

const hexOf = (digest: Uint8Array | null) => digest && bytesToHex(digest);
const ENTRY = { key: Buffer.from('key'), value: Buffer.from('value') };
const METADATA = { deleted: true, expiresAt: 1_700_000_000n, nonIndexable: true };
const NOTHING = { deleted: false, expiresAt: null, nonIndexable: false };

// The digests are what the server's own code (embedded/store of 1.11.1) gives for this entry.
describe('entryDigest', () => {
  it('is that of the server for both versions', () => {
    expect(hexOf(entryDigest(0, ENTRY, null))).toBe(
      '9fa8d89c4089e1e95269659bd81a1cd63a02fa218182d14a14af5773aeecdc5d',
    );
    expect(hexOf(entryDigest(1, ENTRY, null))).toBe(
      '7a07ebb6a87f4b5f098805a48fa898ee59b9a71deff7d8c09dccb84a504e7fbc',
    );
  });

  it('is that of the server for an entry with metadata', () => {
    expect(hexOf(entryDigest(1, ENTRY, METADATA))).toBe(
      '91298fbb44887e77a9d02622dd434c50868814c30eea4d007116c0fde632e51e',
    );
  });

  it('is none for metadata in a version that cannot hold them', () => {
    expect(entryDigest(0, ENTRY, METADATA)).toBeNull();
    expect(entryDigest(0, ENTRY, NOTHING)).toEqual(entryDigest(0, ENTRY, null));
  });

  it('does not let a byte move from the key to the value', () => {
    const moved = { key: Buffer.from('keyv'), value: Buffer.from('alue') };
    expect(entryDigest(1, moved, null)).not.toEqual(entryDigest(1, ENTRY, null));
  });
});
