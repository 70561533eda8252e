import { linkedHash, type TxPoint } from '@ironforge/audit-log';
import { isSame } from './hash.ts';
import { isIncluded, leafHash, type Tree } from './merkle-tree.ts';

/** The chain between two transactions: the first one's hash, then what is each later one's own. */
export interface LinearProof {
  readonly sourceTxId: bigint;
  readonly TargetTxId: bigint;
  readonly terms: readonly Uint8Array[];
}

/** True when the chain leads from the one transaction to the other, link by link. */
export function isLinked(source: TxPoint, target: TxPoint, proof: LinearProof): boolean {
  const [first, ...inner] = proof.terms;
  if (proof.sourceTxId !== source.id || proof.TargetTxId !== target.id) return false;
  if (source.id > target.id || BigInt(inner.length) !== target.id - source.id) return false;
  if (first === undefined || !isSame(first, source.hash)) return false;
  return isSame(chain(source, inner).hash, target.hash);
}

/** The chain that an older tree had not taken in yet, and for each link of it a path into the newer tree. */
export interface LinearAdvanceProof {
  readonly linearProofTerms: readonly Uint8Array[];
  readonly inclusionProofs: readonly { readonly terms: readonly Uint8Array[] }[];
}

/** From where to where a tree grew: the size of the older one, and the transaction up to which this is to be shown. */
export interface Advance {
  readonly from: bigint;
  readonly end: TxPoint;
  readonly tree: Tree;
}

/**
 * True when each transaction that the older tree lacked is in the newer one, and in the chain that ends where it must. Without
 * it a server could show one history in the chain and another in the tree. Nothing is to be shown where nothing was lacking.
 */
export function isAdvanced({ from, end, tree }: Advance, proof: LinearAdvanceProof | null): boolean {
  if (end.id <= from + 1n) return end.id >= from;
  if (proof === null) return false;
  const [first, ...inner] = proof.linearProofTerms;
  const steps = end.id - from - 1n;
  if (first === undefined || BigInt(inner.length) !== steps) return false;
  if (BigInt(proof.inclusionProofs.length) !== steps) return false;
  let point: TxPoint = { id: from + 1n, hash: first };
  for (const [at, term] of inner.entries()) {
    const place = { leaf: leafHash(point.hash), index: point.id - 1n, ...tree };
    if (!isIncluded(place, proof.inclusionProofs[at]?.terms ?? [])) return false;
    point = chain(point, [term]);
  }
  return isSame(point.hash, end.hash);
}

function chain(start: TxPoint, inner: readonly Uint8Array[]): TxPoint {
  return inner.reduce(
    ({ id, hash }, term) => ({ id: id + 1n, hash: linkedHash(hash, id + 1n, term) }),
    start,
  );
}
