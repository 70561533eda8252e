import { hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCheckpoint } from '../note/checkpoint.ts';
import { cosign } from '../note/cosignature.ts';
import { keyOf, logKey, logSigner, witnessSigner } from '../note/keys.ts';
import { formatNote } from '../note/note.ts';
import { sigsumLog } from '../note/published.fixture.ts';
import { signNote } from '../note/sign-note.ts';
import { formatAddCheckpoint } from '../proof/add-checkpoint.ts';
import { flips, flipsOfProof } from '../proof/bit-changes.fixture.ts';
import { parseHash } from '../text/encodings.ts';
import { emptyRoot } from '../tree/hashes.ts';
import { leavesOf, obviousConsistency, obviousRoot } from '../tree/obvious-tree.fixture.ts';
import { decideAsWitness, type WitnessDecision, type WitnessedHead } from './decide-as-witness.ts';

const signer = logSigner('log.example/a', new Uint8Array(32).fill(7));
const LEAVES = leavesOf(300);
const ROOTS = LEAVES.map((_, at) => obviousRoot(LEAVES.slice(0, at)));
/** The log as it was until leaf 20, and otherwise after it. */
const FORKED = [...LEAVES.slice(0, 20), ...leavesOf(320).slice(20).toReversed()];
const sizes = fc.nat(LEAVES.length - 1);

interface Submission {
  readonly from: number;
  readonly to: number;
  readonly leaves?: readonly Uint8Array[];
  readonly by?: typeof signer;
}

function submit({ from, to, leaves = LEAVES, by = signer }: Submission): string {
  const root = obviousRoot(leaves.slice(0, to));
  const hashes = from === 0 || from > to ? [] : obviousConsistency(from, leaves.slice(0, to));
  return formatAddCheckpoint({ oldSize: from, hashes, checkpoint: noteOf(to, root, by) });
}

function noteOf(size: number, root: Uint8Array, by = signer): string {
  const text = formatCheckpoint({ origin: signer.name, size, root, extensions: ['previous 1'] });
  return formatNote({ text, signatures: [signNote(text, by)] });
}

function decide(body: string, last: WitnessedHead | null): WitnessDecision {
  return decideAsWitness(body, { logKeys: [keyOf(signer)], lastOf: () => last });
}

function headAt(size: number): WitnessedHead {
  return { size, root: ROOTS[size] ?? emptyRoot() };
}

