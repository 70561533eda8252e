import type { ServerPlace } from './immudb.ts';

/** What a URL tells of a ledger; the key of its server comes by another way. */
export type LedgerPlace = Pick<ServerPlace, 'address' | 'user' | 'password' | 'tls'> & {
  readonly database: string;
};

/**
 * Reads `immudb://user:password@host:port/database`, or `immudbs://…` for TLS; null for another kind of text. Left out, the port is 3322, the user `immudb`
 * and the database `ironforge`.
 */
export function parseImmudbUrl(text: string): LedgerPlace | null {
  const url = URL.parse(text);
  const isEncrypted = url?.protocol === 'immudbs:';
  if (url === null || (url.protocol !== 'immudb:' && !isEncrypted) || url.hostname === '') return null;
  try {
    return {
      address: `${url.hostname}:${url.port || DEFAULT_PORT}`,
      database: decodeURIComponent(url.pathname.slice(1)) || 'ironforge',
      user: decodeURIComponent(url.username) || 'immudb',
      password: decodeURIComponent(url.password),
      ...(isEncrypted ? { tls: true } : {}),
    };
  } catch {
    return null; // A per cent sign that begins no byte.
  }
}

const DEFAULT_PORT = 3322;

/** The URL of a ledger, password included. */
export function formatImmudbUrl({ address, user, password, database, tls }: LedgerPlace): string {
  const login = [user, password].map(encodeURIComponent).join(':');
  return `${tls === true ? 'immudbs' : 'immudb'}://${login}@${address}/${encodeURIComponent(database)}`;
}
