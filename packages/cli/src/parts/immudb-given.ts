import { readFileSync } from 'node:fs';
import { isRootCertificates, parseImmudbUrl } from '@ironforge/immudb';
import { trouble } from '../trouble.ts';
import { type ImmudbPlace, publicKeyOf } from './immudb-place.ts';

/**
 * A server that somebody else runs: `immudb://user:password@host:port/database` (`immudbs://` for TLS), and the key that it signs its states with
 * in the file that IMMUDB_PUBLIC_KEY_FILE names. For TLS, IMMUDB_CA_FILE names whom its certificate comes from, where Node trusts none of
 * them. Throws `usage`: whose states nobody can check proves nothing.
 */
export function givenImmudb(address: string, env: NodeJS.ProcessEnv): ImmudbPlace {
  const place = parseImmudbUrl(address);
  if (place === null)
    throw trouble(
      'usage',
      'IMMUDB_URL must be immudb://user:password@host:port/database, or immudbs:// for TLS',
    );
  const key = pinnedKey(env['IMMUDB_PUBLIC_KEY_FILE']);
  const authorities = env['IMMUDB_CA_FILE'];
  if (!authorities) return { ...place, serverPublicKey: key };
  if (place.tls !== true) throw trouble('usage', 'IMMUDB_CA_FILE is for a server of immudbs:// alone');
  return { ...place, serverPublicKey: key, rootCertificates: certificatesIn(authorities) };
}

function certificatesIn(file: string): string {
  const what = 'IMMUDB_CA_FILE must name certificates (PEM)';
  try {
    const pem = readFileSync(file, 'utf8');
    if (isRootCertificates(pem)) return pem;
  } catch (error) {
    throw trouble('usage', what, error);
  }
  throw trouble('usage', what);
}

function pinnedKey(file: string | undefined): string {
  try {
    return publicKeyOf(readFileSync(file ?? '', 'utf8'));
  } catch (error) {
    const what = 'IMMUDB_PUBLIC_KEY_FILE must name the public key (PEM, P-256) that the server signs with';
    throw trouble('usage', what, error);
  }
}
