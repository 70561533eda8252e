import { setTimeout as sleep } from 'node:timers/promises';
import type { WatcherDeps } from '../deps.ts';
import { type LeaderClaim, renewLead } from '../queries/chain-cursors.ts';

/** So often within a lease it is renewed. */
const TIMES = 3;

/**
 * Works, and renews the lead of a chain meanwhile, if it is ours: a slow node must not pass the lead to a process that has the
 * same node before it. A process that hangs, or has lost its database, renews nothing.
 */
export async function keepLead<T>(deps: WatcherDeps, claim: LeaderClaim, work: () => Promise<T>): Promise<T> {
  const ended = new AbortController();
  const renewing = renewUntil(deps, claim, ended.signal);
  try {
    return await work();
  } finally {
    ended.abort();
    await renewing;
  }
}

async function renewUntil(deps: WatcherDeps, claim: LeaderClaim, ended: AbortSignal): Promise<void> {
  while (await rested(claim.leaseMs / TIMES, ended)) await tryRenewal(deps, claim);
}

async function rested(ms: number, ended: AbortSignal): Promise<boolean> {
  await sleep(ms, undefined, { signal: ended }).catch(() => {});
  return !ended.aborted;
}

/** Without it the lease ends by itself, and the fence refuses what this process writes from then on. */
async function tryRenewal({ store, log }: WatcherDeps, claim: LeaderClaim): Promise<void> {
  try {
    await store
      .system('chain_watcher')
      .transaction((tx) => renewLead(tx, claim), { isolation: 'read committed' });
  } catch (err) {
    log.warn({ err, chainId: claim.chainId }, 'the lead of the chain could not be renewed');
  }
}
