import { appError, ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind } from '@ironforge/service-kit';
import { changeEntry } from '../addresses/change-entry.ts';
import type { RegistryDeps } from '../deps.ts';

/** Vouch, as a second person, for a payee of the tenant; said again it changes nothing. */
export function verifyAddressEntry(deps: RegistryDeps): BoundRoute {
  return bind(ROUTES.verifyAddressEntry, async (request) => {
    const { userId } = request.caller;
    return await changeEntry(deps, request, (entry) => {
      if (entry.kind !== 'payee' || entry.user_id !== null) throw appError('illegal_transition');
      if (entry.created_by === userId) throw appError('second_person_needed');
      if (entry.verified_by !== null) return null;
      return { type: 'address_book.entry_verified', change: { verified_by: userId } };
    });
  });
}
