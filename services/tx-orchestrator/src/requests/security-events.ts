import type { EventData, EventType } from '@ironforge/contracts';
import { branded, type TenantId } from '@ironforge/kernel';
import type { Cause, EventMessage } from '@ironforge/service-kit';
import type { OrchestratorDeps } from '../deps.ts';

type SecurityEvent = Extract<EventType, `security.${string}`>;

/** A danger to be told; it belongs to no aggregate, so it has a subject of its own. */
export interface Danger<T extends SecurityEvent> {
  readonly tenantId: string;
  readonly cause: Cause;
  readonly data: EventData<T>;
}

/** Makes the message of a security event. */
export function securityEvent<T extends SecurityEvent>(
  { events, newId }: Pick<OrchestratorDeps, 'events' | 'newId'>,
  type: T,
  { tenantId, cause, data }: Danger<T>,
): EventMessage {
  return events.event(type, {
    tenantId: branded<TenantId>(tenantId),
    subject: newId(),
    version: 1,
    cause,
    data,
  });
}