describe('decideAsWitness', () => {
  it('cosigns every head that goes on from the last one, and says what is signed and kept', () => {
    fc.assert(
      fc.property(sizes, sizes, (one, other) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)];
        const signed = noteOf(to, headAt(to).root);
        const text = signed.slice(0, signed.indexOf('\n\n') + 1);
        const cosigned = { origin: signer.name, ...headAt(to), text, signed };
        expect(decide(submit({ from, to }), headAt(from))).toEqual({ cosign: cosigned });
      }),
    );
  });

  it('begins at size 0 with a log of which it has cosigned nothing', () => {
    expect(decide(submit({ from: 0, to: 5 }), null)).toHaveProperty('cosign.size', 5);
    expect(decide(submit({ from: 0, to: 0 }), null)).toHaveProperty('cosign.size', 0);
    expect(decide(submit({ from: 3, to: 5 }), null)).toEqual({ conflict: 'other_size', size: 0 });
    const checkpoint = noteOf(0, new Uint8Array(32));
    const body = formatAddCheckpoint({ oldSize: 0, hashes: [], checkpoint });
    expect(decide(body, null)).toEqual({ conflict: 'other_root', size: 0 });
  });

  it('cosigns the same checkpoint again, whose answer may have been lost', () => {
    expect(decide(submit({ from: 30, to: 30 }), headAt(30))).toHaveProperty('cosign.size', 30);
  });

  it('tells its size to a log that was rolled back, whatever size that goes on from', () => {
    fc.assert(
      fc.property(sizes, sizes, sizes, (one, other, last) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)];
        fc.pre(from !== last);
        expect(decide(submit({ from, to }), headAt(last))).toEqual({ conflict: 'other_size', size: last });
      }),
    );
  });

  it('refuses a log that became another one after its last head, shorter, as long, or longer', () => {
    for (const to of [21, 30, 31, 64, 299]) {
      expect(decide(submit({ from: 30, to, leaves: FORKED }), headAt(30))).toEqual(
        { 21: { refused: 'sizes_out_of_order' }, 30: { conflict: 'other_root', size: 30 } }[to] ?? {
          refused: 'wrong_proof',
        },
      );
    }
  });

  it('refuses every single-bit change of proof and root, and a hash too many or too few', () => {
    const proof = obviousConsistency(30, LEAVES.slice(0, 77));
    const checkpoint = noteOf(77, headAt(77).root);
    const wrong = [
      ...[...flipsOfProof(proof), proof.slice(1), [...proof, emptyRoot()]].map((hashes) => ({
        hashes,
        checkpoint,
      })),
      ...flips(headAt(77).root).map((root) => ({ hashes: proof, checkpoint: noteOf(77, root) })),
    ].map((request) => decide(formatAddCheckpoint({ oldSize: 30, ...request }), headAt(30)));
    expect(wrong.length).toBeGreaterThan(500);
    expect(
      wrong.filter((decision) => !('refused' in decision && decision.refused === 'wrong_proof')),
    ).toEqual([]);
  });

  it('wants no proof from size 0 and to the same size', () => {
    const [hashes, checkpoint] = [[emptyRoot()], noteOf(30, headAt(30).root)];
    const refused = { refused: 'wrong_proof' };
    expect(decide(formatAddCheckpoint({ oldSize: 0, hashes, checkpoint }), null)).toEqual(refused);
    expect(decide(formatAddCheckpoint({ oldSize: 30, hashes, checkpoint }), headAt(30))).toEqual(refused);
  });

  it('knows only the origins of its keys, and takes no signature but theirs', () => {
    const body = submit({ from: 0, to: 5 });
    const lastOf = () => null;
    expect(decideAsWitness(body, { logKeys: [], lastOf })).toEqual({ refused: 'unknown_origin' });
    const other = logSigner(signer.name, new Uint8Array(32).fill(9));
    const refused = { refused: 'not_signed_by_log' };
    expect(decide(submit({ from: 0, to: 5, by: other }), null)).toEqual(refused);
    const rotating = { logKeys: [keyOf(signer), keyOf(other)], lastOf };
    expect(decideAsWitness(submit({ from: 0, to: 5, by: other }), rotating)).toHaveProperty('cosign');
    expect(decideAsWitness(body.replace('\n5\n', '\n6\n'), rotating)).toEqual(refused);
  });

  it('passes over signatures of keys that it does not know', () => {
    const root = headAt(5).root;
    const text = formatCheckpoint({ origin: signer.name, size: 5, root, extensions: [] });
    const stranger = cosign(text, 1, witnessSigner('witness.example/w2', new Uint8Array(32)));
    const checkpoint = formatNote({ text, signatures: [stranger, signNote(text, signer)] });
    expect(decide(formatAddCheckpoint({ oldSize: 0, hashes: [], checkpoint }), null)).toHaveProperty(
      'cosign',
    );
  });

  it('takes the request of another program, and asks for the head of its own origin (published: FiloSottile/torchwood)', () => {
    const key = logKey(sigsumLog.origin, hexToBytes(sigsumLog.publicHex));
    const last = { size: 1, root: parseHash(sigsumLog.oldRoot) ?? emptyRoot() };
    const lastOf = (origin: string) => (origin === sigsumLog.origin ? last : null);
    const decision = decideAsWitness(sigsumLog.request, { logKeys: [keyOf(signer), key], lastOf });
    expect(decision).toHaveProperty('cosign.size', 3);
  });

  it.each([
    ['nothing', ''],
    ['no old size', submit({ from: 1, to: 5 }).replace('old 1\n', '')],
    ['an unsigned checkpoint', submit({ from: 1, to: 5 }).replace(/\n— .*\n/, '\n')],
    ['a checkpoint without a root', submit({ from: 1, to: 5 }).replace(/\n5\n.*\n/, '\n5\n')],
    ['line ends of another kind', submit({ from: 1, to: 5 }).replaceAll('\n', '\r\n')],
  ])('refuses %s as malformed', (_, body) => {
    expect(decide(body, null)).toEqual({ refused: 'malformed_request' });
  });

  it('never throws, and never cosigns a changed request', () => {
    const body = submit({ from: 30, to: 77 });
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, character) => {
        const changed = body.slice(0, at) + character + body.slice(at + 1);
        const isInSignerName = at >= body.indexOf('\u2014');
        fc.pre(changed !== body && !isInSignerName);
        expect(decide(changed, headAt(30))).not.toHaveProperty('cosign');
      }),
      { numRuns: 1_000 },
    );
  });
});
