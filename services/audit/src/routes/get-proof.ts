import { ROUTES } from '@ironforge/contracts';
import type { Logger } from '@ironforge/kernel';
import { bind, type BoundRoute } from '@ironforge/service-kit';
import type { Store } from '@ironforge/store';
import type { OpenLedger } from '../copy/open-ledger.ts';
import { absenceOf } from '../keep/absence-of.ts';
import { proveCopy } from '../prove/prove-copy.ts';
import { proveEntry } from '../prove/prove-entry.ts';

/** `GET /v1/audit/entries/{id}/proof`: what a stranger needs to check that the entry is in the tenant's log. */
export function getProof({ store, ledger, log }: ProofDeps): BoundRoute {
  return bind(ROUTES.getAuditProof, async ({ caller: { tenantId }, params: { id }, query: { from } }) => {
    const wanted = { id, from: from ?? null, database: ledger?.database ?? null };
    const bundle = await store.forTenant(tenantId).transaction((tx) => proveEntry(tx, tenantId, wanted));
    if (bundle === undefined)
      return await store.forTenant(tenantId).read((tx) => absenceOf(tx, tenantId, id));
    const immudb = await proveCopy({ prover: ledger?.prover ?? null, log }, bundle.immudb);
    return { status: 200, body: { ...bundle, immudb } };
  });
}

/** Where the log is, and the ledger that it is copied into; null where there is none. */
export interface ProofDeps {
  readonly store: Store;
  readonly ledger: Pick<OpenLedger, 'database' | 'prover'> | null;
  readonly log: Logger;
}
