import { createImmudb, type Immudb } from '@ironforge/immudb';
import type { Store } from '@ironforge/store';
import type { Config } from '../config.ts';
import { createKeyWrap, type KeyWrap } from './key-wrap.ts';
import { createSqlStates } from './sql-states.ts';

/** The ledger that the configuration names, with its proved state in the database; null for an installation that has none. */
export function openLedger(config: Config, store: Store): OpenLedger | null {
  const { IMMUDB_URL: url, IMMUDB_PUBLIC_KEY: serverPublicKey, AUDIT_COPY_KEY: copyKey } = config;
  if (url === undefined || serverPublicKey === undefined || copyKey === undefined) return null;
  const place = { ...url, serverPublicKey, rootCertificates: config.IMMUDB_CA };
  const states = createSqlStates(store, place.database);
  const immudb = createImmudb({ ...place, states });
  // Of its own, so that whoever asks for a proof waits neither for a batch that is written nor long for a server that is away.
  const prover = createImmudb({ ...place, states, ...PROVING });
  const keyWrap = createKeyWrap(Buffer.from(copyKey, 'hex'));
  const close = async () => {
    await prover.close();
    await immudb.close();
  };
  return { database: place.database, immudb, prover, keyWrap, [Symbol.asyncDispose]: close };
}

/** One that hangs takes those with it who came in its first second. */
const PROVING = { deadlineMs: 2_000, patienceMs: 1_000 };

/** A ledger whose connections end with it. */
export interface OpenLedger extends AsyncDisposable {
  readonly database: string;
  readonly immudb: Immudb;
  readonly prover: Immudb;
  readonly keyWrap: KeyWrap;
}
