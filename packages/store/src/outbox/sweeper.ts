import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@ironforge/kernel';
import type { Store } from '../store.ts';
import type { Relay } from './relay.ts';
import { type Claimed, claimOutbox } from './rows.ts';

/** Whose rows are swept, and how often. */
export interface SweeperOptions {
  readonly service: string;
  readonly claimMs: number;
  readonly intervalMs: number;
}

/** What the sweeper stands on. */
export interface SweeperDeps {
  readonly store: Store;
  readonly relay: Relay;
  readonly log: Logger;
}

const BATCH = 200;

/** Relays, again and again, what the fast path left behind: after a crash, a broker that was away, a lost mark. */
export async function sweepUntil(
  stop: AbortSignal,
  deps: SweeperDeps,
  options: SweeperOptions,
): Promise<void> {
  while (!stop.aborted) {
    const isMoreToDo = await sweep(deps, options);
    if (!isMoreToDo) await sleep(options.intervalMs, undefined, { signal: stop }).catch(() => {});
  }
}

/** True when a whole batch went out, so that the next one is due at once; a broker that refuses is given time. */
async function sweep(deps: SweeperDeps, options: SweeperOptions): Promise<boolean> {
  try {
    const { messages, unreadableIds } = await claim(deps, options);
    if (unreadableIds.length > 0) reportUnreadable(deps, unreadableIds);
    return messages.length > 0 && (await deps.relay.relay(messages)) && messages.length === BATCH;
  } catch (error) {
    deps.log.warn({ err: error }, 'sweeping the outbox failed; tried again');
    return false;
  }
}

function claim({ store }: SweeperDeps, { service, claimMs }: SweeperOptions): Promise<Claimed> {
  const isolation = 'read committed';
  return store
    .system('outbox_relay')
    .transaction((tx) => claimOutbox(tx, { service, claimMs, limit: BATCH }), { isolation });
}

function reportUnreadable({ log }: SweeperDeps, ids: readonly string[]): void {
  log.error({ alert: 'unreadable_outbox_rows', ids }, 'rows of the outbox are no messages and stay there');
}
