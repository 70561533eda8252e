import { ROUTES } from '@ironforge/contracts';
import { bind, type BoundRoute, causeOfRequest } from '@ironforge/service-kit';
import type { TenantStreams } from '../broker/tenant-streams.ts';

/** `POST /v1/audit/broker-stream/rotate-credentials`: another password for the stream's reader; the one before ends at once. */
export function rotateBrokerCredentials(streams: TenantStreams): BoundRoute {
  return bind(ROUTES.rotateAuditBrokerCredentials, async (request) => {
    const made = await streams.rotate({
      tenantId: request.caller.tenantId,
      cause: causeOfRequest(request),
    });
    return 'code' in made ? made : { status: 200, body: made };
  });
}
