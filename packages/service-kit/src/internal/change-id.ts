import { createHash } from 'node:crypto';
import type { NewId } from '@ironforge/kernel';
import type { IdempotencyClaim } from '../http/route.ts';

/** The id of the change that a request proposes: a repetition of the request proposes the same one. */
export function changeIdOf(claim: IdempotencyClaim | null, newId: NewId): string {
  if (claim === null) return newId();
  const { tenantId, principalId, route, key } = claim;
  const digest = createHash('sha256')
    .update(JSON.stringify([tenantId, principalId, route, key]))
    .digest('hex');
  const [a, b, c, d, e] = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    digest.slice(13, 16),
    digest.slice(17, 20),
    digest.slice(20, 32),
  ];
  // A custom UUID (RFC 9562, version 8).
  return `${a}-${b}-8${c}-8${d}-${e}`;
}
