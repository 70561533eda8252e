import { entryDigest, type TxHeader } from '@ironforge/audit-log';
import type { KeyValue } from '../key-value.ts';
import { type Answer, refused } from '../refusal.ts';
import { isSame } from '../verify/hash.ts';
import { leafHash, rootOf } from '../verify/merkle-tree.ts';
import { CALLS, type WholeTx } from '../wire/answers.ts';
import { entryMetadata } from './entry-metadata.ts';
import { type Ledger, prove, refOf, shownBy, type TxRef } from './ledger.ts';
import type { Outcome, Session } from './sessions.ts';

/** A transaction with everything that is in it, and nothing else. */
export interface VerifiedTx {
  readonly tx: TxRef;
  readonly entries: readonly KeyValue[];
}

/** Reads a whole transaction with its proof: the tree over what is shown has the root that its header has. */
export function transactionOf(
  { ledger, session }: { readonly ledger: Ledger; readonly session: Session },
  txId: bigint,
): Promise<Outcome<VerifiedTx>> {
  return prove<VerifiedTx>({ ledger, session }, async (proveSinceTx) => {
    const request = {
      tx: String(txId),
      proveSinceTx,
      entriesSpec: WITH_VALUES,
      keepReferencesUnresolved: true,
    };
    const reply = await session.call(CALLS.wholeTxById, request);
    return shownBy(reply, (shown) => ({ tx: shown, txId, read: (header) => entriesIn(header, shown.tx) }));
  });
}

/** As the protocol counts: 2 is for values as they are stored. */
const WITH_VALUES = { kvEntriesSpec: { action: 2 } };

function entriesIn(header: TxHeader, { entries }: WholeTx['tx']): Answer<VerifiedTx> {
  const digests: Uint8Array[] = [];
  const plain: KeyValue[] = [];
  for (const { key, value, metadata } of entries) {
    if (key[0] !== PLAIN || value[0] !== PLAIN) return notIncluded(header);
    const entry = { key: key.subarray(1), value: value.subarray(1) };
    const digest = entryDigest(header.version, entry, entryMetadata(metadata));
    if (digest === null) return notIncluded(header);
    digests.push(leafHash(digest));
    plain.push(entry);
  }
  const isWhole = entries.length === header.nentries && isSame(rootOf(digests), header.eH);
  return isWhole ? { verified: { tx: refOf(header), entries: plain } } : notIncluded(header);
}

/** Stands before a key and a value that are no more than that. */
const PLAIN = 0;

function notIncluded({ id }: TxHeader) {
  return refused('not_included', `transaction ${id} holds something else than what is shown`);
}
