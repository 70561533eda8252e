import { appError, ROUTES, type SealedPersonal, sealedPersonal } from '@ironforge/contracts';
import { AppError } from '@ironforge/kernel';
import {
  type ApiRequest,
  bind,
  type BoundRoute,
  type CallInternal,
  causeOfRequest,
  type UserCaller,
} from '@ironforge/service-kit';
import type { Store } from '@ironforge/store';
import type { OwnEntries } from '../entry/own-entries.ts';
import { openWhereabouts } from '../personal/open-whereabouts.ts';
import { findEntry } from '../queries/audit-entries.ts';

/** Where entries are, who decrypts, and what makes the entry of it. */
export interface PersonalDeps {
  readonly store: Store;
  readonly call: CallInternal;
  readonly own: OwnEntries;
}

type Request = ApiRequest<typeof ROUTES.getAuditPersonal, UserCaller>;

/** `GET /v1/audit/entries/{id}/personal`: from where somebody acted. That it was read is an entry, committed before the answer. */
export function getPersonal(deps: PersonalDeps): BoundRoute {
  return bind(ROUTES.getAuditPersonal, async (request) => {
    const { tenantId } = request.caller;
    const row = await deps.store.forTenant(tenantId).read((tx) => findEntry(tx, tenantId, request.params.id));
    if (row === undefined) return appError('not_found');
    if (row.personal === null) return appError('not_found', { detail: 'this entry tells of nobody' });
    const personal = sealedPersonal.parse(row.personal);
    const opened = await openWhereabouts(deps.call, { tenantId, eventId: row.event_id, personal });
    if (opened instanceof AppError) return opened;
    await tellRead(deps, request, personal);
    return { status: 200, body: opened };
  });
}

async function tellRead({ store, own }: PersonalDeps, request: Request, { subject }: SealedPersonal) {
  const { tenantId } = request.caller;
  const entry = await own.make({
    type: 'personal_data_read',
    tenantId,
    resourceId: request.params.id,
    cause: causeOfRequest(request),
    details: { entryId: request.params.id, subject },
  });
  await store.forTenant(tenantId).transaction((tx) => own.store(tx, entry), { isolation: 'read committed' });
}
