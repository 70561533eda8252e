import type { Store } from '@ironforge/store';
import { type SealedEntry, sealedAfter } from '../queries/audit-entries.ts';
import {
  advanceFollower,
  type FollowerLease,
  holdFollower,
  releaseFollower,
} from '../queries/audit-followers.ts';
import type { Follower } from './follow-log.ts';

/** The noted place of a follower, and the right of one process to go on from there. */
export interface FollowerPlace {
  /** Takes or renews the lease; undefined while another process holds it. */
  hold(): Promise<FollowerLease | undefined>;
  /** The sealed entries after a number; none at the end of the log. */
  nextPage(after: bigint): Promise<SealedEntry[]>;
  /** Notes that what comes up to the lease's number has arrived; false when another process goes on by now. */
  advance(lease: FollowerLease): Promise<boolean>;
  release(): Promise<void>;
}

/** Who holds, and for how long when he dies. */
export interface HoldDeps {
  readonly store: Store;
  readonly holder: string;
  readonly leaseMs: number;
}

/** So many entries are delivered at once. */
const PAGE = 100;

/** The place of a follower as this process sees it. At READ COMMITTED: each is one statement on the follower's row. */
export function createFollowerPlace(deps: HoldDeps, { tenantId, name, prepare }: Follower): FollowerPlace {
  const { store, holder, leaseMs } = deps;
  const scope = store.forTenant(tenantId);
  return {
    hold: () =>
      scope.transaction(async (tx) => {
        await prepare(tx);
        return await holdFollower(tx, tenantId, { name, holder, leaseMs });
      }, READ_COMMITTED),
    nextPage: (after) => scope.read((tx) => sealedAfter(tx, tenantId, { after, limit: PAGE })),
    advance: (lease) =>
      scope.transaction((tx) => advanceFollower(tx, tenantId, { name, ...lease }), READ_COMMITTED),
    release: () => scope.transaction((tx) => releaseFollower(tx, tenantId, { name, holder }), READ_COMMITTED),
  };
}

const READ_COMMITTED = { isolation: 'read committed' } as const;
