import type { Journal, Noted } from './journal.ts';
import { movesNothing, type TaskKind } from './objection.ts';

/** What is about to be signed: which request, for what, at which nonce. */
export interface Signing {
  readonly transactionId: string;
  readonly kind: TaskKind;
  readonly nonce: number;
}

/** Why a request must not be signed at this nonce, as a sentence: it was at another. Null for one that moves nothing. */
export function objectionByNote(journal: Journal, signing: Signing): string | null {
  if (movesNothing(signing.kind)) return null;
  return differenceFrom(journal, signing, journal.find(signing.transactionId));
}

/** Notes what was signed before anybody sees it; says why it must not be seen when another signer was first, at another nonce. */
export async function noteSigned(journal: Journal, signing: Signing, txHash: string): Promise<string | null> {
  const { transactionId, kind, nonce } = signing;
  if (movesNothing(kind)) return null;
  return differenceFrom(journal, signing, await journal.note(transactionId, { nonce, txHash }));
}

function differenceFrom(
  journal: Journal,
  { transactionId, nonce }: Signing,
  before: Noted | null,
): string | null {
  if (before === null || before.nonce === nonce) return null;
  return (
    `It was signed at nonce ${before.nonce} before (${before.txHash}) and would be paid a second time at nonce ${nonce}. ` +
    `Only when that transaction can never be mined, remove ${journal.fileOf(transactionId)}.`
  );
}
