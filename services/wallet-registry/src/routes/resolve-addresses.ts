import { parseAddress } from '@ironforge/chain-evm';
import { INTERNAL_ROUTES } from '@ironforge/contracts';
import { branded, type TenantId } from '@ironforge/kernel';
import { type BoundRoute, bindForServices } from '@ironforge/service-kit';
import type { RegistryDeps } from '../deps.ts';
import { findKnown } from '../queries/address-book.ts';

/** What a tenant knows about addresses on a chain; of what is no address nothing is known. */
export function resolveAddresses({ store }: RegistryDeps): BoundRoute {
  return bindForServices(INTERNAL_ROUTES.resolveAddresses, async ({ body }) => {
    const { chainId, initiatorIds } = body;
    const tenantId = branded<TenantId>(body.tenantId);
    const addresses = body.addresses.flatMap((text) => {
      const parsed = parseAddress(text);
      return 'address' in parsed ? [parsed.address] : [];
    });
    const known = await store
      .forTenant(tenantId)
      .read((tx) => findKnown(tx, tenantId, { chainId, addresses, initiatorIds }));
    return { status: 200, body: { known } };
  });
}
