import type { Logger } from '@ironforge/kernel';
import { createListTeller } from '../create-list-teller.ts';
import type { FollowerAhead } from '../queries/audit-followers.ts';
import { keyOfFollower } from './key-of-follower.ts';

const ALERT = 'audit_follower_ahead';

/**
 * Tells of each follower once that its log is shorter than what it got, and once that it no longer is: what it goes on with then does
 * not say what else was sealed under the numbers that it has.
 */
export function createAheadTeller(log: Logger): (rows: readonly FollowerAhead[]) => void {
  return createListTeller<FollowerAhead>({
    keyOf: keyOfFollower,
    came: ({ tenant_id: tenantId, name: follower, followed, sealed }) => {
      const sizes = { followed: Number(followed), sealed: Number(sealed) };
      log.error(
        { alert: ALERT, tenantId, follower, ...sizes },
        'a log is shorter than what a follower got of it',
      );
    },
    gone: ({ tenant_id: tenantId, name: follower }) =>
      log.warn(
        { alert: ALERT, tenantId, follower },
        'a log was shorter than what a follower got, and no longer is',
      ),
  });
}
