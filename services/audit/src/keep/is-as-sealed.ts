import type { TenantId } from '@ironforge/kernel';
import type { DueEntry } from '../queries/due-entries.ts';
import { canBeOfMonth, type SealedText, sealedText } from './sealed-text.ts';

/** What an entry that is due is compared with. */
export interface Sealed {
  readonly tenantId: TenantId;
  readonly leaf: Buffer | undefined;
  /** The end of the month that it counts as. */
  readonly monthEnd: Date;
}

/**
 * Whether an entry is what was sealed: its text, every column by which it was found to be due or by which a hold could have kept it,
 * and that it did not happen after the month that it counts as.
 */
export function isAsSealed(entry: DueEntry, { tenantId, leaf, monthEnd }: Sealed): boolean {
  const said = sealedText(entry.canonical, leaf);
  if (said?.tenantId !== tenantId) return false;
  return saysTheSame(entry, said) && canBeOfMonth(said, monthEnd);
}

function saysTheSame(entry: DueEntry, said: SealedText): boolean {
  return (
    entry.id === said.id &&
    Number(entry.sequence) === said.sequence &&
    entry.event_id === said.eventId &&
    entry.type === said.type &&
    entry.resource_type === said.resourceType &&
    entry.resource_id === said.resourceId &&
    entry.actor_type === said.actor.type &&
    entry.actor_id === said.actor.id &&
    entry.occurred_at.getTime() === said.occurredAt.getTime()
  );
}
