import { cacheKey, KEYS, type Locks } from '@ironforge/cache';
import { branded, type TenantId } from '@ironforge/kernel';
import type { Store, Work } from '@ironforge/store';
import type { LaneKey } from '../queries/nonce-lanes.ts';

/**
 * Runs work that decides about a lane's nonces: one after the other in this process, and between processes as far as
 * Redis can tell. The work locks the lane's row first, so it is right at READ COMMITTED, whatever becomes of the queues
 * in front.
 */
export type WithLane = <T>(lane: LaneKey, work: Work<T>) => Promise<T>;

/** Makes the queues of one process: of all that wait for a lane here, one at a time asks Redis. */
export function createWithLane(deps: {
  readonly locks: Pick<Locks, 'withLock'>;
  readonly store: Store;
}): WithLane {
  const tails = new Map<string, Promise<unknown>>();
  return async (lane, work) => {
    const { tenantId, chainId, address } = lane;
    const key = cacheKey(KEYS.nonceLock, { tenantId, chainId, address: address.toLowerCase() });
    const scope = deps.store.forTenant(branded<TenantId>(tenantId));
    return await inTurn(tails, key.text, () =>
      deps.locks.withLock(key, () => scope.transaction(work, { isolation: 'read committed' })),
    );
  };
}

/** Waits for who came before under this name, whatever became of it. */
async function inTurn<T>(
  tails: Map<string, Promise<unknown>>,
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  const before = tails.get(name) ?? Promise.resolve();
  const mine = before.then(work, work);
  tails.set(name, mine);
  try {
    return await mine;
  } finally {
    if (tails.get(name) === mine) tails.delete(name);
  }
}
