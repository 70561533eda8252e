import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@ironforge/kernel';
import type { Store } from '../store.ts';
import type { Relay } from './relay.ts';
import { forgetMessages } from './forget.ts';
import { type Claimed, claimOutbox } from './rows.ts';

/** Whose rows are swept, and how often. */
export interface SweeperOptions {
  readonly service: string;
  readonly claimMs: number;
  readonly intervalMs: number;
  /** What was published or taken in longer ago is removed. */
  readonly retentionDays: number;
}

/** What the sweeper stands on. */
export interface SweeperDeps {
  readonly store: Store;
  readonly relay: Relay;
  readonly log: Logger;
}

const BATCH = 200;
/** Old rows are removed once in so many sweeps, in larger batches than they are written. */
const FORGET_EVERY_SWEEPS = 60;
const FORGOTTEN_AT_ONCE = 5_000;

/** Relays, again and again, what the fast path left behind: after a crash, a broker that was away, a lost mark. */
export async function sweepUntil(
  stop: AbortSignal,
  deps: SweeperDeps,
  options: SweeperOptions,
): Promise<void> {
  for (let sweeps = 0; !stop.aborted; sweeps += 1) {
    if (sweeps % FORGET_EVERY_SWEEPS === 0) await forget(deps, options);
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

async function forget(
  { store, log }: SweeperDeps,
  { service, retentionDays }: SweeperOptions,
): Promise<void> {
  const forgetting = { service, days: retentionDays, limit: FORGOTTEN_AT_ONCE };
  try {
    await store
      .system('outbox_relay')
      .transaction((tx) => forgetMessages(tx, forgetting), { isolation: 'read committed' });
  } catch (error) {
    log.warn({ err: error }, 'old messages could not be removed; tried again');
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
