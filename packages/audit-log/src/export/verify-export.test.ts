import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { logOf, witness } from '../bundle/log.fixture.ts';
import { keyOf } from '../note/keys.ts';
import { exportOf, judged, type Wish } from './export.fixture.ts';
import { EXPORT_FORMATS } from './export-text.ts';
import { tellExport } from './tell-export.ts';
import type { ExportPart, ExportVerdict } from './verdict.ts';

const ours = logOf('tenant-a', 7);
const theirs = logOf('tenant-b', 7);
const imitated = logOf('tenant-a', 9);
const trust = { logKeys: [ours.key, theirs.key], witnessKeys: [], since: null };

/** Of each part what became of it, in one word or by its reason. */
function said({ isProved, ...parts }: ExportVerdict): Readonly<Record<string, string | boolean>> {
  const words = Object.entries(parts).map(([name, part]) => [name, wordOf(part)] as const);
  return { isProved, ...Object.fromEntries(words) };
}

function wordOf(part: ExportPart<unknown>): string {
  if ('proved' in part) return 'proved';
  return 'rejected' in part ? part.rejected : part.unproved;
}

describe.each(EXPORT_FORMATS)('an export as %s', (format) => {
  const wish: Wish = { format, first: 5, last: 30, size: 40 };
  const { file, lines, proof } = exportOf(ours, wish);
  const head = file.slice(0, file.indexOf(lines[0] ?? ''));

  it.each([1, 7, 50, 1_000_000])('is proved whole, whatever pieces it comes in (%i bytes)', (pieceBytes) => {
    expect(said(judged(file, proof, { trust, pieceBytes }))).toEqual({
      isProved: true,
      manifest: 'proved',
      file: 'proved',
      lines: 'proved',
      checkpoint: 'proved',
      tree: 'proved',
      witnesses: 'no_witness_key',
    });
  });

  it('is refused with any byte changed', () => {
    const short = exportOf(ours, { ...wish, last: 5 });
    const chars = short.file.split('');
    for (const at of chars.keys()) {
      const changed = chars.with(at, chars[at] === 'x' ? 'y' : 'x').join('');
      const verdict = judged(changed, short.proof, { trust, pieceBytes: 4_096 });
      expect(verdict).toMatchObject({ isProved: false, file: { rejected: 'other_bytes' } });
    }
  });

  it('is refused when it is cut anywhere, or goes on', () => {
    for (let length = 0; length < file.length; length += 131) {
      const verdict = judged(file.slice(0, length), proof, { trust, pieceBytes: 4_096 });
      expect(verdict).toMatchObject({ isProved: false, file: { rejected: 'other_bytes' } });
    }
    expect(judged(`${file}\n`, proof, { trust }).isProved).toBe(false);
  });

  it.each(['removed', 'put in', 'told twice', 'swapped'])('is refused with a line %s', (what) => {
    for (const at of lines.keys()) {
      const pair = lines.slice(at, at + 2);
      const forged = {
        removed: lines.toSpliced(at, 1),
        'put in': lines.toSpliced(at, 0, exportOf(ours, { ...wish, first: 35, last: 35 }).lines[0] ?? ''),
        'told twice': lines.toSpliced(at, 0, ...pair.slice(0, 1)),
        swapped: lines.toSpliced(at, 2, ...pair.toReversed()),
      }[what];
      if (what === 'swapped' && pair.length === 1) continue;
      const verdict = judged(`${head}${forged?.join('')}`, proof, { trust, pieceBytes: 4_096 });
      expect(verdict.isProved).toBe(false);
      expect(verdict.file).toEqual({ rejected: 'other_bytes' });
      expect('rejected' in verdict.lines).toBe(true);
    }
  });

  it('is refused with the manifest of another export, another tenant or another key', () => {
    const shorter = exportOf(ours, { ...wish, last: 29 });
    expect(said(judged(file, shorter.proof, { trust }))).toMatchObject({
      isProved: false,
      file: 'other_bytes',
      lines: 'other_number',
    });
    const foreign = exportOf(theirs, wish);
    expect(said(judged(file, foreign.proof, { trust }))).toMatchObject({ lines: 'other_tenant' });
    const imitation = exportOf(imitated, wish);
    expect(said(judged(file, imitation.proof, { trust }))).toMatchObject({
      isProved: false,
      manifest: 'no_known_signature',
    });
    expect(said(judged(file, foreign.proof, { trust: { ...trust, logKeys: [ours.key] } }))).toMatchObject({
      manifest: 'other_origin',
    });
  });

  it('is refused with another checkpoint, or other hashes beside its entries', () => {
    const at = (size: number) => exportOf(ours, { ...wish, size }).proof;
    expect(said(judged(file, { ...proof, checkpoint: ours.noteOf(41) }, { trust }))).toMatchObject({
      isProved: false,
      checkpoint: 'other_checkpoint',
    });
    const forged: [object, string][] = [
      [{ ...proof, range: at(90).range }, 'wrong_proof_length'],
      [
        { ...proof, range: { left: proof.range?.left, right: proof.range?.right.toReversed() } },
        'wrong_root',
      ],
      [{ manifest: proof.manifest, checkpoint: proof.checkpoint }, 'no_range'],
    ];
    for (const [other, flaw] of forged)
      expect(said(judged(file, other, { trust }))).toMatchObject({ isProved: false, tree: flaw });
  });
});

