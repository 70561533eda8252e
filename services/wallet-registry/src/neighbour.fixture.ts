import {
  type BoundRoute,
  createMetrics,
  internalJwks,
  type Listening,
  type SigningKey,
  serveRoutes,
} from '@ironforge/service-kit';
import { createCollectingLogger } from '@ironforge/testing';

/** Another service as the registry sees it: one route, over HTTP and with real tokens of the registry's key. */
export async function startNeighbour(
  service: string,
  { d: _private, ...open }: SigningKey,
  route: BoundRoute,
): Promise<Listening> {
  const config = {
    PORT: 0,
    HOST: '127.0.0.1',
    NODE_ENV: 'test',
    INTERNAL_JWKS: internalJwks.parse({ keys: [open] }),
  } as const;
  const metrics = createMetrics(service);
  const parts = { checks: {}, metrics, log: createCollectingLogger(), clock: () => new Date() };
  return await serveRoutes({ service, config, routes: [route], ...parts });
}
