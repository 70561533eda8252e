import type { KeyObject } from 'node:crypto';
import { type Answer, type Refused, refused } from '../refusal.ts';
import { type TxHeader, txHash } from '@ironforge/audit-log';
import type { VerifiableTx } from '../wire/answers.ts';
import { CALLS } from '../wire/answers.ts';
import type { Reply } from '../wire/channel.ts';
import { checkTx } from './check-tx.ts';
import { type LedgerState, pointOf, type StatePort } from './ledger-state.ts';
import type { Outcome, Session } from './sessions.ts';

/** The ledger that is followed: its database, the key its states are signed with, and where the proved state is kept. */
export interface Ledger {
  readonly database: string;
  readonly key: KeyObject;
  readonly states: StatePort;
}

/** A transaction by its number, and its hash in lower-case hex. */
export interface TxRef {
  readonly txId: bigint;
  readonly txHash: string;
}

/** The reference to a transaction of which the header is proved. */
export function refOf(header: TxHeader): TxRef {
  return { txId: header.id, txHash: hexOf(txHash(header)) };
}

/** What a server shows of one transaction in answer to a question. */
export interface Shown<T> {
  readonly tx: VerifiableTx;
  readonly txId: bigint;
  /** What was asked for, once the transaction is proved to be what its header says. */
  readonly read: (header: TxHeader) => Answer<T>;
}

/** A question about a transaction, with proof from this transaction on. */
export type Ask<T> = (proveSinceTx: string) => Promise<Outcome<T> | { readonly shown: Shown<T> }>;

/**
 * Asks, checks the answer against the kept state, and moves that forward when all of it is proved. When another process moved
 * it meanwhile, `again` is asked for the same: histories that were proved apart may not fit together.
 */
export async function prove<T>(
  { ledger, session }: { readonly ledger: Ledger; readonly session: Session },
  ask: Ask<T>,
  again: (shown: Shown<T>) => Ask<T> = () => ask,
): Promise<Outcome<T>> {
  const kept = await ledger.states.load();
  const stranger = faultOfServer(kept, session);
  if (stranger !== null) return stranger;
  const answer = await ask(String(kept?.txId ?? 0n));
  if (!('shown' in answer)) return answer;
  const { shown } = answer;
  const known = kept === null ? null : pointOf(kept);
  const checked = checkTx(shown.tx, shown.txId, { ...ledger, known });
  if ('refused' in checked) return checked;
  const read = shown.read(checked.header);
  if ('refused' in read || checked.newest.id === known?.id) return read;
  const { id: txId, hash } = checked.newest;
  const next = {
    serverUuid: session.serverUuid,
    database: ledger.database,
    txId,
    txHash: hexOf(hash),
  };
  if (await ledger.states.save(next, kept)) return read;
  return prove({ ledger, session }, again(shown), again);
}

/** The question for one transaction by its number. */
export function askTx<T>(session: Session, txId: bigint, read: Shown<T>['read']): Ask<T> {
  return async (proveSinceTx) => {
    const request = { tx: String(txId), proveSinceTx, entriesSpec: {}, keepReferencesUnresolved: true };
    return shownBy(await session.call(CALLS.verifiableTxById, request), (tx) => ({ tx, txId, read }));
  };
}

/** What a reply shows, if it is one. */
export function shownBy<R, T>(
  reply: Reply<R>,
  show: (read: R) => Shown<T>,
): Outcome<T> | { readonly shown: Shown<T> } {
  return 'read' in reply ? { shown: show(reply.read) } : reply;
}

/** Why the kept state is not of this server; null when it is, or there is none. */
export function faultOfServer(kept: LedgerState | null, { serverUuid }: Session): Refused | null {
  if (kept === null || kept.serverUuid === serverUuid) return null;
  return refused('other_server', `the kept state is of server ${kept.serverUuid}, this is ${serverUuid}`);
}

function hexOf(hash: Uint8Array): string {
  return Buffer.from(hash).toString('hex');
}
