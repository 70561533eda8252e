import type { SealedBy } from '../search/as-of.ts';

/** Up to where an answer goes, as the API says it. */
export function showSealedBy({ sequence, sealedAt }: SealedBy) {
  return { sequence: Number(sequence), sealedAt: sealedAt?.toISOString() ?? null };
}
