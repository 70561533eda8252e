import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import { describe, expect, it } from 'vitest';
import { playedServer } from '../immudb/played-server.fixture.ts';
import { parseServerKeys } from '../immudb/server-key.ts';
import { leafHash } from '../tree/hashes.ts';
import { otherValues } from './changed-json.fixture.ts';
import { logOf } from './log.fixture.ts';
import type { Trust } from './trust.ts';
import { verifyBundle } from './verify-bundle.ts';

const tenantId = '0f0e0d0c-0000-4000-8000-000000000001';
const log = logOf(tenantId, 7);
const server = playedServer(5);
const keysIn = (pem: string) => {
  const parsed = parseServerKeys(pem);
  return 'keys' in parsed ? parsed.keys : [];
};
const wanted = { sequence: 17, size: 300, from: null };
const plain = log.bundleOf(wanted);
const textOf = (entry: object) => utf8ToBytes(canonicalize(entry) ?? '');
const encrypted = (entry: object) =>
  concatBytes(leafHash(textOf(entry)), utf8ToBytes('a cipher and its tag'));
const copyWith = (value: Uint8Array, sequence = 17) => server.copyOf({ tenantId, sequence, value });
const bundle = { ...plain, immudb: copyWith(encrypted(plain.entry)) };
const keyAlone: Trust = { logKeys: [log.key], witnessKeys: [], since: null };
const trust: Trust = { ...keyAlone, immudbKeys: keysIn(server.pem) };

const copyPart = (value: unknown, by = trust) => verifyBundle(value, by).immudb;

describe('the copy in a bundle', () => {
  it('is proved by the key of its server', () => {
    const verdict = verifyBundle(bundle, trust);
    const { database, txId, txHash } = bundle.immudb;
    const serverKeyId = trust.immudbKeys?.[0]?.keyId;
    expect(verdict).toMatchObject({
      isProved: true,
      immudb: { proved: { serverKeyId, database, txId, txHash } },
    });
  });

  it('is as well proved when it is the leaf hash alone, or the text of an older release', () => {
    for (const value of [leafHash(textOf(plain.entry)), textOf(plain.entry)])
      expect(copyPart({ ...plain, immudb: copyWith(value) })).toHaveProperty('proved');
  });

  it('is not proved without a key, and the rest of the bundle is', () => {
    const verdict = verifyBundle(bundle, keyAlone);
    expect([verdict.isProved, verdict.immudb]).toEqual([true, { unproved: 'no_server_key' }]);
  });

  it.each([
    ['none', { copy: 'none' }, 'no_second_copy'],
    ['waiting', { copy: 'waiting' }, 'not_copied_yet'],
    ['named alone', { ...bundle.immudb, proof: undefined }, 'no_immudb_proof'],
  ])('that is %s is not proved, and refused where it must be', (_what, immudb, unproved) => {
    const told: unknown = JSON.parse(JSON.stringify({ ...plain, immudb }));
    expect(verifyBundle(told, keyAlone)).toMatchObject({ isProved: true, immudb: { unproved } });
    expect(verifyBundle(told, trust)).toMatchObject({
      isProved: false,
      immudb: { rejected: 'no_immudb_proof' },
    });
  });

  it('is refused when one value is another, is gone, or is new', () => {
    const changed = otherValues(bundle).filter(({ where }) => where.startsWith('/immudb'));
    expect(changed.length).toBeGreaterThan(200);
    for (const { value, where } of changed)
      expect({ where, isProved: verifyBundle(value, trust).isProved }).toEqual({ where, isProved: false });
  });

  it('is refused by its form and its hashes even without a key, but for the signature', () => {
    const changed = otherValues(bundle).filter(({ where }) => where.startsWith('/immudb/'));
    const taken = changed.filter(({ value }) => verifyBundle(value, keyAlone).isProved);
    const places = new Set(taken.map(({ where }) => where.split(' ')[0]));
    expect([...places]).toEqual(expect.arrayContaining(['/immudb/database']));
    for (const place of places)
      expect(['/immudb/database', '/immudb/proof/signature', '/immudb/proof', '/immudb']).toContain(place);
  });

  it.each([
    [
      'another entry',
      copyWith(encrypted(log.bundleOf({ ...wanted, sequence: 18 }).entry), 18),
      'other_immudb_key',
    ],
    ['another value', copyWith(encrypted({ sequence: 17 })), 'other_immudb_value'],
    [
      'another server',
      playedServer(6).copyOf({ tenantId, sequence: 17, value: encrypted(plain.entry) }),
      'not_signed_by_server',
    ],
  ])('of %s is refused', (_what, immudb, rejected) => {
    expect(copyPart({ ...plain, immudb })).toEqual({ rejected });
  });

  it('is not looked at where the entry is not proved', () => {
    const forged = { ...bundle, entry: { ...bundle.entry, status: 'failure' } };
    expect(copyPart(forged)).toEqual({ unproved: 'stands_on_refused' });
  });
});
