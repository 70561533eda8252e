import { formatKey, keyOf, type LogSigner, logSigner } from '@ironforge/audit-log';
import type { TenantId } from '@ironforge/kernel';

/** By what the logs of an installation are signed. */
export interface SigningIdentity {
  /** Begins the origin of each log; the tenant's id ends it. */
  readonly origin: string;
  /** The secret of the Ed25519 key, 32 bytes. */
  readonly seed: Uint8Array;
}

/** The signers of all tenants: one key, and a name for each log. */
export interface LogSigners {
  readonly signerOf: (tenantId: TenantId) => LogSigner;
  /** What a tenant's auditors verify by, in the form of C2SP signed-note: `origin+id+key`. */
  readonly verifierKeyOf: (tenantId: TenantId) => string;
}

/** Makes the signers; each is computed once, for a curve is slower than a look into a map. */
export function createLogSigners({ origin, seed }: SigningIdentity): LogSigners {
  const known = new Map<TenantId, LogSigner>();
  const signerOf = (tenantId: TenantId): LogSigner => {
    const signer = known.get(tenantId) ?? logSigner(`${origin}/${tenantId}`, seed);
    known.set(tenantId, signer);
    return signer;
  };
  return { signerOf, verifierKeyOf: (tenantId) => formatKey(keyOf(signerOf(tenantId))) };
}
