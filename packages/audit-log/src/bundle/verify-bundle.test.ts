import { utf8ToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCheckpoint } from '../note/checkpoint.ts';
import { keyOf, logSigner, witnessSigner } from '../note/keys.ts';
import { formatNote, parseNote } from '../note/note.ts';
import { signNote } from '../note/sign-note.ts';
import { formatTlogProof } from '../proof/tlog-proof.ts';
import { obviousInclusion, obviousRoot } from '../tree/obvious-tree.fixture.ts';
import { otherValues } from './changed-json.fixture.ts';
import { logOf, SEEN_AT_SECONDS, witness } from './log.fixture.ts';
import type { Trust } from './trust.ts';
import type { BundleVerdict } from './verdict.ts';
import { verifyBundle, verifyBundleBytes } from './verify-bundle.ts';

const [tenant, other] = ['0f0e0d0c-0000-4000-8000-000000000001', '0f0e0d0c-0000-4000-8000-000000000002'];
const log = logOf(tenant, 7);
const otherLog = logOf(other, 7);
const wanted = { sequence: 17, size: 300, from: 200 };
const bundle = log.bundleOf(wanted);
const { consistency: _, ...withoutGrowth } = bundle;
const trust: Trust = { logKeys: [log.key], witnessKeys: [keyOf(witness)], since: log.noteOf(200) };
const keyAlone: Trust = { logKeys: [log.key], witnessKeys: [], since: null };

const reasonsIn = (verdict: BundleVerdict): string[] =>
  Object.values(verdict).flatMap((part: unknown) =>
    typeof part === 'object' && part !== null && 'rejected' in part ? [String(part.rejected)] : [],
  );
const reasonsFor = (value: unknown, by = trust) => reasonsIn(verifyBundle(value, by));

describe('verifyBundle', () => {
  it('tells of each part that it was proved, and by whom', () => {
    const verdict = verifyBundle({ ...bundle, immudb: { copy: 'waiting' } }, trust);
    expect(verdict).toMatchObject({
      isProved: true,
      bytes: { proved: { tenantId: tenant, sequence: 17, lengthBytes: 351 } },
      tree: { proved: { index: 16, size: 300 } },
      checkpoint: { proved: { origin: `test.example/audit/${tenant}`, keyId: log.key.keyId } },
      witnesses: {
        proved: { cosigned: [{ name: witness.name, timeSeconds: SEEN_AT_SECONDS }], silent: [] },
      },
      consistency: { proved: { from: 200, to: 300 } },
      immudb: { unproved: 'not_copied_yet' },
    });
  });

  it('tells of each part that nobody proved why', () => {
    expect(verifyBundle(withoutGrowth, keyAlone)).toMatchObject({
      isProved: true,
      witnesses: { unproved: 'no_witness_key' },
      consistency: { unproved: 'not_in_bundle' },
      immudb: { unproved: 'not_in_bundle' },
    });
    expect(verifyBundle(bundle, keyAlone)).toMatchObject({
      isProved: true,
      consistency: { unproved: 'no_older_checkpoint' },
    });
  });

  it.each([1, 2, 128, 255, 256, 257, 300])(
    'proves entry %i in every later tree, whatever the shape',
    (sequence) => {
      const sizes = [1, 2, 3, 128, 129, 256, 257, 299, 300].filter((size) => size >= sequence);
      for (const size of sizes) {
        for (const from of [1, 64, 65, size].filter((from) => from <= size)) {
          const by = { ...trust, since: log.noteOf(from) };
          expect(reasonsFor(log.bundleOf({ sequence, size, from }), by)).toEqual([]);
        }
      }
    },
  );

  it('refuses every bundle in which one value is another, is gone, or is new', () => {
    const changed = otherValues(bundle);
    expect(changed.length).toBeGreaterThan(150);
    for (const { value, where } of changed) {
      const verdict = verifyBundle(value, trust);
      expect({ where, isProved: verdict.isProved }).toEqual({ where, isProved: false });
      expect(reasonsIn(verdict)).not.toEqual([]);
    }
  });

  it('refuses it also by the key alone, but for what only witness or older checkpoint can tell', () => {
    const taken = otherValues(bundle).filter(({ value }) => verifyBundle(value, keyAlone).isProved);
    expect(taken.map(({ where }) => where)).toEqual(['/consistency gone']);
  });

  it('refuses a proof of which one character of one line is another, or one line is gone or doubled', () => {
    const lines = bundle.tlogProof.split('\n').slice(0, -1);
    const textOf = (changed: readonly string[]) => changed.map((line) => `${line}\n`).join('');
    const without = lines.map((_line, at) => textOf(lines.toSpliced(at, 1)));
    const doubled = lines.map((line, at) => textOf(lines.toSpliced(at, 0, line)));
    const swapped = lines
      .slice(1)
      .map((line, at) => textOf(lines.with(at, line).with(at + 1, lines[at] ?? '')));
    const chars = Array.from(bundle.tlogProof, (char, at) =>
      Array.from(bundle.tlogProof)
        .with(at, char === 'A' ? 'B' : 'A')
        .join(''),
    );
    const same = doubled.filter((text) => text === textOf(lines));
    const taken = [...without, ...doubled, ...swapped, ...chars].filter(
      (tlogProof) => verifyBundle({ ...bundle, tlogProof }, trust).isProved,
    );
    // Signatures that stand twice or in another order say nothing else.
    expect({ same, taken }).toEqual({ same: [], taken: [...doubled.slice(-2), swapped.at(-1)] });
  });

  it('refuses a bundle that ends anywhere before its end', () => {
    const bytes = utf8ToBytes(JSON.stringify(bundle));
    expect(verifyBundleBytes(bytes, trust).isProved).toBe(true);
    for (let length = 0; length < bytes.length; length += 1)
      expect(reasonsIn(verifyBundleBytes(bytes.subarray(0, length), trust))).toEqual(['malformed_json']);
    for (let length = 0; length < bundle.tlogProof.length; length += 1)
      expect(reasonsFor({ ...bundle, tlogProof: bundle.tlogProof.slice(0, length) })).not.toEqual([]);
  });
});

