import { appError, ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bindForServices } from '@ironforge/service-kit';
import type { IdentityDeps } from '../deps.ts';
import { useRefreshToken } from '../sign-in/use-refresh-token.ts';

/** Change a refresh token for a new pair. */
export function refresh(deps: IdentityDeps): BoundRoute {
  return bindForServices(ROUTES.refresh, async (request) => {
    const pair = await useRefreshToken(deps, request.body.refreshToken, request);
    return pair === null ? appError('invalid_refresh_token') : { status: 200, body: pair };
  });
}
