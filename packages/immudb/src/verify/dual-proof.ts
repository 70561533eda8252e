import { type TxHeader, txHash, type TxPoint } from '@ironforge/audit-log';
import { isSame } from './hash.ts';
import { isAdvanced, isLinked, type LinearAdvanceProof, type LinearProof } from './linear-proof.ts';
import { isExtendedBy, isIncluded, leafHash, type Tree } from './merkle-tree.ts';

/** What immudb shows to lead from an older transaction to a newer one, by its tree and by its chain. */
export interface DualProof {
  readonly sourceTxHeader: TxHeader;
  readonly targetTxHeader: TxHeader;
  /** From the older transaction to the newer one's tree. */
  readonly inclusionProof: readonly Uint8Array[];
  /** From the older one's tree to the newer one's. */
  readonly consistencyProof: readonly Uint8Array[];
  /** The last transaction in the newer one's tree, and its path. */
  readonly targetBlTxAlh: Uint8Array;
  readonly lastInclusionProof: readonly Uint8Array[];
  /** From the tree, or from the older transaction if that is later, to the newer one. */
  readonly linearProof: LinearProof;
  readonly LinearAdvanceProof: LinearAdvanceProof | null;
}

/**
 * What is wrong with a proof that the newer transaction's history holds the older one and all of its history; null when
 * nothing is. Whoever asks compares the two headers' hashes with what he knows.
 */
export function faultOfDualProof(proof: DualProof): string | null {
  const [source, target] = [pointOf(proof.sourceTxHeader), pointOf(proof.targetTxHeader)];
  const [older, tree] = [treeOf(proof.sourceTxHeader), treeOf(proof.targetTxHeader)];
  if (source.id < 1n || source.id > target.id) return 'the transactions are out of order';
  if (older.size >= source.id || tree.size >= target.id || older.size > tree.size)
    return 'the trees are out of order';
  const last: TxPoint = { id: tree.size, hash: proof.targetBlTxAlh };
  const isInTree = source.id < tree.size;
  const advance = { from: older.size, end: isInTree ? source : last, tree };
  const checks: readonly Check[] = [
    ['the older transaction is not in the tree', () => !isInTree || isIn(tree, source, proof.inclusionProof)],
    [
      'the tree is no longer the older one',
      () => older.size === 0n || isExtendedBy(older, tree, proof.consistencyProof),
    ],
    [
      'the last of the tree is not in it',
      () => tree.size === 0n || isIn(tree, last, proof.lastInclusionProof),
    ],
    ['the last of the tree is another transaction', () => isSameWhereKnown(proof, source, last)],
    ['the chain does not lead there', () => isLinked(isInTree ? last : source, target, proof.linearProof)],
    ['the tree does not hold the chain', () => isAdvanced(advance, proof.LinearAdvanceProof)],
  ];
  return checks.find(([, isRight]) => !isRight())?.[0] ?? null;
}

type Check = readonly [fault: string, isRight: () => boolean];

function pointOf(header: TxHeader): TxPoint {
  return { id: header.id, hash: txHash(header) };
}

function treeOf({ blTxId, blRoot }: TxHeader): Tree {
  return { size: blTxId, root: blRoot };
}

function isIn(tree: Tree, { id, hash }: TxPoint, path: readonly Uint8Array[]): boolean {
  return isIncluded({ leaf: leafHash(hash), index: id - 1n, ...tree }, path);
}

/** The last of the tree may be a transaction whose hash is known already: the older one, or the one before the newer. */
function isSameWhereKnown({ targetTxHeader }: DualProof, source: TxPoint, last: TxPoint): boolean {
  if (last.id === source.id && !isSame(last.hash, source.hash)) return false;
  return last.id !== targetTxHeader.id - 1n || last.id === 0n || isSame(last.hash, targetTxHeader.prevAlh);
}
