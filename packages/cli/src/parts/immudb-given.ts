import { readFileSync } from 'node:fs';
import { parseImmudbUrl } from '@ironforge/immudb';
import { trouble } from '../trouble.ts';
import { type ImmudbPlace, publicKeyOf } from './immudb-place.ts';

/**
 * A server that somebody else runs: `immudb://user:password@host:port/database` (`immudbs://` for TLS), and the key that it signs its states with
 * in the file that IMMUDB_PUBLIC_KEY_FILE names. Throws `usage`: whose states nobody can check proves nothing.
 */
export function givenImmudb(address: string, env: NodeJS.ProcessEnv): ImmudbPlace {
  const place = parseImmudbUrl(address);
  if (place === null)
    throw trouble(
      'usage',
      'IMMUDB_URL must be immudb://user:password@host:port/database, or immudbs:// for TLS',
    );
  return { ...place, serverPublicKey: pinnedKey(env['IMMUDB_PUBLIC_KEY_FILE']) };
}

function pinnedKey(file: string | undefined): string {
  try {
    return publicKeyOf(readFileSync(file ?? '', 'utf8'));
  } catch (error) {
    const what = 'IMMUDB_PUBLIC_KEY_FILE must name the public key (PEM, P-256) that the server signs with';
    throw trouble('usage', what, error);
  }
}