describe('a log that says by its own key what is not so', () => {
  const wish: Wish = { format: 'jsonl', first: 5, last: 30, size: 40 };

  it('cannot leave out an entry of a whole export: the tree tells', () => {
    const { texts } = ours;
    const bent = {
      ...ours,
      texts: texts.with(9, (texts[9] ?? '').replace('wallet_updated', 'wallet_archived')),
    };
    const { file, proof } = exportOf(bent, wish);
    expect(said(judged(file, proof, { trust }))).toMatchObject({
      isProved: false,
      file: 'proved',
      lines: 'proved',
      tree: 'wrong_root',
    });
  });

  it('cannot say of a shorter range that it is the longer one', () => {
    const { file, proof } = exportOf(ours, { ...wish, said: { last: 31 } });
    expect(said(judged(file, proof, { trust }))).toMatchObject({
      isProved: false,
      manifest: 'malformed_statement',
    });
    const longer = exportOf(ours, { ...wish, said: { last: 31, entries: 27 } });
    expect(said(judged(longer.file, longer.proof, { trust }))).toMatchObject({
      isProved: false,
      lines: 'other_count',
    });
  });

  it('has its word for what a filter chose, and that is said', () => {
    const { file, proof } = exportOf(ours, { ...wish, chosen: [6, 9, 30] });
    const verdict = judged(file, proof, { trust });
    expect(said(verdict)).toMatchObject({ isProved: true, tree: 'chosen_by_filter' });
    expect(tellExport(verdict).sentence).toMatch(/That the filter left out nothing is the word of its key/);
    expect(said(judged(file, { ...proof, range: { left: [], right: [] } }, { trust }))).toMatchObject({
      isProved: false,
      tree: 'range_with_filter',
    });
    const outside = exportOf(ours, { ...wish, chosen: [6, 31] });
    expect(said(judged(outside.file, outside.proof, { trust }))).toMatchObject({ lines: 'other_number' });
  });
});

describe('what nobody seals', () => {
  const wish: Wish = { format: 'csv', first: 5, last: 8, size: 40 };
  it.each([
    [
      'a column that says something else',
      (line: string) => line.replace(',success,', ',failure,'),
      'columns_differ',
    ],
    ['an entry in another form', (line: string) => line.replace('{""', '{ ""'), 'not_canonical'],
    ['a line break of another kind', (line: string) => line.replace('\r\n', '\n'), 'columns_differ'],
    ['no entry', () => 'nothing\r\n', 'malformed_line'],
  ])('is refused in a line whose file the key has signed: %s', (_, bend, flaw) => {
    const { file, lines } = exportOf(ours, wish);
    const forged = file.replace(lines[1] ?? '', bend(lines[1] ?? ''));
    const { proof } = signedOver(forged, wish);
    expect(judged(forged, proof, { trust })).toMatchObject({
      isProved: false,
      file: { proved: {} },
      lines: { rejected: flaw, line: 3 },
    });
  });

  it('is refused as a proof: half of it, a member that nobody checks, a checkpoint for a manifest', () => {
    const { file, proof } = exportOf(ours, wish);
    const forged = [null, {}, { ...proof, remark: 'x' }, { ...proof, manifest: proof.checkpoint }];
    const flaws = forged.map((one) => said(judged(file, one, { trust }))['manifest']);
    expect(flaws).toEqual(['no_manifest', 'no_manifest', 'no_manifest', 'other_statement']);
  });
});

it('needs a witness to have seen the checkpoint where keys of witnesses are given', () => {
  const { file, proof } = exportOf(ours, { format: 'jsonl', first: 1, last: 40, size: 40 });
  const witnessed = { ...trust, witnessKeys: [keyOf(witness)] };
  expect(said(judged(file, proof, { trust: witnessed }))).toMatchObject({
    isProved: true,
    witnesses: 'proved',
  });
});

/** What the log would say of a file that is none of its own making. */
function signedOver(file: string, wish: Wish) {
  const bytes = new TextEncoder().encode(file);
  return exportOf(ours, { ...wish, said: { sizeBytes: bytes.length, sha256Hex: bytesToHex(sha256(bytes)) } });
}
