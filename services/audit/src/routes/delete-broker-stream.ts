import { ROUTES } from '@ironforge/contracts';
import { bind, type BoundRoute, causeOfRequest } from '@ironforge/service-kit';
import type { TenantStreams } from '../broker/tenant-streams.ts';

/** `DELETE /v1/audit/broker-stream`: removes the tenant's stream with all that is in it, and its reader. The log stays. */
export function deleteBrokerStream(streams: TenantStreams): BoundRoute {
  return bind(ROUTES.deleteAuditBrokerStream, async (request) => {
    const wish = { tenantId: request.caller.tenantId, cause: causeOfRequest(request) };
    return (await streams.remove(wish)) ?? { status: 204, body: undefined };
  });
}
