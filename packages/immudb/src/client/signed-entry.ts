import { refused } from '../refusal.ts';
import { CALLS } from '../wire/answers.ts';
import type { TxHeader } from '@ironforge/audit-log';
import { checkTx } from './check-tx.ts';
import { entryIn } from './get.ts';
import type { Ledger } from './ledger.ts';
import type { Outcome, Session } from './sessions.ts';

/** A value with what shows anybody who has the server's key that it is in a transaction: no state is needed. */
export interface SignedEntry {
  readonly value: Buffer;
  readonly header: TxHeader;
  /** The place of the entry in its transaction, counted from 0, and the hashes that lead from there to the header's root. */
  readonly index: number;
  readonly path: readonly Uint8Array[];
  /** Of the server over the state of its database with this transaction as the newest (ECDSA, DER). */
  readonly signature: Buffer;
}

/** Reads the value of a key in a transaction, with the server's signature over the state that the transaction made. The kept state stays. */
export async function signedEntryOf(
  { ledger, session }: { readonly ledger: Ledger; readonly session: Session },
  { key, txId }: { readonly key: Buffer; readonly txId: bigint },
): Promise<Outcome<SignedEntry>> {
  const keyRequest = { key, atTx: String(txId) };
  const reply = await session.call(CALLS.verifiableGet, { keyRequest, proveSinceTx: String(txId) });
  if (!('read' in reply)) return reply;
  const { entry, verifiableTx, inclusionProof } = reply.read;
  if (entry.tx !== txId) return refused('malformed', `transaction ${entry.tx} where ${txId} was asked for`);
  const checked = checkTx(verifiableTx, txId, { ...ledger, known: null });
  if ('refused' in checked) return checked;
  const { header } = checked;
  const found = entryIn(header, key, reply.read);
  if ('refused' in found) return found;
  const { signature } = verifiableTx.signature;
  const { leaf: index, terms: path } = inclusionProof;
  return { verified: { value: found.verified.value, header, index, path, signature } };
}
