import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@ironforge/kernel';
import type { Store } from '@ironforge/store';
import { type FollowerBehind, followersAhead, followersBehind } from '../queries/audit-followers.ts';
import { createAheadTeller } from './ahead-teller.ts';
import { createBehindTeller } from './behind-teller.ts';
import type { FollowTelemetry } from './follow-telemetry.ts';

/** What is watched. */
export interface FollowWatchDeps {
  readonly store: Store;
  readonly telemetry: FollowTelemetry;
  /** Whether a follower is one that should come on; others are rows of before. */
  readonly isWanted: (follower: Pick<FollowerBehind, 'tenant_id' | 'name'>) => boolean;
  readonly log: Logger;
}

/** How often, and when it is too long. */
export interface FollowWatchOptions {
  readonly intervalMs: number;
  /** A sealed entry that waits longer raises an alert. */
  readonly lagAlertSeconds: number;
}

/**
 * Shows how far each follower is behind, and tells once when one waits for too long, or has more than its log has, and once when it no
 * longer does. Until disposed.
 */
export function watchFollowers(deps: FollowWatchDeps, options: FollowWatchOptions): AsyncDisposable {
  const { store, telemetry, log } = deps;
  const stop = new AbortController();
  const tellBehind = createBehindTeller(log);
  const tellAhead = createAheadTeller(log);
  const running = watchUntilStopped();
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  };

  async function watchUntilStopped(): Promise<void> {
    while (!stop.signal.aborted) {
      await look().catch((error: unknown) => log.warn({ err: error }, 'the followers were not looked at'));
      await sleep(options.intervalMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  }

  async function look(): Promise<void> {
    const scope = store.system('audit_followers');
    tellAhead((await scope.read(followersAhead)).filter(deps.isWanted));
    const rows = await scope.read(followersBehind);
    const behind = rows.filter(deps.isWanted);
    telemetry.followersBehind(behind.map(({ name, entries }) => ({ name, entries: Number(entries) })));
    tellBehind(behind.filter((row) => Number(row.waited_seconds) >= options.lagAlertSeconds));
  }
}
