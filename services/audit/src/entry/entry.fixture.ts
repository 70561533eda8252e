import { randomUUID } from 'node:crypto';
import type { TenantId } from '@ironforge/kernel';
import type { Entry } from './entry.ts';

/** A new entry about a wallet; what the test is about is given. */
export function entryWith(tenantId: TenantId, given: Partial<Entry>): Entry {
  return {
    id: randomUUID(),
    tenantId,
    eventId: randomUUID(),
    aggregate: 'wallet:w',
    aggregateVersion: 1,
    type: 'wallet_updated',
    resourceType: 'wallet',
    resourceId: 'w',
    action: 'update',
    status: 'success',
    actorType: 'user',
    actorId: 'somebody',
    authority: null,
    requestId: null,
    chainId: null,
    txHash: null,
    occurredAt: new Date(0),
    details: {},
    personal: null,
    ...given,
  };
}
