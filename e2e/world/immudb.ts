import { environment } from './environment.ts';

/** Where the second copy of the audit logs is reached, as IMMUDB_URL names it. */
export function immudbUrl(): string {
  if (environment.immudb === null) return 'none';
  const { address, database, user, password } = environment.immudb;
  const login = [user, password].map(encodeURIComponent).join(':');
  return `immudb://${login}@${address}/${database}`;
}
