import type { TenantId } from '@ironforge/kernel';
import type { Store, Tx } from '@ironforge/store';
import { createNapper } from '../copy/create-napper.ts';
import type { SealedEntry } from '../queries/audit-entries.ts';
import type { Heads } from './create-heads.ts';
import type { FollowTeller } from './follow-teller.ts';
import { createFollowerPlace } from './follower-place.ts';

/** What following stands on. */
export interface FollowDeps {
  readonly store: Store;
  readonly heads: Pick<Heads, 'beyond'>;
  /** This process, among those that follow. */
  readonly holder: string;
  readonly teller: FollowTeller;
}

/** Who follows a log, under a name of its own, and what it does with what is sealed. */
export interface Follower {
  readonly tenantId: TenantId;
  readonly name: string;
  /**
   * Brings entries, in their order, to where they are to arrive; resolves once they have. When it throws, or this process dies, they come
   * again. No entries ask whether those before have still arrived. The signal is raised when the time for it is over.
   */
  readonly deliver: (entries: readonly SealedEntry[], signal: AbortSignal) => Promise<void>;
  /** Makes ready to deliver, and says where to begin after an interruption: at or before the place that is noted. */
  readonly beginFrom: (noted: bigint, signal: AbortSignal) => Promise<bigint>;
  /** Done with each taking of the lease, in its transaction. */
  readonly prepare: (tx: Tx) => Promise<void>;
}

/** How patient a follower is, in milliseconds. */
export interface FollowPauses {
  /** A process that dies is replaced after so long. */
  readonly leaseMs: number;
  /** One page has to arrive in so long; less than the lease. */
  readonly deliverMs: number;
  /** How often a process asks whether the one that follows is still there. */
  readonly busyMs: number;
  /** After the first failure in a row; each further one doubles it, up to `mostMs`. */
  readonly firstMs: number;
  readonly mostMs: number;
}

/**
 * Follows a log from the noted place on, at least once and in order, by one process at a time, until disposed. Sealing wakes it; after
 * a failure it tries again by itself; nothing waits for it.
 */
export function followLog(deps: FollowDeps, follower: Follower, pauses: FollowPauses): AsyncDisposable {
  const stop = new AbortController();
  const napper = createNapper(stop.signal);
  let failures = 0;
  const followOn = createTurns(deps, follower, { ...pauses, stopping: stop.signal, caughtUp });
  const running = followUntilStopped();
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  };

  /** A turn that goes well has no end, so what comes after this is not in a row with what went wrong before. */
  function caughtUp(): void {
    failures = 0;
    deps.teller.well(follower);
  }

  async function followUntilStopped(): Promise<void> {
    while (!stop.signal.aborted) {
      try {
        if ((await followOn()) === 'busy') await napper.sleep(pauses.busyMs);
        failures = 0;
      } catch (error) {
        if (stop.signal.aborted) return;
        deps.teller.failed(follower, error);
        await napper.sleep(Math.min(pauses.firstMs * 2 ** failures++, pauses.mostMs));
      }
    }
  }
}

interface Turning extends FollowPauses {
  readonly stopping: AbortSignal;
  /** Done each time that all there is has arrived. */
  readonly caughtUp: () => void;
}

/** Makes a turn: page after page while the lease is ours, until the end comes; where to begin is asked once in each. */
function createTurns(
  deps: FollowDeps,
  follower: Follower,
  pauses: Turning,
): () => Promise<'busy' | 'stopped'> {
  const { stopping, leaseMs, deliverMs } = pauses;
  const place = createFollowerPlace({ ...deps, leaseMs }, follower);
  return async () => {
    try {
      return await turn();
    } finally {
      // One that cannot be given back ends by itself, and what went wrong before is what must be told.
      if (stopping.aborted) await place.release().catch(() => undefined);
    }
  };

  async function turn(): Promise<'busy' | 'stopped'> {
    let after: bigint | null = null;
    let fence: bigint | null = null;
    while (!stopping.aborted) {
      const lease = await place.hold();
      if (lease === undefined) return 'busy';
      const inTime = anyOf(stopping, deliverMs);
      // Ours keeps its fence: under another one it is the place of a follower that was begun anew.
      if (after === null || lease.fence !== fence) after = await follower.beginFrom(lease.sequence, inTime);
      fence = lease.fence;
      const entries = await place.nextPage(after);
      await follower.deliver(entries, inTime);
      const last = entries.at(-1);
      if (last === undefined) await rest(after);
      else if (!(await place.advance({ ...lease, sequence: last.sequence }))) return 'busy';
      after = last?.sequence ?? after;
    }
    return 'stopped';
  }

  async function rest(after: bigint): Promise<void> {
    pauses.caughtUp();
    await deps.heads.beyond(follower.tenantId, after, anyOf(stopping, leaseMs / 3));
  }
}

function anyOf(signal: AbortSignal, ms: number): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(ms)]);
}
