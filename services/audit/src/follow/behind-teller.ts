import type { Logger } from '@ironforge/kernel';
import { createListTeller } from '../create-list-teller.ts';
import type { FollowerBehind } from '../queries/audit-followers.ts';
import { keyOfFollower } from './key-of-follower.ts';

/** Tells of each follower once that a sealed entry waits for it for too long, and once that none does any more. */
export function createBehindTeller(log: Logger): (rows: readonly FollowerBehind[]) => void {
  return createListTeller<FollowerBehind>({
    keyOf: keyOfFollower,
    came: ({ tenant_id: tenantId, name, entries, waited_seconds: seconds }) => {
      const fields = { tenantId, follower: name, entries: Number(entries), seconds: Number(seconds) };
      log.error({ alert: alertOf(name), ...fields }, 'sealed entries do not arrive');
    },
    gone: ({ tenant_id: tenantId, name }) =>
      log.warn(
        { alert: alertOf(name), tenantId, follower: name },
        'sealed entries did not arrive, and do again',
      ),
  });
}

function alertOf(name: string): string {
  return name.startsWith('push:') ? 'audit_push_behind' : 'audit_stream_behind';
}
