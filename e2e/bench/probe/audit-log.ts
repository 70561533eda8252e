import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '@ironforge/testing';
import { z } from 'zod';
import { queryOne } from './database.ts';

/** Sees how far a tenant's log is sealed, by the clock of the database. */
export interface SealWatch {
  /** When so many entries were seen to be sealed, in milliseconds since 1970; the first look at which they were. */
  seenAt(sequence: number): number | undefined;
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 10;
const Look = z.object({ size: z.coerce.number(), at: z.coerce.number() });

/** Starts to look at the newest checkpoint of a tenant, a hundred times a second: a proof is there when its checkpoint is. */
export function watchSeals(tenantId: string): SealWatch {
  const looks: { readonly size: number; readonly at: number }[] = [];
  const stop = new AbortController();
  const look = async () => looks.push(await queryOne(Look, NEWEST, [tenantId]));
  const looking = (async () => {
    while (!stop.signal.aborted) {
      await look();
      await sleep(LOOK_EVERY_MS);
    }
  })();
  return {
    seenAt: (sequence) => looks.find(({ size }) => size >= sequence)?.at,
    stop: async () => {
      stop.abort();
      await looking;
      await look();
    },
  };
}

const Waiting = z.object({ waiting: z.coerce.number() });

/** Waits until all that a tenant's messages have for the audit log is sealed there. */
export async function untilSealed(tenantId: string): Promise<void> {
  const isSealed = async () => (await queryOne(Waiting, WAITING, [tenantId])).waiting === 0;
  await waitUntil('all is sealed', isSealed, { timeoutMs: 600_000, intervalMs: 100 });
}

const NEWEST = `
  SELECT coalesce(max(size), 0) AS size, extract(epoch FROM clock_timestamp()) * 1000 AS at
  FROM audit_checkpoints WHERE tenant_id = $1`;
/** Messages of types that the audit service has ever taken in, and that it has not taken in yet; and entries without a number. */
const WAITING = `
  SELECT (SELECT count(*) FROM outbox o WHERE o.tenant_id = $1
      AND o.routing_key IN (SELECT DISTINCT p.routing_key FROM inbox i JOIN outbox p ON p.id = i.message_id WHERE i.consumer = 'audit')
      AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.consumer = 'audit' AND i.message_id = o.id))
    + (SELECT count(*) FROM audit_entries WHERE tenant_id = $1 AND sequence IS NULL) AS waiting`;
