import { appError, INTERNAL_ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bindForServices } from '@ironforge/service-kit';
import { accessByKey } from '../access/access-by-key.ts';
import { accessBySession } from '../access/access-by-session.ts';
import type { IdentityDeps } from '../deps.ts';

/** Turn a credential into a caller, with the rights of this moment. */
export function authenticate(deps: IdentityDeps): BoundRoute {
  return bindForServices(INTERNAL_ROUTES.authenticate, async ({ body }) => {
    const caller =
      'accessToken' in body
        ? await accessBySession(deps, body.accessToken)
        : await accessByKey(deps, body.apiKey, body.clientIp);
    return caller === null ? appError('unauthenticated') : { status: 200, body: caller };
  });
}
