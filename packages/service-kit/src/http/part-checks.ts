import type { Bus } from '@ironforge/bus';
import { appError } from '@ironforge/contracts';
import type { Store } from '@ironforge/store';

/** The database answers. */
export function databaseCheck(store: Store): () => Promise<void> {
  return async () => {
    await store.system('health').transaction(async (tx) => void (await tx.raw('SELECT 1')));
  };
}

/** The broker is there and takes messages; a service that lives on them is not ready without it. */
export function brokerCheck(bus: Pick<Bus, 'state'>): () => Promise<void> {
  return async () => {
    const { connected, blocked } = bus.state();
    if (!connected || blocked) throw appError('dependency_down', { detail: 'the broker takes no messages' });
  };
}
