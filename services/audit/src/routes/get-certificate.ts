import { appError, ROUTES } from '@ironforge/contracts';
import { bind, type BoundRoute } from '@ironforge/service-kit';
import { showCertificate } from '../keep/show-certificate.ts';
import { proveEntry } from '../prove/prove-entry.ts';
import { findEntry } from '../queries/audit-entries.ts';
import type { ProofDeps } from './get-proof.ts';

/** `GET /v1/audit/deletion-certificates/{id}`: a certificate, and the proof that a stranger checks it by. */
export function getCertificate({ store, database }: ProofDeps): BoundRoute {
  return bind(ROUTES.getDeletionCertificate, async ({ caller: { tenantId }, params: { id } }) => {
    return await store.forTenant(tenantId).transaction(async (tx) => {
      const entry = await findEntry(tx, tenantId, id);
      const proof = await proveEntry(tx, tenantId, { id, from: null, database });
      if (entry?.type !== 'entries_pruned' || proof === undefined) return appError('not_found');
      return { status: 200, body: { certificate: showCertificate(entry), proof } };
    });
  });
}
