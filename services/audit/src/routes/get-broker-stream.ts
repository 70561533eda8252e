import { ROUTES } from '@ironforge/contracts';
import { bind, type BoundRoute } from '@ironforge/service-kit';
import type { TenantStreams } from '../broker/tenant-streams.ts';

/** `GET /v1/audit/broker-stream`: the tenant's stream in the broker; its password is told by the routes that make one. */
export function getBrokerStream(streams: TenantStreams): BoundRoute {
  return bind(ROUTES.getAuditBrokerStream, async ({ caller: { tenantId } }) => {
    const found = await streams.find(tenantId);
    return 'code' in found ? found : { status: 200, body: found };
  });
}
