import { branded, type TenantId } from '@ironforge/kernel';
import type { Cause } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { IdentityDeps } from '../deps.ts';
import { type ApiKey, revokeApiKeys } from '../queries/api-keys.ts';
import { endFamilies } from '../queries/refresh-families.ts';
import { apiKeyOfEvent } from './show-api-key.ts';

type Whose = { readonly tenant_id: string; readonly user_id: string } | { readonly tenant_id: string };
type Deps = Pick<IdentityDeps, 'outbox' | 'events' | 'clock'>;

/** Ends every session and revokes every key of a user, or of a whole tenant; they do not come back with the account. */
export async function endAccess(
  deps: Deps,
  tx: Tx,
  { whose, cause }: { readonly whose: Whose; readonly cause: Cause },
): Promise<void> {
  const now = deps.clock();
  await endFamilies(tx, whose, { reason: 'suspended', now });
  const keys = await revokeApiKeys(tx, whose, now);
  deps.outbox.add(
    tx,
    keys.map((key) => keyRevoked(deps, key, cause)),
  );
}

/** The event of a key that was just revoked. */
export function keyRevoked(deps: Pick<IdentityDeps, 'events'>, key: ApiKey, cause: Cause) {
  return deps.events.event('api_key.revoked', {
    tenantId: branded<TenantId>(key.tenant_id),
    subject: key.id,
    version: key.version,
    cause,
    data: { apiKey: apiKeyOfEvent(key) },
  });
}
