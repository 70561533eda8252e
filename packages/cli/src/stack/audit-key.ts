import { formatKey, keyOf, logSigner } from '@ironforge/audit-log';
import type { Secrets } from '../secrets.ts';

/** Begins the name of each tenant's log. */
export const AUDIT_ORIGIN = 'ironforge.localhost/audit';

/** By what the log of a tenant of this installation is verified, in the form of C2SP signed-note. */
export function auditPublicKey({ auditKey }: Pick<Secrets, 'auditKey'>, tenantId: string): string {
  return formatKey(keyOf(logSigner(`${AUDIT_ORIGIN}/${tenantId}`, Buffer.from(auditKey.d, 'base64url'))));
}
