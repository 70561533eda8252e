import { type Logger, mayRetry } from '@ironforge/kernel';
import type { FollowerName } from '../queries/audit-followers.ts';

/** Tells of what keeps followers from going on: of each once, until it is well again. */
export interface FollowTeller {
  failed(follower: FollowerName, error: unknown): void;
  well(follower: FollowerName): void;
}

/** Makes a teller that has told nothing yet. */
export function createFollowTeller(log: Logger): FollowTeller {
  const failing = new Set<string>();
  return {
    failed: ({ tenantId, name }, error) => {
      const level = mayRetry(error) ? 'warn' : 'error';
      if (!failing.has(keyOf({ tenantId, name })))
        log[level]({ err: error, tenantId, follower: name }, 'entries did not arrive, it is tried again');
      failing.add(keyOf({ tenantId, name }));
    },
    well: ({ tenantId, name }) => {
      if (failing.delete(keyOf({ tenantId, name })))
        log.info({ tenantId, follower: name }, 'entries arrive again');
    },
  };
}

function keyOf({ tenantId, name }: FollowerName): string {
  return `${tenantId} ${name}`;
}
