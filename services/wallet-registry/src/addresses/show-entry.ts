import type { EventData, EventType } from '@ironforge/contracts';
import { branded, type TenantId } from '@ironforge/kernel';
import type { Cause, EventMaker, EventMessage } from '@ironforge/service-kit';
import type { Entry } from '../queries/address-book.ts';

type Told = EventData<'address_book.entry_added'>['entry'];

/** An entry as its events tell it. */
function describeEntry(entry: Entry): Told {
  return {
    id: entry.id,
    kind: entry.kind === 'blocked' ? 'blocked' : 'payee',
    status: statusOf(entry),
    chainId: entry.chain_id,
    address: entry.address,
    label: entry.label,
    tags: entry.tags,
    userId: entry.user_id,
    createdBy: entry.created_by,
    verifiedBy: entry.verified_by,
    removalAskedBy: entry.removal_asked_by,
  };
}

/** An entry as the API shows it. */
export function showEntry(entry: Entry) {
  const { created_at, updated_at } = entry;
  return {
    ...describeEntry(entry),
    createdAt: created_at.toISOString(),
    updatedAt: updated_at.toISOString(),
  };
}

/** An event with the whole entry as it is now. */
export function entryEvent(
  events: EventMaker,
  type: Extract<EventType, `address_book.${string}`>,
  { entry, cause }: { readonly entry: Entry; readonly cause: Cause },
): EventMessage {
  const { tenant_id, id: subject, version } = entry;
  const tenantId = branded<TenantId>(tenant_id);
  return events.event(type, { tenantId, subject, version, cause, data: { entry: describeEntry(entry) } });
}

function statusOf({ kind, user_id, verified_by, removal_asked_by, removed_by }: Entry): Told['status'] {
  if (removed_by !== null) return 'removed';
  if (removal_asked_by !== null) return 'removing';
  if (user_id !== null) return 'personal';
  return kind === 'blocked' || verified_by !== null ? 'active' : 'unverified';
}
