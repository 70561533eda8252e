import { status } from '@grpc/grpc-js';
import { assert, present } from '@ironforge/kernel';
import type { KeyValue } from '../key-value.ts';
import { type Answer, refused } from '../refusal.ts';
import { entryDigest, type TxHeader } from '@ironforge/audit-log';
import { isSame } from '../verify/hash.ts';
import { leafHash, rootOf } from '../verify/merkle-tree.ts';
import { CALLS } from '../wire/answers.ts';
import { getEntry } from './get.ts';
import { heldKeys } from './held-keys.ts';
import { askTx, type Ask, type Ledger, prove, refOf, shownBy, type TxRef } from './ledger.ts';
import type { Outcome, Session } from './sessions.ts';

/** So many entries fit into one transaction of immudb's. */
export const MAX_BATCH_ENTRIES = 1_024;

/** The longest key; immudb puts a byte before it. */
export const MAX_KEY_BYTES = 1_023;

/** So much can the values, and twice the keys, of one batch have together: the server reads no greater request. */
export const MAX_BATCH_BYTES = 32 * 1_024 * 1_024 - 1_024;

interface Context {
  readonly ledger: Ledger;
  readonly session: Session;
}

/**
 * Writes entries in one transaction, each key for the first time. When some are there already they are read back and compared,
 * and those that are missing are written: so it can be asked again as often as needed. Gives of each, in their order, the transaction
 * that holds it.
 */
export async function setBatch(
  context: Context,
  entries: readonly KeyValue[],
): Promise<Outcome<readonly TxRef[]>> {
  assertFits(entries);
  const written = await write(context, entries);
  const isThere = 'no' in written && written.no.status === status.FAILED_PRECONDITION;
  return isThere ? await compareAndWrite(context, entries) : written;
}

/** What is beyond the server's limits is a bug of the caller's: asking again would not help. */
function assertFits(entries: readonly KeyValue[]): void {
  const { length } = entries;
  assert(length > 0 && length <= MAX_BATCH_ENTRIES, `a batch of ${length} entries`);
  assert(
    new Set(entries.map(({ key }) => key.toString('hex'))).size === length,
    'a key stands twice in a batch',
  );
  const fits = ({ key }: KeyValue) => key.length > 0 && key.length <= MAX_KEY_BYTES;
  assert(entries.every(fits), 'a key is empty or too long');
  const bytes = entries.reduce((sum, { key, value }) => sum + value.length + 2 * key.length + FRAME_BYTES, 0);
  assert(bytes <= MAX_BATCH_BYTES, `a batch of ${bytes} bytes`);
}

/** What stands around a key and a value in a request, in which the key is twice. */
const FRAME_BYTES = 32;

function write(
  { ledger, session }: Context,
  entries: readonly KeyValue[],
): Promise<Outcome<readonly TxRef[]>> {
  const read = (header: TxHeader) => asWritten(header, entries);
  const ask: Ask<readonly TxRef[]> = async (proveSinceTx) => {
    const reply = await session.call(CALLS.verifiableSet, { setRequest: requestOf(entries), proveSinceTx });
    return shownBy(reply, (tx) => ({ tx, txId: tx.dualProof.targetTxHeader.id, read }));
  };
  return prove({ ledger, session }, ask, ({ txId }) => askTx(session, txId, read));
}

function requestOf(entries: readonly KeyValue[]): object {
  const preconditions = entries.map(({ key }) => ({ keyMustNotExist: { key } }));
  return { KVs: entries, preconditions, noWait: true };
}

/** The tree over a transaction's entries is built from our own: its root says that they all are there, and nothing else. */
function asWritten(header: TxHeader, entries: readonly KeyValue[]): Answer<readonly TxRef[]> {
  if (holdsExactly(header, entries)) return { verified: allIn(header, entries) };
  return refused('not_included', `transaction ${header.id} holds something else than what was written`);
}

function allIn(header: TxHeader, entries: readonly KeyValue[]): readonly TxRef[] {
  const ref = refOf(header);
  return entries.map(() => ref);
}

function holdsExactly({ version, nentries, eH }: TxHeader, entries: readonly KeyValue[]): boolean {
  const digests = entries.flatMap((entry) => entryDigest(version, entry, null) ?? []);
  return nentries === entries.length && isSame(rootOf(digests.map(leafHash)), eH);
}

async function compareAndWrite(
  context: Context,
  entries: readonly KeyValue[],
): Promise<Outcome<readonly TxRef[]>> {
  const before = await sameBatch(context, entries);
  if (!('verified' in before) || before.verified.length > 0) return before;
  const held = await heldKeys(
    context.session,
    entries.map(({ key }) => key),
  );
  if (!('verified' in held)) return held;
  const there = entries.filter(({ key }) => held.verified(key));
  const missing = entries.filter(({ key }) => !held.verified(key));
  const found = await compare(context, there);
  if (!('verified' in found) || missing.length === 0) return found;
  if (there.length === 0)
    return refused('inconsistent', 'the server says that keys are there, and that none is');
  const rest = await setBatch(context, missing);
  if (!('verified' in rest)) return rest;
  const refs = [...found.verified, ...rest.verified];
  const refByEntry = new Map([...there, ...missing].map((entry, at) => [entry, refs[at]]));
  return {
    verified: entries.map((entry) => present(refByEntry.get(entry), 'the transaction of an entry')),
  };
}

/** The transactions that hold these entries, which all are said to be there. */
async function compare(context: Context, entries: readonly KeyValue[]): Promise<Outcome<readonly TxRef[]>> {
  const found: TxRef[] = [];
  for (const { key, value } of entries) {
    const there = await getEntry(context, { key, atTx: null });
    if (!('verified' in there)) return there;
    if (there.verified === null) return refused('inconsistent', `key ${key.toString()} is there, and is not`);
    const { tx } = there.verified;
    if (!there.verified.value.equals(value))
      return refused('other_value', `key ${key.toString()} holds another value since transaction ${tx.txId}`);
    found.push(tx);
  }
  return { verified: found };
}

/** In the ordinary case the whole batch was written before, by an attempt that nobody heard of: one look is enough. */
async function sameBatch(
  { ledger, session }: Context,
  entries: readonly KeyValue[],
): Promise<Outcome<readonly TxRef[]>> {
  const [first] = entries;
  if (first === undefined) return { verified: [] };
  const there = await getEntry({ ledger, session }, { key: first.key, atTx: null });
  if (!('verified' in there)) return there;
  if (there.verified === null) return { verified: [] };
  const read = (header: TxHeader) => ({
    verified: holdsExactly(header, entries) ? allIn(header, entries) : [],
  });
  return await prove<readonly TxRef[]>({ ledger, session }, askTx(session, there.verified.tx.txId, read));
}
