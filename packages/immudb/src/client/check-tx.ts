import type { KeyObject } from 'node:crypto';
import { type Refused, refused } from '../refusal.ts';
import { faultOfDualProof } from '../verify/dual-proof.ts';
import { isSame } from '../verify/hash.ts';
import { isSigned } from '../verify/state-signature.ts';
import { type TxHeader, txHash, type TxPoint } from '@ironforge/audit-log';
import type { VerifiableTx } from '../wire/answers.ts';

/** What an answer is checked against; `known` is null before the first one, whose signature alone is then believed. */
export interface Ground {
  readonly database: string;
  readonly key: KeyObject;
  readonly known: TxPoint | null;
}

/** A transaction that is proved, and the newest one that is: the same, or the one that was known. */
export interface CheckedTx {
  readonly header: TxHeader;
  readonly newest: TxPoint;
}

/** Checks what the server shows of a transaction: it and the known one lie in one history, whose newer end is signed. */
export function checkTx(shown: VerifiableTx, txId: bigint, ground: Ground): CheckedTx | Refused {
  const { dualProof, signature } = shown;
  const { sourceTxHeader: source, targetTxHeader: target } = dualProof;
  const { database, key, known } = ground;
  const isNewer = known === null || txId >= known.id;
  const header = isNewer ? target : source;
  if (header.id !== txId) return refused('malformed', `transaction ${header.id} where ${txId} was asked for`);
  const atKnown = isNewer ? source : target;
  if (known !== null && !isAt(atKnown, known)) return fork(known);
  const fault = faultOfDualProof(dualProof);
  if (fault !== null) return refused('inconsistent', `transaction ${txId}: ${fault}`);
  const newest = { id: target.id, hash: txHash(target) };
  if (!isSigned(key, { database, ...newest }, signature.signature))
    return refused('bad_signature', `state of transaction ${newest.id}`);
  return { header, newest };
}

function isAt(header: TxHeader, { id, hash }: TxPoint): boolean {
  return header.id === id && isSame(txHash(header), hash);
}

function fork({ id }: TxPoint): Refused {
  return refused('forked', `the server shows another transaction than the one that was proved as ${id}`);
}
