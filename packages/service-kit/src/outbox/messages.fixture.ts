import { randomUUID } from 'node:crypto';
import type { Envelope } from '@ironforge/contracts';
import { branded, type TenantId } from '@ironforge/kernel';
import type { OutboxMessage } from '@ironforge/store';

/** The tenant of the tests. */
export const tenantId = branded<TenantId>('7d1f3a52-6f0a-4a6e-9d1b-0a1b2c3d4e5f');

/** What a test says about an event; the rest does not matter to it. */
interface Words {
  readonly subject?: string;
  readonly version?: number;
  readonly type?: string;
}

/** One event, for the exchange of events. */
export function event({
  subject = 'subject',
  version = 1,
  type = 'thing.happened',
}: Words = {}): OutboxMessage {
  const id = randomUUID();
  const body = envelopeOf({ id, subject, version, type });
  return { id, exchange: 'ironforge.events', routingKey: type, body };
}

/** The events 1 … count of one aggregate. */
export function versions(count: number): OutboxMessage[] {
  return Array.from({ length: count }, (_, index) => event({ version: index + 1 }));
}

/** One command, for a queue by its name. */
export function order(version: number): OutboxMessage {
  return { ...event({ version }), exchange: '', routingKey: 'orders' };
}

function envelopeOf({ id, subject, version, type }: Required<Words> & { readonly id: string }): Envelope {
  return {
    specversion: '1.0',
    id,
    type,
    source: 'tester',
    subject,
    time: '2026-01-01T00:00:00.000Z',
    datacontenttype: 'application/json',
    tenantid: tenantId,
    aggregateversion: version,
    actortype: 'service',
    actorid: 'tester',
    data: { amount: String(2n ** 80n) },
  };
}
