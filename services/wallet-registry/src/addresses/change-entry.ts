import { appError, type EventType, type ROUTES } from '@ironforge/contracts';
import { answerOnce, type ApiRequest, causeOfRequest, type UserCaller } from '@ironforge/service-kit';
import type { RegistryDeps } from '../deps.ts';
import { type Entry, lockEntry, updateEntry } from '../queries/address-book.ts';
import { entryEvent, showEntry } from './show-entry.ts';

/** What becomes of an entry, and the event that tells it. */
export interface EntryChange {
  readonly type: Extract<EventType, `address_book.${string}`>;
  readonly change: Partial<Pick<Entry, 'verified_by' | 'removal_asked_by' | 'removed_by'>>;
}

type Request = ApiRequest<typeof ROUTES.verifyAddressEntry, UserCaller>;

/** Decides about an entry that is locked, and stores and tells what was decided; null changes nothing. Throws `not_found`. */
export async function changeEntry(
  deps: RegistryDeps,
  request: Request,
  decide: (entry: Entry) => EntryChange | null,
) {
  const { tenantId, userId } = request.caller;
  const once = {
    scope: deps.store.forTenant(tenantId),
    claim: request.idempotency,
    transaction: { isolation: 'read committed' },
  } as const;
  return await answerOnce(once, async (tx) => {
    const before = await lockEntry(tx, tenantId, { id: request.params.id, userId });
    if (before === undefined) throw appError('not_found');
    const decided = decide(before);
    if (decided === null) return { status: 200, body: showEntry(before) };
    const entry = await updateEntry(tx, before, { ...decided.change, updated_at: deps.clock() });
    const cause = causeOfRequest(request);
    deps.outbox.add(tx, [entryEvent(deps.events, decided.type, { entry, cause })]);
    return { status: 200, body: showEntry(entry) };
  });
}
