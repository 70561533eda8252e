import type { Bus, WrittenMessage } from '@ironforge/bus';
import { appError } from '@ironforge/contracts';
import type { TenantId } from '@ironforge/kernel';
import type { Follower } from '../follow/follow-log.ts';
import type { SealedEntry } from '../queries/audit-entries.ts';
import { streamName } from './stream-admin.ts';

/** The name of the follower that fills a tenant's stream. */
export const STREAM_FOLLOWER = 'broker';

/** Fills the stream of a tenant: what the broker has confirmed has arrived, and nothing is sent again without need. */
export function streamFollower(bus: Pick<Bus, 'publish'>, tenantId: TenantId): Follower {
  return {
    tenantId,
    name: STREAM_FOLLOWER,
    prepare: async () => undefined,
    beginFrom: async (noted) => noted,
    deliver: async (entries) => {
      const outcomes = await bus.publish(entries.map((entry) => toMessage(tenantId, entry)));
      const refused = outcomes.find((outcome) => !outcome.confirmed);
      if (refused !== undefined && !refused.confirmed)
        throw appError('dependency_down', { detail: `the stream does not take it: ${refused.reason}` });
    },
  };
}

/** The body is the very text that the leaf is made of. */
function toMessage(
  tenantId: TenantId,
  { sequence, follows, event_id: id, canonical, sealed_in }: SealedEntry,
): WrittenMessage {
  const place = { sequence: Number(sequence), follows: Number(follows) };
  const headers = { ...place, 'checkpoint-size': Number(sealed_in), 'tenant-id': tenantId };
  return {
    id,
    exchange: '',
    routingKey: streamName(tenantId),
    text: canonical,
    headers,
    contentType: 'application/json',
  };
}
