import { INTERNAL_ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bindForServices } from '@ironforge/service-kit';
import type { IdentityDeps } from '../deps.ts';
import { sealItems } from '../personal/seal-items.ts';

/** Encrypt what acts tell about people; the data keys stay here. */
export function sealPersonal(deps: IdentityDeps): BoundRoute {
  return bindForServices(INTERNAL_ROUTES.sealPersonal, async ({ body }) => {
    return { status: 200, body: { sealed: await sealItems(deps, body.items) } };
  });
}
