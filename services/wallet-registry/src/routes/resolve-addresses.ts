import { parseAddress } from '@ironforge/chain-evm';
import { INTERNAL_ROUTES } from '@ironforge/contracts';
import { branded, type TenantId } from '@ironforge/kernel';
import { type BoundRoute, bindForServices } from '@ironforge/service-kit';
import type { RegistryDeps } from '../deps.ts';
import type { Tx } from '@ironforge/store';
import type { z } from 'zod';
import { findKnown } from '../queries/address-book.ts';

type Question = z.output<(typeof INTERNAL_ROUTES)['getWalletForTransfer']['body']>['destination'];

/** What a tenant knows about addresses on a chain; of what is no address nothing is known. */
export function resolveAddresses({ store }: RegistryDeps): BoundRoute {
  return bindForServices(INTERNAL_ROUTES.resolveAddresses, async ({ body }) => {
    const tenantId = branded<TenantId>(body.tenantId);
    const known = await store.forTenant(tenantId).read((tx) => knownAddresses(tx, tenantId, body));
    return { status: 200, body: { known } };
  });
}

/** Reads what the tenant knows of those among the texts that are addresses; nothing when nothing was asked. */
export async function knownAddresses(
  tx: Tx,
  tenantId: TenantId,
  question: Question,
): ReturnType<typeof findKnown> {
  if (question === undefined) return [];
  const { chainId, initiatorIds } = question;
  const addresses = question.addresses.flatMap((text) => {
    const parsed = parseAddress(text);
    return 'address' in parsed ? [parsed.address] : [];
  });
  return addresses.length === 0 ? [] : await findKnown(tx, tenantId, { chainId, addresses, initiatorIds });
}
