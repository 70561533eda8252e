import { utf8ToBytes } from '@noble/hashes/utils.js';
import { parseTlogProof, type TlogProof, type TlogProofFlaw } from '../proof/tlog-proof.ts';
import { canonicalOf } from '../text/canonical-of.ts';
import { type CopyClaim, parseCopy } from './copy-claim.ts';
import { isTreeSize } from '../tree/size.ts';
import { type Fields, fieldsOf, hasOnly, parseHashList } from './fields.ts';

/** What a bundle says of one entry, each part taken apart by itself; nothing of it is proved yet. */
export interface Bundle {
  readonly entry: Entry | { readonly rejected: EntryFlaw };
  /** Null, as the next, where there is nothing to take apart. */
  readonly proof: TlogProof | { readonly rejected: TlogProofFlaw | 'no_proof' } | null;
  readonly growth: GrowthProof | { readonly rejected: 'malformed_consistency' } | null;
  /** What the installation says of its second copy; null where the bundle says nothing. */
  readonly immudb: CopyClaim | null;
}

/** An entry as the bytes that its leaf is made of, and its place and owner as it tells them itself. */
export interface Entry {
  readonly bytes: Uint8Array;
  readonly sequence: unknown;
  readonly tenantId: unknown;
}

/** A consistency proof: the sizes of both trees, and the hashes between their roots. */
export interface GrowthProof {
  readonly from: number;
  readonly to: number;
  readonly hashes: readonly Uint8Array[];
}

/** Why a bundle has no entry that could be proved. */
export type EntryFlaw = 'no_object' | 'unknown_field' | 'malformed_entry';

/** Takes the JSON of a bundle apart; never throws. */
export function parseBundle(value: unknown): Bundle {
  const fields = fieldsOf(value);
  return {
    entry: parseEntry(fields),
    proof: fields === null ? null : parseProof(fields.get('tlogProof')),
    growth: fields?.has('consistency') ? parseGrowth(fieldsOf(fields.get('consistency'))) : null,
    immudb: fields?.has('immudb') ? parseCopy(fields.get('immudb')) : null,
  };
}

const KNOWN = ['entry', 'tlogProof', 'consistency', 'immudb'];
const KNOWN_OF_GROWTH = ['from', 'to', 'hashes'];

function parseEntry(fields: Fields | null): Bundle['entry'] {
  if (fields === null) return { rejected: 'no_object' };
  if (!hasOnly(fields, KNOWN)) return { rejected: 'unknown_field' };
  const value = fields.get('entry');
  const [told, text] = [fieldsOf(value), canonicalOf(value)];
  if (told === null || text === null) return { rejected: 'malformed_entry' };
  return { bytes: utf8ToBytes(text), sequence: told.get('sequence'), tenantId: told.get('tenantId') };
}

function parseProof(text: unknown): Bundle['proof'] {
  if (typeof text !== 'string') return { rejected: 'no_proof' };
  const parsed = parseTlogProof(text);
  return 'proof' in parsed ? parsed.proof : parsed;
}

function parseGrowth(fields: Fields | null): GrowthProof | { readonly rejected: 'malformed_consistency' } {
  const [from, to] = [fields?.get('from'), fields?.get('to')];
  const hashes = parseHashList(fields?.get('hashes'));
  const isWhole = fields !== null && hasOnly(fields, KNOWN_OF_GROWTH);
  if (!isWhole || !isSize(from) || !isSize(to) || hashes === null)
    return { rejected: 'malformed_consistency' };
  return { from, to, hashes };
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && isTreeSize(value);
}
