import { present } from '@ironforge/kernel';
import { bytesToHex } from '@noble/hashes/utils.js';
import { expect, it } from 'vitest';
import { keyOf, witnessSigner } from '../note/keys.ts';
import { formatBase64 } from '../text/encodings.ts';
import { obviousRoot } from '../tree/obvious-tree.fixture.ts';
import { logOf, witness } from './log.fixture.ts';
import { tellBundle } from './tell-bundle.ts';
import type { Trust } from './trust.ts';
import { verifyBundle } from './verify-bundle.ts';

const log = logOf('tenant', 7);
const bundle = log.bundleOf({ sequence: 17, size: 300, from: 200 });
const keyAlone: Trust = { logKeys: [log.key], witnessKeys: [], since: null };
const told = (value: unknown, trust: Trust) => {
  const { parts, sentence } = tellBundle(verifyBundle(value, trust));
  return [...parts.map(({ name, state, text }) => `${name}: ${state}: ${text}`), sentence];
};

it('says what was proved, by whom and when', () => {
  const silent = keyOf(witnessSigner('witness.example/w2', new Uint8Array(32).fill(9)));
  const witnessKeys = [keyOf(witness), silent];
  const leaf = bytesToHex(present(log.leaves[16], 'leaf'));
  const root = formatBase64(obviousRoot(log.leaves));
  expect(told(bundle, { ...keyAlone, witnessKeys, since: log.noteOf(200) })).toEqual([
    `bytes: proved: entry 17 of tenant tenant: 321 bytes, leaf hash ${leaf}`,
    `tree: proved: the hashes lead from leaf 16 to the root of 300 leaves, ${root}`,
    `checkpoint: proved: signed by the log test.example/audit/tenant, key ${log.key.keyId}`,
    'witnesses: proved: cosigned by witness.example/w1 at 2025-11-24T16:00:00.000Z; not by witness.example/w2',
    'consistency: proved: the first 200 of 300 leaves are those of the older checkpoint',
    'immudb: not proved: not part of the bundle',
    'Proved: the entry is in the log, at its place and as it was sealed. Not proved: immudb.',
  ]);
});

const named = { copy: 'immudb', database: 'ledger', key: 'x', txId: 5, txHash: '0'.repeat(64) };

it('says what nobody proved, and why', () => {
  expect(told({ ...bundle, immudb: named }, keyAlone).slice(3)).toEqual([
    'witnesses: not proved: no key of a witness was given',
    'consistency: not proved: no older checkpoint was given; without one nobody vouches for the older root',
    'immudb: not proved: the installation names a transaction of immudb, and shows no proof: immudb was away',
    'Proved: the entry is in the log, at its place and as it was sealed. Not proved: witnesses, consistency, immudb.',
  ]);
});

it.each([
  ['none', 'the installation says that it has no immudb: the SQL ledger alone'],
  ['waiting', 'the installation says that the entry was not copied to immudb yet'],
])('repeats what an installation says of its second copy, and that nobody proved it: %s', (copy, text) => {
  expect(told({ ...bundle, immudb: { copy } }, keyAlone)[5]).toBe(`immudb: not proved: ${text}`);
});

it('says what was refused, and that what stands on it was not looked at', () => {
  const forged = { ...bundle, entry: { ...bundle.entry, status: 'failure' } };
  expect(told(forged, keyAlone).slice(0, 2)).toEqual([
    'bytes: not proved: not looked at, since what it stands on does not hold',
    'tree: refused: entry and path do not lead to the root that was signed: one of them is not what was sealed',
  ]);
  expect(told({ ...forged, more: 1 }, keyAlone).at(-1)).toBe(
    'Refused: bytes. This bundle does not prove what it is to prove.',
  );
});

it('tells a time beyond the calendar in seconds', () => {
  const verdict = verifyBundle(bundle, { ...keyAlone, witnessKeys: [keyOf(witness)] });
  const cosigned = [{ name: 'w', timeSeconds: Number.MAX_SAFE_INTEGER }];
  const { parts } = tellBundle({ ...verdict, witnesses: { proved: { cosigned, silent: [] } } });
  expect(parts[3]?.text).toBe('cosigned by w at 9007199254740991 s after 1970');
});

it('says which server signed the state that holds the copy', () => {
  const verdict = verifyBundle(bundle, keyAlone);
  const proved = { serverKeyId: '0a1b2c3d', database: 'ledger', txId: 5, txHash: '0'.repeat(64) };
  const { parts } = tellBundle({ ...verdict, immudb: { proved } });
  expect(parts[5]?.text).toBe(
    'in transaction 5 of database ledger, whose state the server with key 0a1b2c3d signed',
  );
});
