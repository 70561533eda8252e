import { ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bindForServices } from '@ironforge/service-kit';
import type { IdentityDeps } from '../deps.ts';
import { failNoEarlierThan, REFUSAL_FLOOR_MS } from '../sign-in/no-earlier-than.ts';
import { signIn } from '../sign-in/sign-in.ts';

/** Sign in with e-mail and password, and a code where an authenticator is in use. */
export function login(deps: IdentityDeps): BoundRoute {
  return bindForServices(ROUTES.login, async ({ body, ip, userAgent, requestId, traceparent }) => {
    const attempt = { ...body, ip, userAgent, requestId, traceparent };
    return {
      status: 200,
      body: await failNoEarlierThan(REFUSAL_FLOOR_MS, async () => await signIn(deps, attempt)),
    };
  });
}
