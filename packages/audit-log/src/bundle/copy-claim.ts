import { isCount, isHashHex, parseBase64, parseHash } from '../text/encodings.ts';
import type { TxHeader } from '../immudb/tx-header.ts';
import { type Fields, onlyFieldsOf, parseHashList } from './fields.ts';

/** What a bundle says of the entry's copy: that there is none, or none yet, or where it is, and perhaps with what proves it. */
export type CopyClaim =
  | 'none'
  | 'waiting'
  | CopyPlace
  | ProvableCopy
  | { readonly rejected: 'malformed_immudb' };

/** Under which key, and in which transaction of which database. */
export interface CopyPlace {
  readonly database: string;
  readonly key: string;
  readonly txId: number;
  /** 64 hexadecimal digits. */
  readonly txHash: string;
}

/** A copy with its value, the header of its transaction, the way from one to the other, and the server's signature. */
export interface ProvableCopy extends CopyPlace {
  readonly value: Uint8Array;
  readonly header: TxHeader;
  readonly index: number;
  readonly path: readonly Uint8Array[];
  readonly signature: Uint8Array;
}

const MALFORMED = { rejected: 'malformed_immudb' } as const;

/** Takes the member `immudb` of a bundle apart; never throws. A field that nobody checks is refused. */
export function parseCopy(value: unknown): CopyClaim {
  const fields = onlyFieldsOf(value, ['copy', 'database', 'key', 'txId', 'txHash', 'proof']);
  const copy = fields?.get('copy');
  if (fields === null || (copy !== 'immudb' && fields.size > 1)) return MALFORMED;
  if (copy === 'none' || copy === 'waiting') return copy;
  const place = copy === 'immudb' ? parsePlace(fields) : null;
  if (place === null) return MALFORMED;
  if (!fields.has('proof')) return place;
  return parseProof(place, fields.get('proof')) ?? MALFORMED;
}

function parsePlace(fields: Fields): CopyPlace | null {
  const [database, key] = [fields.get('database'), fields.get('key')];
  const [txId, txHash] = [fields.get('txId'), fields.get('txHash')];
  if (typeof database !== 'string' || typeof key !== 'string') return null;
  if (!isCount(txId) || typeof txHash !== 'string' || !isHashHex(txHash)) return null;
  return { database, key, txId, txHash };
}

function parseProof(place: CopyPlace, proof: unknown): ProvableCopy | null {
  const fields = onlyFieldsOf(proof, ['value', 'header', 'index', 'path', 'signature']);
  if (fields === null) return null;
  const header = parseHeader(place.txId, fields.get('header'));
  const [value, signature] = [bytesIn(fields.get('value')), bytesIn(fields.get('signature'))];
  const [index, path] = [fields.get('index'), parseHashList(fields.get('path'))];
  if (header === null || value === null || signature === null || path === null || !isCount(index))
    return null;
  return { ...place, value, header, index, path, signature };
}

const HEADER = ['prevAlh', 'ts', 'version', 'nentries', 'eH', 'blTxId', 'blRoot'];

function parseHeader(id: number, value: unknown): TxHeader | null {
  const fields = onlyFieldsOf(value, HEADER);
  if (fields === null) return null;
  const [prevAlh, eH, blRoot] = ['prevAlh', 'eH', 'blRoot'].map((name) => hashIn(fields.get(name)));
  const [ts, nentries, blTxId] = [fields.get('ts'), fields.get('nentries'), fields.get('blTxId')];
  const version = fields.get('version');
  if (!prevAlh || !eH || !blRoot || (version !== 0 && version !== 1)) return null;
  if (!isCount(ts) || !isCount(nentries) || !isCount(blTxId)) return null;
  if (nentries >= 2 ** (version === 0 ? 16 : 32)) return null;
  const numbers = { id: BigInt(id), ts: BigInt(ts), blTxId: BigInt(blTxId) };
  return { ...numbers, prevAlh, eH, blRoot, version, nentries, metadata: null };
}

function bytesIn(value: unknown): Uint8Array | null {
  return typeof value === 'string' ? parseBase64(value) : null;
}

function hashIn(value: unknown): Uint8Array | null {
  return typeof value === 'string' ? parseHash(value) : null;
}
