import type { DualProof } from './dual-proof.ts';
import { sha256 } from './hash.ts';
import { leafHash } from './merkle-tree.ts';
import { consistencyPath, inclusionPath, rootByDefinition } from './merkle-tree.fixture.ts';
import { innerHash, type TxHeader, txHash } from '@ironforge/audit-log';

/** How far the tree lags behind the chain at a transaction, and the version it is written in; a server of today lags by none. */
export interface Habits {
  readonly lagOf: (id: number) => number;
  readonly versionOf: (id: number) => 0 | 1;
}

/** A ledger as a server would keep it, and the proofs that it would give. */
export interface PlayedLedger {
  readonly headers: readonly TxHeader[];
  readonly proof: (source: number, target: number) => DualProof;
}

const ZERO = Buffer.alloc(32);

/** A ledger of so many transactions; `seed` makes it another one, from the transaction on that `since` says. */
export function playLedger(length: number, habits: Habits, { seed = 0, since = 1 } = {}): PlayedLedger {
  const headers: TxHeader[] = [];
  for (let id = 1; id <= length; id++) headers.push(nextHeader(headers, habits, id >= since ? seed : 0));
  return { headers, proof: (source, target) => proofIn(headers, source, target) };
}

function nextHeader(before: readonly TxHeader[], { lagOf, versionOf }: Habits, seed: number): TxHeader {
  const id = before.length + 1;
  const last = before.at(-1);
  const size = Math.max(Number(last?.blTxId ?? 0n), id - 1 - lagOf(id), 0);
  return {
    id: BigInt(id),
    prevAlh: last === undefined ? sha256() : txHash(last),
    ts: 1_700_000_000n + BigInt(id),
    version: versionOf(id),
    metadata: null,
    nentries: 1 + (id % 3),
    eH: sha256(Buffer.of(id, seed)),
    blTxId: BigInt(size),
    blRoot: size === 0 ? ZERO : rootByDefinition(leavesOf(before, size)),
  };
}

function proofIn(headers: readonly TxHeader[], source: number, target: number): DualProof {
  const [sourceTxHeader, targetTxHeader] = [at(headers, source), at(headers, target)];
  const [older, size] = [Number(sourceTxHeader.blTxId), Number(targetTxHeader.blTxId)];
  const leaves = leavesOf(headers, size);
  const start = Math.max(source, size);
  return {
    sourceTxHeader,
    targetTxHeader,
    inclusionProof: source < size ? inclusionPath(leaves, source - 1) : [],
    consistencyProof: older > 0 && older < size ? consistencyPath(leaves, older) : [],
    targetBlTxAlh: size > 0 ? txHash(at(headers, size)) : ZERO,
    lastInclusionProof: size > 0 ? inclusionPath(leaves, size - 1) : [],
    linearProof: {
      sourceTxId: BigInt(start),
      TargetTxId: BigInt(target),
      terms: [txHash(at(headers, start)), ...headers.slice(start, target).map(innerHash)],
    },
    LinearAdvanceProof: advanceIn(headers, { from: older, to: Math.min(source, size), leaves }),
  };
}

function advanceIn(
  headers: readonly TxHeader[],
  {
    from,
    to,
    leaves,
  }: { readonly from: number; readonly to: number; readonly leaves: readonly Uint8Array[] },
): DualProof['LinearAdvanceProof'] {
  if (to <= from + 1) return null;
  const between = headers.slice(from, to);
  return {
    linearProofTerms: between.map((header, n) => (n === 0 ? txHash(header) : innerHash(header))),
    inclusionProofs: between.slice(0, -1).map((_, n) => ({ terms: inclusionPath(leaves, from + n) })),
  };
}

function at(headers: readonly TxHeader[], id: number): TxHeader {
  const header = headers[id - 1];
  if (header === undefined) throw new Error(`there is no transaction ${id}`);
  return header;
}

function leavesOf(headers: readonly TxHeader[], size: number): Uint8Array[] {
  return headers.slice(0, size).map((header) => leafHash(txHash(header)));
}
