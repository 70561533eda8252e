import type { Bus, BusState } from '@ironforge/bus';
import { appError } from '@ironforge/contracts';
import type { Store } from '@ironforge/store';

/** The database answers. */
export function databaseCheck(store: Store): () => Promise<void> {
  return async () => {
    await store.system('health').transaction(async (tx) => void (await tx.raw('SELECT 1')));
  };
}

/** The broker is there and takes messages; a service that lives on them is not ready without it. */
export function brokerCheck(bus: Bus): () => Promise<void> {
  return async () => {
    if (!takesMessages(bus.state()))
      throw appError('dependency_down', { detail: 'the broker takes no messages' });
  };
}

/** False also while the broker is there and short of memory or disk. */
export function takesMessages({ connected, blocked }: Pick<BusState, 'connected' | 'blocked'>): boolean {
  return connected && !blocked;
}
