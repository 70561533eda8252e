import { refused } from '../refusal.ts';
import { CALLS } from '../wire/answers.ts';
import { getEntry, type VerifiedEntry } from './get.ts';
import { heldKeys } from './held-keys.ts';
import type { Ledger } from './ledger.ts';
import type { Outcome, Session } from './sessions.ts';

interface Context {
  readonly ledger: Ledger;
  readonly session: Session;
}

/** The values that a key ever had, oldest first, each with its proof. That none is left out is not proved by immudb. */
export async function historyOf(context: Context, key: Buffer): Promise<Outcome<readonly VerifiedEntry[]>> {
  const held = await heldKeys(context.session, [key]);
  if (!('verified' in held)) return held;
  const verified: VerifiedEntry[] = [];
  if (!held.verified(key)) return { verified };
  for (;;) {
    const page = await nextPage(context, key, verified);
    if (!('verified' in page)) return page;
    verified.push(...page.verified);
    if (verified.length === 0)
      return refused('inconsistent', `key ${key.toString()} is there, without a history`);
    if (page.verified.length < PAGE) return { verified };
  }
}

const PAGE = 100;

async function nextPage(
  context: Context,
  key: Buffer,
  before: readonly VerifiedEntry[],
): Promise<Outcome<readonly VerifiedEntry[]>> {
  const request = { key, offset: String(before.length), limit: PAGE };
  const reply = await context.session.call(CALLS.history, request);
  if (!('read' in reply)) return reply;
  const verified: VerifiedEntry[] = [];
  for (const { tx } of reply.read.entries) {
    const last = verified.at(-1) ?? before.at(-1);
    if (last !== undefined && tx <= last.tx.txId) return refused('malformed', 'the history is out of order');
    const entry = await getEntry(context, { key, atTx: tx });
    if (!('verified' in entry)) return entry;
    if (entry.verified === null) return refused('not_included', `key ${key.toString()} in transaction ${tx}`);
    verified.push(entry.verified);
  }
  return { verified };
}
