import { utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import { parseTlogProof, type TlogProof, type TlogProofFlaw } from '../proof/tlog-proof.ts';
import { parseHashes } from '../text/encodings.ts';
import { isTreeSize } from '../tree/size.ts';

/** What a bundle says of one entry, each part taken apart by itself; nothing of it is proved yet. */
export interface Bundle {
  readonly entry: Entry | { readonly rejected: EntryFlaw };
  /** Null, as the next, where there is nothing to take apart. */
  readonly proof: TlogProof | { readonly rejected: TlogProofFlaw | 'no_proof' } | null;
  readonly growth: GrowthProof | { readonly rejected: 'malformed_consistency' } | null;
  /** What the installation says of its second copy; null where the bundle says nothing. */
  readonly immudb: 'named' | 'none' | 'waiting' | null;
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
    immudb: fields?.has('immudb') ? copyIn(fieldsOf(fields.get('immudb'))) : null,
  };
}

const KNOWN = ['entry', 'tlogProof', 'consistency', 'immudb'];
const KNOWN_OF_GROWTH = ['from', 'to', 'hashes'];

/** The members of a JSON object. */
export type Fields = ReadonlyMap<string, unknown>;

/** The members of a JSON object by their names; null for any other value. */
export function fieldsOf(value: unknown): Fields | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return new Map<string, unknown>(Object.entries(value));
}

function parseEntry(fields: Fields | null): Bundle['entry'] {
  if (fields === null) return { rejected: 'no_object' };
  if (!hasOnly(fields, KNOWN)) return { rejected: 'unknown_field' };
  const value = fields.get('entry');
  const [told, bytes] = [fieldsOf(value), canonicalBytes(value)];
  if (told === null || bytes === null) return { rejected: 'malformed_entry' };
  return { bytes, sequence: told.get('sequence'), tenantId: told.get('tenantId') };
}

/** The one text of a JSON value (RFC 8785) in UTF-8; null where it has none, for example for half a character. */
function canonicalBytes(value: unknown): Uint8Array | null {
  try {
    return utf8ToBytes(canonicalize(value) ?? '');
  } catch {
    return null;
  }
}

function copyIn(fields: Fields | null): Bundle['immudb'] {
  const copy = fields?.get('copy');
  return copy === 'none' || copy === 'waiting' ? copy : 'named';
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

function hasOnly(fields: Fields, known: readonly string[]): boolean {
  return [...fields.keys()].every((name) => known.includes(name));
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && isTreeSize(value);
}

function parseHashList(value: unknown): Uint8Array[] | null {
  const list: unknown[] = Array.isArray(value) ? value : [null];
  const lines = list.filter((line) => typeof line === 'string');
  return lines.length === list.length ? parseHashes(lines) : null;
}
