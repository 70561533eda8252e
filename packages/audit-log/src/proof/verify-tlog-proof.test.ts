import { present } from '@ironforge/kernel';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCheckpoint } from '../note/checkpoint.ts';
import { cosign } from '../note/cosignature.ts';
import { keyOf, logSigner, witnessSigner } from '../note/keys.ts';
import { formatNote } from '../note/note.ts';
import { signNote } from '../note/sign-note.ts';
import { leafHash } from '../tree/hashes.ts';
import { obviousInclusion, obviousRoot } from '../tree/obvious-tree.fixture.ts';
import { flips } from './bit-changes.fixture.ts';
import { formatTlogProof, parseTlogProof, type TlogProof } from './tlog-proof.ts';
import { verifyTlogProof } from './verify-tlog-proof.ts';

const log = logSigner('example.com/log', new Uint8Array(32).fill(7));
const witness = witnessSigner('witness.example/w1', new Uint8Array(32).fill(8));
const logKey = keyOf(log);
const witnessKeys = [keyOf(witness)];
const entries = ['a', 'b', 'c', 'd', 'e'].map(utf8ToBytes);
const leaves = entries.map(leafHash);

const head = { origin: log.name, size: entries.length, root: obviousRoot(leaves), extensions: [] };
const headText = formatCheckpoint(head);
const signatures = [signNote(headText, log), cosign(headText, 1_764_000_000, witness)];
const checkpoint = formatNote({ text: headText, signatures });

function proofOf(index: number, extra = new Uint8Array()): TlogProof {
  return { index, hashes: obviousInclusion(index, leaves), checkpoint, extra };
}

function verdictOf(text: string, index = 2) {
  return verifyTlogProof({ text, entry: present(entries[index], 'entry'), logKey, witnessKeys });
}

const text = formatTlogProof(proofOf(2));

describe('verifyTlogProof', () => {
  it.each([0, 1, 2, 3, 4])('tells what was proved of entry %i, and by whom', (index) => {
    const extra = utf8ToBytes('seen in passing');
    expect(verdictOf(formatTlogProof(proofOf(index, extra)), index)).toEqual({
      proved: {
        index,
        leafHash: leaves[index],
        checkpoint: head,
        cosigned: [{ witness: keyOf(witness), timeSeconds: 1_764_000_000 }],
        unprovedExtra: extra,
      },
    });
  });

  it('proves no other entry, and none at another place', () => {
    expect(verdictOf(text, 3)).toEqual({ rejected: 'wrong_root' });
    expect(verdictOf(text.replace('index 2', 'index 3'))).toEqual({ rejected: 'wrong_root' });
    expect(verdictOf(text.replace('index 2', 'index 5'))).toEqual({ rejected: 'index_out_of_range' });
  });

  it('refuses the word of a log or a witness that is not the one whose key is at hand', () => {
    const stranger = keyOf(logSigner(log.name, new Uint8Array(32).fill(9)));
    const entry = present(entries[2], 'entry');
    expect(verifyTlogProof({ text, entry, logKey: stranger, witnessKeys })).toEqual({
      rejected: 'not_signed_by_log',
    });
    expect(verifyTlogProof({ text, entry, logKey, witnessKeys: [] })).toMatchObject({
      proved: { cosigned: [] },
    });
    const otherLog = keyOf(logSigner('example.com/other', log.seed));
    expect(verifyTlogProof({ text, entry, logKey: otherLog, witnessKeys })).toEqual({
      rejected: 'other_origin',
    });
  });

  it('refuses every single-bit change; one of the name or key id of a witness makes that witness unknown', () => {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const decoded = (bytes: Uint8Array): string[] => {
      try {
        return [decoder.decode(bytes)];
      } catch {
        return [];
      }
    };
    const verdicts = flips(utf8ToBytes(text))
      .flatMap(decoded)
      .map((changed) => ({ changed, ...verdictOf(changed) }));
    const proved = verdicts.flatMap((verdict) => ('proved' in verdict ? [verdict] : []));
    expect(verdicts.length).toBeGreaterThan(3_000);
    expect(proved.filter(({ proved: { cosigned } }) => cosigned.length > 0)).toEqual([]);
    const untilWitness = text.slice(0, text.lastIndexOf('—'));
    expect(proved.filter(({ changed }) => !changed.startsWith(untilWitness))).toEqual([]);
  });

  it('refuses every beginning of the text but the one that lacks the whole line of the witness', () => {
    const beginnings = Array.from(text, (_, length) => text.slice(0, length));
    const taken = beginnings.filter((beginning) => 'proved' in verdictOf(beginning));
    expect(taken).toEqual([text.slice(0, text.lastIndexOf('—'))]);
  });

  it('neither throws on any text nor takes one', () => {
    const anything = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(anything, anything, fc.nat(text.length), (one, other, at) => {
        const texts = [
          one,
          `c2sp.org/tlog-proof@v1\n${one}\n\n${other}`,
          `c2sp.org/tlog-proof@v1\nindex 2\n${one}\n\n${checkpoint}`,
          `c2sp.org/tlog-proof@v1\nextra ${one}\n${text.slice(text.indexOf('index'))}${other}x`,
          `${text.slice(0, at)}${one}\u0000${text.slice(at)}`,
        ];
        expect(texts.filter((changed) => 'proved' in verdictOf(changed))).toEqual([]);
      }),
    );
  });
});

