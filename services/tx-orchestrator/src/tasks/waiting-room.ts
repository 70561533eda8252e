import { appError } from '@ironforge/contracts';

/** The seats of those whose call waits. */
export interface WaitingRoom {
  /** Takes a seat until it is disposed. Throws `too_many_waiting` when the room, or the tenant's share of it, is full. */
  sit(tenantId: string): Disposable;
  taken(): number;
  /** Aborted when the process closes: whoever waits goes, and nobody sits down any more. */
  readonly closed: AbortSignal;
  close(): void;
}

/** How many may wait in one process, and of one tenant. */
export interface Seats {
  readonly all: number;
  readonly ofTenant: number;
}

const RETRY_AFTER_SECONDS = 5;

/** Opens the room. */
export function createWaitingRoom(seats: Seats): WaitingRoom {
  const byTenant = new Map<string, number>();
  const closing = new AbortController();
  let taken = 0;
  return {
    taken: () => taken,
    closed: closing.signal,
    close: () => closing.abort(),
    sit: (tenantId) => {
      if (taken >= seats.all || (byTenant.get(tenantId) ?? 0) >= seats.ofTenant)
        throw appError('too_many_waiting', { retry: 'later', retryAfterSeconds: RETRY_AFTER_SECONDS });
      add(tenantId, 1);
      return { [Symbol.dispose]: () => add(tenantId, -1) };
    },
  };

  function add(tenantId: string, count: 1 | -1): void {
    const ofTenant = (byTenant.get(tenantId) ?? 0) + count;
    if (ofTenant === 0) byTenant.delete(tenantId);
    else byTenant.set(tenantId, ofTenant);
    taken += count;
  }
}
