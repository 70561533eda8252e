import { appError, ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind, type UserCaller } from '@ironforge/service-kit';
import { changeEntry, type EntryChange } from '../addresses/change-entry.ts';
import type { RegistryDeps } from '../deps.ts';
import type { Entry } from '../queries/address-book.ts';

/** Take an entry out; a blocked address goes when a second person asks for it too. */
export function removeAddressEntry(deps: RegistryDeps): BoundRoute {
  return bind(ROUTES.removeAddressEntry, async (request) => {
    return await changeEntry(deps, request, (entry) => removal(entry, request.caller));
  });
}

/** Throws `permission_denied`, and `second_person_needed` for who asked before. */
function removal({ kind, user_id, removal_asked_by }: Entry, caller: UserCaller): EntryChange {
  const { userId, permissions } = caller;
  if (user_id === null && !permissions.includes('address_book:share')) throw appError('permission_denied');
  const removed = { type: 'address_book.entry_removed', change: { removed_by: userId } } as const;
  if (kind === 'payee') return removed;
  if (removal_asked_by === userId) throw appError('second_person_needed');
  if (removal_asked_by !== null) return removed;
  return { type: 'address_book.removal_requested', change: { removal_asked_by: userId } };
}
