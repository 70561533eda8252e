import { refused } from '../refusal.ts';
import { isSigned } from '../verify/state-signature.ts';
import { CALLS } from '../wire/answers.ts';
import { askTx, faultOfServer, type Ledger, prove, refOf, type TxRef } from './ledger.ts';
import type { Outcome, Session } from './sessions.ts';

/** The newest transaction, proved to go on from the kept state; null when the database is empty and nothing is kept. */
export async function currentState(ledger: Ledger, session: Session): Promise<Outcome<TxRef | null>> {
  const { key, database, states } = ledger;
  const kept = await states.load();
  const stranger = faultOfServer(kept, session);
  if (stranger !== null) return stranger;
  const reply = await session.call(CALLS.currentState, {});
  if (!('read' in reply)) return reply;
  const { db, txId, txHash, signature } = reply.read;
  if (db !== database)
    return refused('malformed', `the state of ${db} where that of ${database} was asked for`);
  if (!isSigned(key, { database, id: txId, hash: txHash }, signature.signature))
    return refused('bad_signature', `newest state, transaction ${txId}`);
  if (kept !== null && txId < kept.txId)
    return refused('older_state', `the server is at transaction ${txId}, and proved ${kept.txId} before`);
  if (txId === 0n) return { verified: null };
  const ask = askTx<TxRef | null>(session, txId, (header) => ({ verified: refOf(header) }));
  return await prove({ ledger, session }, ask);
}
