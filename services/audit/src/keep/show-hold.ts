import type { StoredHold } from '../queries/legal-holds.ts';

/** A legal hold as the API answers it. */
export function showHold(hold: StoredHold) {
  return {
    id: hold.id,
    name: hold.name,
    reason: hold.reason,
    scope: hold.scope,
    placedAt: hold.placed_at.toISOString(),
    releasedAt: hold.released_at?.toISOString() ?? null,
    releaseReason: hold.release_reason,
  };
}
