import { appError, ROUTES } from '@ironforge/contracts';
import { bind, type BoundRoute, type Places } from '@ironforge/service-kit';
import { findSealedSize } from '../queries/audit-sequencers.ts';
import { type TellDeps, tellEntries } from '../stream/tell-entries.ts';

/** What the route stands on. */
export interface StreamDeps extends TellDeps {
  /** How many streams a tenant may have open in this process. */
  readonly places: Places;
}

/** `GET /v1/audit/stream`: the tenant's entries as they are sealed, after `Last-Event-ID` or `after`, else from now on. */
export function streamEntries({ places, ...deps }: StreamDeps): BoundRoute {
  return bind(ROUTES.streamAuditEntries, async ({ caller: { tenantId }, query, headers, hungUp }) => {
    const { after: wanted, ...filter } = query;
    const lastSeen = headers['last-event-id'];
    if (lastSeen !== undefined && !/^(?:0|[1-9][0-9]{0,15})$/.test(lastSeen))
      return appError('invalid_header', { detail: 'Last-Event-ID is the number of an entry' });
    const size = await deps.store.forTenant(tenantId).read((tx) => findSealedSize(tx, tenantId));
    const after = BigInt(lastSeen ?? wanted ?? size);
    if (after > size) return beyondTheLog(size);
    const leave = places.take(tenantId);
    if (leave === null) return appError('too_many_streams', { retryAfterSeconds: RETRY_SECONDS });
    const pieces = tellEntries(deps, { tenantId, filter, after }, hungUp);
    return { status: 200, pieces, onEnd: leave, headers: { 'x-accel-buffering': 'no' } };
  });
}

const RETRY_SECONDS = 10;

/** Whoever has seen more than there is must hear of it: the log was rolled back, or it is another one. */
function beyondTheLog(size: bigint) {
  const detail = `the log has ${size} entries`;
  return appError('validation_failed', {
    detail,
    errors: [{ pointer: '/query/after', code: 'too_big', detail }],
  });
}
