import { type Answer, refused } from '../refusal.ts';
import { entryDigest, type TxHeader } from '@ironforge/audit-log';
import { isIncluded, leafHash } from '../verify/merkle-tree.ts';
import { CALLS, type VerifiableEntry } from '../wire/answers.ts';
import { entryMetadata } from './entry-metadata.ts';
import { type Ledger, prove, refOf, shownBy, type TxRef } from './ledger.ts';
import { heldKeys } from './held-keys.ts';
import type { Outcome, Session } from './sessions.ts';

/** A value that is proved to be that of its key in a transaction. */
export interface VerifiedEntry {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly tx: TxRef;
}

/** A key, and the transaction in which it is looked up; null for the newest that has it. */
export interface Lookup {
  readonly key: Buffer;
  readonly atTx: bigint | null;
}

/** Reads the value of a key with its proof; null when the server says that there is none, which it cannot prove. */
export function getEntry(
  { ledger, session }: { readonly ledger: Ledger; readonly session: Session },
  { key, atTx }: Lookup,
): Promise<Outcome<VerifiedEntry | null>> {
  return prove<VerifiedEntry | null>({ ledger, session }, async (proveSinceTx) => {
    const keyRequest = { key, atTx: String(atTx ?? 0n) };
    const reply = await session.call(CALLS.verifiableGet, { keyRequest, proveSinceTx });
    if ('no' in reply) return (await isAbsent(session, { key, atTx })) ? { verified: null } : reply;
    return shownBy(reply, (read) => ({
      tx: read.verifiableTx,
      txId: atTx ?? read.entry.tx,
      read: (header) => entryIn(header, key, read),
    }));
  });
}

/** What is missing and what went wrong are told apart by words alone, so it is asked in another way. */
async function isAbsent(session: Session, { key, atTx }: Lookup): Promise<boolean> {
  const held = await heldKeys(session, [key]);
  return 'verified' in held && (atTx !== null || !held.verified(key));
}

/** The value of a key, when the answer shows it to be in the transaction of this header. */
export function entryIn(
  header: TxHeader,
  key: Buffer,
  { entry, inclusionProof }: VerifiableEntry,
): Answer<VerifiedEntry> {
  const { leaf, width, terms } = inclusionProof;
  const { value } = entry;
  const digest = entryDigest(header.version, { key, value }, entryMetadata(entry.metadata));
  const place = { index: BigInt(leaf), size: BigInt(width), root: header.eH };
  const isThere =
    digest !== null && width === header.nentries && isIncluded({ leaf: leafHash(digest), ...place }, terms);
  if (!isThere) return refused('not_included', `key ${key.toString()} in transaction ${header.id}`);
  return { verified: { key, value, tx: refOf(header) } };
}
