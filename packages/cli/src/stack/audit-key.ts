import { formatKey, logKey } from '@ironforge/audit-log';
import type { Home } from '../home.ts';
import { type PrivateJwk, readSecrets } from '../secrets.ts';

/** Begins the name of each tenant's log. */
export const AUDIT_ORIGIN = 'ironforge.localhost/audit';

/** By what the log of a tenant of this installation is verified, in the form of C2SP signed-note: `origin+id+key`. */
export function auditKeyOf(home: Home, tenantId: string): string {
  return verifierKey(readSecrets(home).auditKey, tenantId);
}

/** The same with the keys that were rotated away, newest first: what checks a whole log, from its first checkpoint on. */
export function auditKeysOf(home: Home, tenantId: string): string[] {
  const { auditKey, auditEarlierKeys } = readSecrets(home);
  return [auditKey, ...auditEarlierKeys].map((key) => verifierKey(key, tenantId));
}

function verifierKey({ x }: PrivateJwk, tenantId: string): string {
  return formatKey(logKey(`${AUDIT_ORIGIN}/${tenantId}`, Buffer.from(x, 'base64url')));
}
