import { appError, ROUTES } from '@ironforge/contracts';
import {
  answerOnce,
  type ApiRequest,
  type BoundRoute,
  bind,
  causeOfRequest,
  type UserCaller,
} from '@ironforge/service-kit';
import { entryEvent, showEntry } from '../addresses/show-entry.ts';
import type { RegistryDeps } from '../deps.ts';
import { type Entry, insertEntry } from '../queries/address-book.ts';
import { readAddress } from '../wallets/read-address.ts';

type Request = ApiRequest<typeof ROUTES.createAddressEntry, UserCaller>;

/** Add a payee or a blocked address. */
export function createAddressEntry(deps: RegistryDeps): BoundRoute {
  return bind(ROUTES.createAddressEntry, async (request) => {
    const entry = newEntry(deps, request);
    const once = { scope: deps.store.forTenant(request.caller.tenantId), claim: request.idempotency };
    return await answerOnce(once, async (tx) => {
      if (!(await insertEntry(tx, entry))) return appError('address_exists');
      const cause = causeOfRequest(request);
      deps.outbox.add(tx, [entryEvent(deps.events, 'address_book.entry_added', { entry, cause })]);
      return { status: 201, body: showEntry(entry) };
    });
  });
}

/** Throws `unknown_chain`, `validation_failed`, and `permission_denied` for who may only keep entries of his own. */
function newEntry({ chains, clock, newId }: RegistryDeps, { body, caller }: Request): Entry {
  const { kind = 'payee', chainId, label, tags = [] } = body;
  if (chains.find(chainId) === undefined)
    throw appError('unknown_chain', { errors: [{ pointer: '/chainId', code: 'unknown_chain' }] });
  const isShared = kind === 'blocked' || body.isShared === true;
  if (isShared && !caller.permissions.includes('address_book:share')) throw appError('permission_denied');
  const now = clock();
  return {
    id: newId(),
    tenant_id: caller.tenantId,
    kind,
    chain_id: chainId,
    address: readAddress(body.address),
    label,
    tags,
    user_id: isShared ? null : caller.userId,
    created_by: caller.userId,
    verified_by: null,
    removal_asked_by: null,
    removed_by: null,
    version: 1,
    created_at: now,
    updated_at: now,
  };
}
