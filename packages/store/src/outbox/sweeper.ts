import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@ironforge/kernel';
import type { Store } from '../store.ts';
import type { Relay } from './relay.ts';
import { forgetMessages } from './forget.ts';
import type { WrittenMessage } from './message.ts';
import { claimOutbox } from './rows.ts';

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

const BATCH = 500;
/** Old rows are removed once in so many sweeps and with each while there are more, in larger batches than they are written. */
const FORGET_EVERY_SWEEPS = 60;
const FORGOTTEN_AT_ONCE = 5_000;

/** Relays, again and again, what the fast path left behind: after a crash, a broker that was away, a lost mark. */
export async function sweepUntil(
  stop: AbortSignal,
  deps: SweeperDeps,
  options: SweeperOptions,
): Promise<void> {
  let isMoreOld = false;
  for (let sweeps = 0; !stop.aborted; sweeps += 1) {
    if (isMoreOld || sweeps % FORGET_EVERY_SWEEPS === 0) isMoreOld = await forget(deps, options);
    await sweep(stop, deps, options);
    await sleep(options.intervalMs, undefined, { signal: stop }).catch(() => {});
  }
}

/**
 * Relays whole batches. Once the broker has taken one, each is handed over while the last confirms of the one before are
 * missing, and the next is claimed meanwhile. A broker that refuses is given time.
 */
async function sweep(stop: AbortSignal, deps: SweeperDeps, options: SweeperOptions): Promise<void> {
  const claimAfter = async (batch: readonly WrittenMessage[]) =>
    batch.length === BATCH && !stop.aborted ? await claim(deps, options) : [];
  let before: Promise<boolean> | null = null;
  try {
    let batch = await claim(deps, options);
    while (batch.length > 0) {
      const published: Promise<boolean> = deps.relay.relay(batch);
      const [isTaken, next] = await Promise.all([before ?? published, claimAfter(batch)]);
      before = published;
      batch = isTaken ? next : [];
      if (!isTaken && next.length > 0) deps.relay.giveBack(next);
    }
  } catch (error) {
    deps.log.warn({ err: error }, 'sweeping the outbox failed; tried again');
  }
  await before;
}

/** True when there may be more to remove. */
async function forget(
  { store, log }: SweeperDeps,
  { service, retentionDays }: SweeperOptions,
): Promise<boolean> {
  const forgetting = { service, days: retentionDays, limit: FORGOTTEN_AT_ONCE };
  try {
    const removed = await store
      .system('outbox_relay')
      .transaction((tx) => forgetMessages(tx, forgetting), { isolation: 'read committed' });
    return removed >= FORGOTTEN_AT_ONCE;
  } catch (error) {
    log.warn({ err: error }, 'old messages could not be removed; tried again');
    return false;
  }
}

async function claim(
  deps: SweeperDeps,
  { service, claimMs }: SweeperOptions,
): Promise<readonly WrittenMessage[]> {
  const isolation = 'read committed';
  const { messages, unreadableIds } = await deps.store
    .system('outbox_relay')
    .transaction((tx) => claimOutbox(tx, { service, claimMs, limit: BATCH }), { isolation });
  if (unreadableIds.length > 0) reportUnreadable(deps, unreadableIds);
  return messages;
}

function reportUnreadable({ log }: SweeperDeps, ids: readonly string[]): void {
  log.error({ alert: 'unreadable_outbox_rows', ids }, 'rows of the outbox are no messages and stay there');
}
