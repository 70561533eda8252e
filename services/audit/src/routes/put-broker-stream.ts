import { ROUTES } from '@ironforge/contracts';
import { bind, type BoundRoute, causeOfRequest } from '@ironforge/service-kit';
import type { TenantStreams } from '../broker/tenant-streams.ts';

/** `PUT /v1/audit/broker-stream`: makes the tenant's stream, with a user that reads it alone, or says how long it keeps. */
export function putBrokerStream(streams: TenantStreams): BoundRoute {
  return bind(ROUTES.putAuditBrokerStream, async (request) => {
    const wish = { tenantId: request.caller.tenantId, cause: causeOfRequest(request) };
    const made = await streams.put(wish, request.body.maxAgeDays);
    return 'code' in made ? made : { status: 200, body: made };
  });
}
