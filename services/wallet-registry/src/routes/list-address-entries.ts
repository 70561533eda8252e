import { ROUTES } from '@ironforge/contracts';
import { answerPage, type BoundRoute, bind, cursorOfRow, readCursor } from '@ironforge/service-kit';
import { showEntry } from '../addresses/show-entry.ts';
import type { RegistryDeps } from '../deps.ts';
import { type Entry, listEntries } from '../queries/address-book.ts';

/** The entries of the tenant and one's own, newest first. */
export function listAddressEntries({ store }: RegistryDeps): BoundRoute {
  return bind(ROUTES.listAddressEntries, async ({ query, caller }) => {
    const { limit, cursor, kind } = query;
    const filter = { userId: caller.userId, kind, after: readCursor(cursor), count: limit + 1 };
    const rows = await store
      .forTenant(caller.tenantId)
      .transaction((tx) => listEntries(tx, caller.tenantId, filter));
    return answerPage({ query, rows, cursorOf, show: showEntry });
  });
}

function cursorOf({ created_at: createdAt, id }: Entry): string {
  return cursorOfRow({ createdAt, id });
}
