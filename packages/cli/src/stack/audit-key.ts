import { formatKey, logKey } from '@ironforge/audit-log';
import type { Home } from '../home.ts';
import { readSecrets } from '../secrets.ts';

/** Begins the name of each tenant's log. */
export const AUDIT_ORIGIN = 'ironforge.localhost/audit';

/** By what the log of a tenant of this installation is verified, in the form of C2SP signed-note: `origin+id+key`. */
export function auditKeyOf(home: Home, tenantId: string): string {
  const publicKey = Buffer.from(readSecrets(home).auditKey.x, 'base64url');
  return formatKey(logKey(`${AUDIT_ORIGIN}/${tenantId}`, publicKey));
}
