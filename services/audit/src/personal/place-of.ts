import type { PersonalPlace } from '@ironforge/contracts';

/** Where what is personal in an entry stands: known by its event's id before it is stored, it opens in no other entry. */
export function placeOf(eventId: string): PersonalPlace {
  return { table: 'audit_entries', column: 'personal', row: eventId };
}
