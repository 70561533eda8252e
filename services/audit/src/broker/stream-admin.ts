import type { TenantId } from '@ironforge/kernel';
import type { Manage } from './management.ts';

/** Makes and removes what a tenant's stream consists of in the broker. Throws `dependency_down`. */
export interface StreamAdmin {
  /** The stream, and for how long it keeps what was published; true when there was none, so that it is empty. */
  putStream(tenantId: TenantId, maxAgeDays: number): Promise<boolean>;
  /** The user who may read this stream and do nothing else; whoever had another password is cut off. */
  putReader(tenantId: TenantId, password: string): Promise<void>;
  /** The reader first, so that nobody reads what is going away. */
  removeAll(tenantId: TenantId): Promise<void>;
}

/** The name of a tenant's stream, of its only reader, and of the policy that says how long it keeps. */
export function streamName(tenantId: TenantId): string {
  return `audit.stream.${tenantId}`;
}

/** A stream forgets whole segments alone, so they are small enough for days to count. */
const SEGMENT_BYTES = 20_000_000;

/** An administrator of the streams in one virtual host. */
export function createStreamAdmin(manage: Manage, vhost: string): StreamAdmin {
  return {
    putStream: async (tenantId, maxAgeDays) => {
      const name = streamName(tenantId);
      const { isCreated } = await manage('PUT', ['queues', vhost, name], {
        durable: true,
        arguments: { 'x-queue-type': 'stream', 'x-stream-max-segment-size-bytes': SEGMENT_BYTES },
      });
      // An argument would be for ever; a policy can be changed.
      await manage('PUT', ['policies', vhost, name], {
        pattern: exactly(name),
        definition: { 'max-age': `${maxAgeDays}D` },
        'apply-to': 'queues',
      });
      return isCreated;
    },
    putReader: async (tenantId, password) => {
      const name = streamName(tenantId);
      await manage('PUT', ['users', name], { password, tags: '' });
      await manage('PUT', ['permissions', vhost, name], {
        configure: '^$',
        write: '^$',
        read: exactly(name),
      });
      await cutOff(manage, name);
    },
    removeAll: async (tenantId) => {
      const name = streamName(tenantId);
      await manage('DELETE', ['users', name]);
      await cutOff(manage, name);
      await manage('DELETE', ['queues', vhost, name]);
      await manage('DELETE', ['policies', vhost, name]);
    },
  };
}

function exactly(name: string): string {
  return `^${name.replaceAll('.', '\\.')}$`;
}

/** A connection outlives the password by which it was opened. */
async function cutOff(manage: Manage, user: string): Promise<void> {
  await manage('DELETE', ['connections', 'username', user]);
}