describe('a forged bundle', () => {
  it('with the checkpoint of another tenant is refused, whoever signed it', () => {
    const checkpoint = otherLog.noteOf(300);
    const forged = { ...bundle, tlogProof: log.proofOf(wanted, checkpoint) };
    expect(reasonsFor(forged)).toEqual(['other_origin']);
    expect(reasonsFor(forged, { ...trust, logKeys: [log.key, otherLog.key] })).toEqual(['other_tenant']);
  });

  it('with a whole bundle of another tenant is refused by the key of this one', () => {
    expect(reasonsFor(otherLog.bundleOf(wanted))).toEqual(['other_origin']);
  });

  it('with an entry of another tenant in a log that does hold it is refused', () => {
    const root = obviousRoot(otherLog.leaves);
    const text = formatCheckpoint({ origin: log.signer.name, size: 300, root, extensions: [] });
    const note = formatNote({ text, signatures: [signNote(text, log.signer)] });
    const mixed = { entry: otherLog.bundleOf(wanted).entry, tlogProof: otherLog.proofOf(wanted, note) };
    expect(reasonsFor(mixed, keyAlone)).toEqual(['other_tenant']);
  });

  it('with the path of a longer or a shorter tree is refused', () => {
    for (const size of [17, 32, 100, 256, 299]) {
      const path = log.proofOf({ ...wanted, size }, log.noteOf(300));
      const reasons = reasonsFor({ ...bundle, tlogProof: path });
      expect(['wrong_root', 'wrong_proof_length']).toEqual(expect.arrayContaining(reasons));
      expect(reasons).toHaveLength(1);
      const longer = log.proofOf({ ...wanted, size: 300 }, log.noteOf(size));
      expect(reasonsFor({ ...withoutGrowth, tlogProof: longer }, keyAlone)).toHaveLength(1);
    }
  });

  it('with another number than its place is refused, even when that is what was sealed', () => {
    const hashes = obviousInclusion(0, [log.leaves[16] ?? new Uint8Array()]);
    const root = obviousRoot(log.leaves.slice(16, 17));
    const text = formatCheckpoint({ origin: log.signer.name, size: 1, root, extensions: [] });
    const checkpoint = formatNote({ text, signatures: [signNote(text, log.signer)] });
    const tlogProof = formatTlogProof({ index: 0, hashes, checkpoint, extra: new Uint8Array() });
    expect(reasonsFor({ entry: bundle.entry, tlogProof }, keyAlone)).toEqual(['other_sequence']);
  });

  it('with bytes that nobody signed is refused: an extra line, a field of its own', () => {
    const tlogProof = bundle.tlogProof.replace('index', 'extra AAAA\nindex');
    expect(reasonsFor({ ...bundle, tlogProof })).toEqual(['unproved_extra']);
    expect(reasonsFor({ ...bundle, remark: 'paid' })).toEqual(['unknown_field']);
    expect(reasonsFor({ ...bundle, consistency: { ...bundle.consistency, note: 1 } })).toEqual([
      'malformed_consistency',
    ]);
  });

  it('signed by another key of the same name is refused', () => {
    const stranger = keyOf(logSigner(log.key.name, new Uint8Array(32).fill(9)));
    expect(reasonsFor(bundle, { ...keyAlone, logKeys: [stranger] })).toEqual(['no_known_signature']);
    expect(reasonsFor(bundle, { ...trust, logKeys: [stranger] })).toContain('not_signed_by_log');
    expect(reasonsFor(bundle, { ...trust, logKeys: [] })).toContain('no_log_key');
  });
});

