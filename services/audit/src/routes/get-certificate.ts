import { appError, ROUTES } from '@ironforge/contracts';
import { bind, type BoundRoute } from '@ironforge/service-kit';
import { showCertificate } from '../keep/show-certificate.ts';
import { proveCopy } from '../prove/prove-copy.ts';
import { proveEntry } from '../prove/prove-entry.ts';
import { findEntry } from '../queries/audit-entries.ts';
import type { ProofDeps } from './get-proof.ts';

/** `GET /v1/audit/deletion-certificates/{id}`: a certificate, and the proof that a stranger checks it by. */
export function getCertificate({ store, ledger, log }: ProofDeps): BoundRoute {
  return bind(ROUTES.getDeletionCertificate, async ({ caller: { tenantId }, params: { id } }) => {
    const wanted = { id, from: null, database: ledger?.database ?? null };
    const [entry, bundle] = await store
      .forTenant(tenantId)
      .transaction(
        async (tx) => [await findEntry(tx, tenantId, id), await proveEntry(tx, tenantId, wanted)] as const,
      );
    if (entry?.type !== 'entries_pruned' || bundle === undefined) return appError('not_found');
    const immudb = await proveCopy({ prover: ledger?.prover ?? null, log }, bundle.immudb);
    return { status: 200, body: { certificate: showCertificate(entry), proof: { ...bundle, immudb } } };
  });
}
