import { ROUTES } from '@ironforge/contracts';
import { bind, type BoundRoute } from '@ironforge/service-kit';
import type { Store } from '@ironforge/store';
import { absenceOf } from '../keep/absence-of.ts';
import { proveEntry } from '../prove/prove-entry.ts';

/** `GET /v1/audit/entries/{id}/proof`: what a stranger needs to check that the entry is in the tenant's log. */
export function getProof({ store, database }: ProofDeps): BoundRoute {
  return bind(ROUTES.getAuditProof, async ({ caller: { tenantId }, params: { id }, query: { from } }) => {
    const wanted = { id, from: from ?? null, database };
    return await store.forTenant(tenantId).transaction(async (tx) => {
      const bundle = await proveEntry(tx, tenantId, wanted);
      return bundle === undefined ? await absenceOf(tx, tenantId, id) : { status: 200, body: bundle };
    });
  });
}

/** Where the log is, and the database of immudb's that it is copied into; null where there is none. */
export interface ProofDeps {
  readonly store: Store;
  readonly database: string | null;
}
