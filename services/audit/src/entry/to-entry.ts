import type { EventType } from '@ironforge/contracts';
import { branded, type NewId, type TenantId } from '@ironforge/kernel';
import type { DomainEvent } from '@ironforge/service-kit';
import { authorityOf } from './authority.ts';
import type { OpenEntry } from './entry.ts';
import { ENTRY_KINDS, type EntryKind } from './entry-kinds.ts';
import { whereaboutsOf } from './whereabouts.ts';

/** The entry that an event becomes, or null for one that is not recorded apart. */
export function toEntry(event: DomainEvent, newId: NewId): OpenEntry | null {
  const kind = kindOf(event);
  if (kind === null) return null;
  const place = kind.placeOf(event.data);
  const isOrdered = kind.order === 'by_version';
  return {
    id: newId(),
    tenantId: branded<TenantId>(event.tenantid),
    eventId: event.id,
    aggregate: isOrdered ? `${areaOf(event.type)}:${event.subject}` : event.id,
    aggregateVersion: isOrdered ? event.aggregateversion : 0,
    type: kind.type,
    resourceType: kind.resourceType,
    action: kind.action,
    status: kind.status,
    ...place,
    resourceId: place.resourceId ?? event.subject,
    ...causeOf(event),
    occurredAt: new Date(event.time),
    details: event.data,
  };
}

function kindOf<T extends EventType>(event: DomainEvent<T>): EntryKind<DomainEvent<T>['data']> | null {
  return ENTRY_KINDS[event.type];
}

function areaOf(type: EventType): string {
  return type.slice(0, type.indexOf('.'));
}

function causeOf(event: DomainEvent) {
  return {
    actorType: event.actortype,
    actorId: event.actorid,
    authority: authorityIn(event),
    whereabouts: whereaboutsOf({ clientIp: event.clientip, userAgent: event.useragent }),
    requestId: event.requestid ?? null,
  };
}

function authorityIn({ actorroles, policyid: id, policyversion: version }: DomainEvent) {
  const policy = id === undefined || version === undefined ? null : { id, version };
  return authorityOf({ roles: actorroles?.split(','), policy });
}
