import { deletionCertificate } from '@ironforge/contracts';
import type { ShownEntry } from '../queries/audit-entries.ts';

/** A deletion certificate as the API answers it, from the entry that it is. */
export function showCertificate({ id, sequence, occurred_at: prunedAt, details }: ShownEntry) {
  const certificate = deletionCertificate.parse(details);
  return { ...certificate, id, sequence: Number(sequence), prunedAt: prunedAt.toISOString() };
}
