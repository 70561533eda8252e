import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger, TenantId } from '@ironforge/kernel';
import type { Store } from '@ironforge/store';
import { logSizes } from '../queries/audit-sequencers.ts';

/** What heads are looked for with. */
export interface HeadsDeps {
  readonly store: Store;
  readonly log: Logger;
}

/** How long logs are; whoever follows one waits here for more of it. */
export interface Heads extends AsyncDisposable {
  /** This process has sealed: the log of a tenant has so many entries. */
  readonly grew: (tenantId: TenantId, size: bigint) => void;
  /** Resolves once the log of a tenant has more entries than these, or the signal is raised. */
  readonly beyond: (tenantId: TenantId, size: bigint, signal: AbortSignal) => Promise<void>;
}

/**
 * Makes heads. What this process seals wakes at once; what others seal is found by one look at the database in `lookMs` for all
 * who wait together, and none while nobody waits.
 */
export function createHeads(deps: HeadsDeps, lookMs: number): Heads {
  const known = new Map<TenantId, bigint>();
  const waiters = new Set<Waiter>();
  const stop = new AbortController();
  const running = lookUntilStopped();
  return {
    grew,
    beyond,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  };

  function grew(tenantId: TenantId, size: bigint): void {
    known.set(tenantId, size);
    for (const waiter of waiters) if (waiter.tenantId === tenantId && size > waiter.size) waiter.wake();
  }

  async function beyond(tenantId: TenantId, size: bigint, signal: AbortSignal): Promise<void> {
    if (signal.aborted || (known.get(tenantId) ?? 0n) > size) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiter = { tenantId, size, wake: () => resolve() };
    waiters.add(waiter);
    signal.addEventListener('abort', waiter.wake, { once: true });
    await promise;
    waiters.delete(waiter);
    signal.removeEventListener('abort', waiter.wake);
  }

  async function lookUntilStopped(): Promise<void> {
    while (!stop.signal.aborted) {
      await sleep(lookMs, undefined, { signal: stop.signal }).catch(() => undefined);
      await look().catch((error: unknown) => deps.log.warn({ err: error }, 'the logs were not looked at'));
    }
  }

  async function look(): Promise<void> {
    const tenantIds = [...new Set([...waiters].map(({ tenantId }) => tenantId))];
    if (tenantIds.length === 0 || stop.signal.aborted) return;
    const rows = await deps.store.system('audit_followers').read((tx) => logSizes(tx, tenantIds));
    for (const row of rows) grew(row.tenant_id, row.sealed_size);
  }
}

interface Waiter {
  readonly tenantId: TenantId;
  readonly size: bigint;
  readonly wake: () => void;
}
