import type { Answer } from '../refusal.ts';
import type { KeyValue } from '../key-value.ts';
import { parseServerKey } from '../verify/state-signature.ts';
import { openChannel } from '../wire/channel.ts';
import { currentState } from './current-state.ts';
import { getEntry, type VerifiedEntry } from './get.ts';
import { historyOf } from './history.ts';
import { inTurn } from './in-turn.ts';
import type { TxRef } from './ledger.ts';
import type { StatePort } from './ledger-state.ts';
import { createSessions, type Session } from './sessions.ts';
import { setBatch } from './set-batch.ts';
import { type SignedEntry, signedEntryOf } from './signed-entry.ts';
import { transactionOf, type VerifiedTx } from './transaction.ts';

/** How a server is reached. */
export interface ServerPlace {
  /** Host and port. */
  readonly address: string;
  readonly user: string;
  readonly password: string;
  /** Encrypted, by the certificates that Node trusts; false by default. */
  readonly tls?: boolean | undefined;
  /** The certificates, in PEM, that the server's must come from instead; encrypted, too. */
  readonly rootCertificates?: string | undefined;
  /** How long one call may take; 10 s by default. */
  readonly deadlineMs?: number | undefined;
  /** How long one waits for those who asked before; for ever by default. */
  readonly patienceMs?: number | undefined;
}

/** One ledger: a database of a server, the key that its states are signed with (PEM, SPKI, P-256), and where ours is kept. */
export interface ImmudbOptions extends ServerPlace {
  /** In small letters, as immudb signs it. */
  readonly database: string;
  readonly serverPublicKey: string;
  readonly states: StatePort;
}

/**
 * A ledger whose every answer is proved before it is given; one that cannot be is refused by name. All throw `dependency_down`
 * while the server is away, and go on by themselves when it is back.
 */
export interface Immudb extends AsyncDisposable {
  /** Writes up to 1,024 entries at once, each key once and for ever; gives the transaction of each, mostly one of all. */
  setBatch(entries: readonly KeyValue[]): Promise<Answer<readonly TxRef[]>>;
  /** The value of a key; null when the server says that there is none, which it cannot prove. */
  get(key: Buffer): Promise<Answer<VerifiedEntry | null>>;
  /** All values of a key, oldest first; that none is left out is not proved. */
  history(key: Buffer): Promise<Answer<readonly VerifiedEntry[]>>;
  /** A whole transaction: everything that is in it. */
  transaction(txId: bigint): Promise<Answer<VerifiedTx>>;
  /** The value of a key in a transaction, with what proves it to others. */
  signedEntry(lookup: { readonly key: Buffer; readonly txId: bigint }): Promise<Answer<SignedEntry>>;
  /** The newest transaction, proved to go on from the kept state; null for an empty database. */
  state(): Promise<Answer<TxRef | null>>;
  close(): Promise<void>;
}

/** A client of one ledger; it connects when it is first asked. Throws for a key that is not on P-256. */
export function createImmudb(options: ImmudbOptions): Immudb {
  const { database, states, deadlineMs = DEADLINE_MS, patienceMs = Number.POSITIVE_INFINITY } = options;
  const ledger = { database, states, key: parseServerKey(options.serverPublicKey) };
  const channel = openChannel({ ...options, deadlineMs });
  const whenOpened = (session: Session) => currentState(ledger, session);
  const sessions = createSessions(channel, { ...options, whenOpened });
  const { take: turn, last } = inTurn(patienceMs);
  const close = () => last(() => sessions.close());
  return {
    setBatch: (entries) => turn(() => sessions.use((session) => setBatch({ ledger, session }, entries))),
    get: (key) => turn(() => sessions.use((session) => getEntry({ ledger, session }, { key, atTx: null }))),
    history: (key) => turn(() => sessions.use((session) => historyOf({ ledger, session }, key))),
    transaction: (txId) => turn(() => sessions.use((session) => transactionOf({ ledger, session }, txId))),
    signedEntry: (lookup) =>
      turn(() => sessions.use((session) => signedEntryOf({ ledger, session }, lookup))),
    state: () => turn(() => sessions.use((session) => currentState(ledger, session))),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Longer than the writing of a full batch takes on a slow disk. */
const DEADLINE_MS = 10_000;