describe('the keys of whoever checks', () => {
  const next = logSigner(log.key.name, new Uint8Array(32).fill(11));

  it('may be two while one is rotated, among those of other logs: one that signed is enough', () => {
    const logKeys = [otherLog.key, keyOf(next), log.key];
    expect(verifyBundle(bundle, { ...trust, logKeys })).toMatchObject({
      isProved: true,
      checkpoint: { proved: { keyId: log.key.keyId } },
    });
  });

  it('refuse together when one of them is said to have signed and did not', () => {
    const parsed = parseNote(log.noteOf(300));
    if (!('note' in parsed)) throw new Error('no note');
    const { text, signatures } = parsed.note;
    const wrong = { ...signNote(`${text}more\n`, next), bytes: new Uint8Array(64) };
    const tlogProof = log.proofOf(wanted, formatNote({ text, signatures: [...signatures, wrong] }));
    expect(reasonsFor({ ...bundle, tlogProof })).toEqual([]);
    expect(reasonsFor({ ...bundle, tlogProof }, { ...trust, logKeys: [log.key, keyOf(next)] })).toEqual([
      'wrong_signature',
    ]);
  });

  it('name witnesses that have not seen the tree; when none has, it is refused', () => {
    const unseen = keyOf(witnessSigner('witness.example/w2', new Uint8Array(32).fill(12)));
    expect(verifyBundle(bundle, { ...trust, witnessKeys: [unseen, keyOf(witness)] })).toMatchObject({
      isProved: true,
      witnesses: { proved: { cosigned: [{ name: witness.name }], silent: [unseen.name] } },
    });
    expect(reasonsFor(bundle, { ...trust, witnessKeys: [unseen] })).toEqual(['not_cosigned']);
  });
});

describe('an older checkpoint that was kept', () => {
  const since = (note: string) => ({ ...trust, since: note });

  it('is refused when it is of another size, another log, another key, or none', () => {
    expect(reasonsFor(bundle, since(log.noteOf(199)))).toEqual(['other_old_size']);
    expect(reasonsFor(bundle, since(otherLog.noteOf(200)))).toEqual(['older_checkpoint_refused']);
    expect(reasonsFor(bundle, since(logOf(tenant, 9).noteOf(200)))).toEqual(['older_checkpoint_refused']);
    expect(reasonsFor(bundle, since('kept'))).toEqual(['older_checkpoint_refused']);
    const both = { ...since(otherLog.noteOf(200)), logKeys: [log.key, otherLog.key] };
    expect(reasonsFor(bundle, both)).toEqual(['older_checkpoint_refused']);
  });

  it('catches a log that was rewritten and signed anew', () => {
    const forgedRoot = formatCheckpoint({
      origin: log.signer.name,
      size: 200,
      root: obviousRoot(log.leaves.slice(1, 201)),
      extensions: [],
    });
    const kept = formatNote({ text: forgedRoot, signatures: [signNote(forgedRoot, log.signer)] });
    expect(reasonsFor(bundle, since(kept))).toEqual(['wrong_old_root']);
    const sameSize = { ...trust, since: kept, witnessKeys: [] };
    expect(reasonsFor(log.bundleOf({ sequence: 17, size: 200, from: null }), sameSize)).toEqual([
      'wrong_new_root',
    ]);
  });

  it('wants a way from it to the new one, and none where both are the same', () => {
    expect(reasonsFor(withoutGrowth)).toEqual(['no_consistency']);
    expect(reasonsFor(withoutGrowth, since(log.noteOf(300)))).toEqual([]);
    const shorter = log.bundleOf({ sequence: 17, size: 100, from: null });
    expect(reasonsFor(shorter)).toEqual(['sizes_out_of_order']);
  });

  it('is not needed to see that a way does not lead to the new root', () => {
    const from = log.growthOf(201, 300);
    expect(reasonsFor({ ...bundle, consistency: { ...from, from: 200 } }, keyAlone)).not.toEqual([]);
    expect(reasonsFor({ ...bundle, consistency: { ...from, to: 299 } }, keyAlone)).toEqual([
      'other_new_size',
    ]);
    expect(reasonsFor({ ...bundle, consistency: { from: 301, to: 300, hashes: [] } }, keyAlone)).toEqual([
      'sizes_out_of_order',
    ]);
  });
});

describe('whatever is not a bundle', () => {
  it('is refused with a reason and never throws', () => {
    const anything = fc.anything({ withBigInt: true, withNullPrototype: true });
    fc.assert(
      fc.property(anything, anything, (one, two) => {
        const values = [one, { ...bundle, entry: one }, { ...bundle, tlogProof: one }];
        const growths = [
          { ...bundle, consistency: one },
          { ...bundle, consistency: { ...bundle.consistency, hashes: one, from: two } },
        ];
        for (const value of [...values, ...growths]) expect(reasonsFor(value)).not.toEqual([]);
      }),
    );
  });

  it('is refused as bytes too', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.json(), (bytes, json) => {
        expect(verifyBundleBytes(bytes, trust).isProved).toBe(false);
        expect(verifyBundleBytes(utf8ToBytes(json), trust).isProved).toBe(false);
      }),
    );
  });
});
