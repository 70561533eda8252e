import { formatKey, keyOf, type LogSigner, logSigner } from '@ironforge/audit-log';
import type { TenantId } from '@ironforge/kernel';

/** By what the logs of an installation are signed. */
export interface SigningIdentity {
  /** Begins the origin of each log; the tenant's id ends it. */
  readonly origin: string;
  /** The secret of the Ed25519 key, 32 bytes. */
  readonly seed: Uint8Array;
  /** The same of the key before, which signs once more where the two change; null where it is not at hand. */
  readonly previousSeed: Uint8Array | null;
}

/** One key as the signer of a tenant's log, with what auditors verify by: `origin+id+key` (C2SP signed-note). */
export interface NamedSigner {
  readonly signer: LogSigner;
  readonly verifierKey: string;
}

/** The signers of all tenants: one key, perhaps the one before it, and a name for each log. */
export interface LogSigners {
  readonly signerOf: (tenantId: TenantId) => NamedSigner;
  readonly previousSignerOf: (tenantId: TenantId) => NamedSigner | null;
  /** What every verifier key of the present key ends in. */
  readonly publicPart: string;
}

/** Makes the signers; each is computed once, for a curve is slower than a look into a map. */
export function createLogSigners({ origin, seed, previousSeed }: SigningIdentity): LogSigners {
  const signerOf = namedSigners(origin, seed);
  const previousSignerOf = previousSeed === null ? () => null : namedSigners(origin, previousSeed);
  const { signer, verifierKey } = nameSigner(logSigner(origin, seed));
  const publicPart = verifierKey.slice(`${origin}+${signer.keyId}+`.length);
  return { signerOf, previousSignerOf, publicPart };
}

function namedSigners(origin: string, seed: Uint8Array): (tenantId: TenantId) => NamedSigner {
  const known = new Map<TenantId, NamedSigner>();
  return (tenantId) => {
    const named = known.get(tenantId) ?? nameSigner(logSigner(`${origin}/${tenantId}`, seed));
    known.set(tenantId, named);
    return named;
  };
}

function nameSigner(signer: LogSigner): NamedSigner {
  return { signer, verifierKey: formatKey(keyOf(signer)) };
}