describe('the text of a proof', () => {
  it('is what C2SP tlog-proof shows', () => {
    const lines = formatTlogProof(proofOf(4, utf8ToBytes('extra'))).split('\n');
    expect(lines.slice(0, 3)).toEqual(['c2sp.org/tlog-proof@v1', 'extra ZXh0cmE=', 'index 4']);
    expect(lines[3]).toHaveLength(44);
    expect(lines.slice(4, 7)).toEqual(['', 'example.com/log', '5']);
  });

  it('gives back what was written', () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const proofs = fc.record({
      index: fc.maxSafeNat(),
      hashes: fc.array(hash, { maxLength: 63 }),
      checkpoint: fc.constant(checkpoint),
      extra: fc.uint8Array({ maxLength: 40 }),
    });
    fc.assert(
      fc.property(proofs, (proof) => {
        expect(parseTlogProof(formatTlogProof(proof))).toEqual({ proof });
      }),
    );
  });

  const [hashLine = ''] = text.split('\n').slice(2);
  it.each([
    ['another version', text.replace('@v1', '@v2'), 'other_format'],
    ['a carriage return', text.replace('@v1', '@v1\r'), 'other_format'],
    ['something before it', `\n${text}`, 'other_format'],
    ['no checkpoint', text.slice(0, text.indexOf('\n\n')), 'no_checkpoint'],
    ['an empty extra line', text.replace('index', 'extra \nindex'), 'malformed_extra'],
    ['an extra line that is no base64', text.replace('index', 'extra !!\nindex'), 'malformed_extra'],
    [
      'the extra line of the example of C2SP, which is cut',
      text.replace('index', 'extra YWdlL\nindex'),
      'malformed_extra',
    ],
    ['two extra lines', text.replace('index', 'extra AA==\nextra AA==\nindex'), 'malformed_index'],
    ['an extra line behind the index', text.replace('index 2', 'index 2\nextra AA=='), 'malformed_hash_line'],
    ['no index', text.replace('index 2\n', ''), 'malformed_index'],
    ['a leading zero', text.replace('index 2', 'index 02'), 'malformed_index'],
    ['an index below 0', text.replace('index 2', 'index -2'), 'malformed_index'],
    ['an index of 2^53', text.replace('index 2', 'index 9007199254740992'), 'malformed_index'],
    ['a hash of 64 bytes', text.replace(hashLine, `${'A'.repeat(86)}==`), 'malformed_hash_line'],
    ['a hash that is no base64', text.replace(hashLine, '!!notbase64!!'), 'malformed_hash_line'],
    [
      '64 hashes',
      text.replace(hashLine, Array.from({ length: 64 }, () => hashLine).join('\n')),
      'too_many_hashes',
    ],
  ])('is refused with %s', (_, changed, flaw) => {
    expect(parseTlogProof(changed)).toEqual({ rejected: flaw });
  });

  it('is not made of what could not be read: that is a bug of the caller', () => {
    const proof = proofOf(2);
    expect(() => formatTlogProof({ ...proof, index: -1 })).toThrow('an index');
    expect(() => formatTlogProof({ ...proof, hashes: [new Uint8Array(31)] })).toThrow('63 hashes');
    expect(() => formatTlogProof({ ...proof, checkpoint: headText })).toThrow('signed note');
  });
});
