import { ROUTES } from '@ironforge/contracts';
import { present } from './present.ts';
import type { Tenant } from './tenant.ts';

/** The newest checkpoint of a tenant's log. */
export async function newestCheckpoint({ compliance }: Tenant) {
  return await compliance.call(ROUTES.getLatestAuditCheckpoint);
}

/** The proof of the first entry, in the newest tree, which is shown to have grown from one of so many entries. */
export async function proofOfFirst({ compliance }: Tenant, from: number) {
  const { data } = await compliance.call(ROUTES.listAuditEntries, { query: { limit: 1 } });
  const { id } = present(data[0], 'an entry');
  return await compliance.call(ROUTES.getAuditProof, { params: { id }, query: { from } });
}
