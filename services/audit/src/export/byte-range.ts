import type { ByteSpan } from './stored-pieces.ts';

/** What a client asks for of a file (RFC 9110 §14), and what the file is. */
export interface RangeQuestion {
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  readonly etag: string;
  readonly sizeBytes: number;
}

/**
 * The span that is asked for; `whole` where there is no range, it is of another file (`If-Range`), or not of the one form that we
 * serve, which RFC 9110 §14.2 lets a server pass over. `unsatisfiable` for a place behind the end.
 */
export function spanOf({
  range,
  ifRange,
  etag,
  sizeBytes,
}: RangeQuestion): ByteSpan | 'whole' | 'unsatisfiable' {
  const isOfThisFile = ifRange === undefined || ifRange === etag;
  const [, first, last] = /^bytes=(\d{0,16})-(\d{0,16})$/i.exec(range ?? '') ?? [];
  if (!isOfThisFile || first === undefined || last === undefined) return 'whole';
  if (first === '' && last === '') return 'whole';
  if (first === '') return suffix(Number(last), sizeBytes);
  const [from, to] = [Number(first), last === '' ? sizeBytes : Math.min(Number(last) + 1, sizeBytes)];
  if (last !== '' && Number(last) < from) return 'whole';
  return from < sizeBytes ? { from, to } : 'unsatisfiable';
}

function suffix(length: number, sizeBytes: number): ByteSpan | 'unsatisfiable' {
  if (length === 0 || sizeBytes === 0) return 'unsatisfiable';
  return { from: Math.max(0, sizeBytes - length), to: sizeBytes };
}
