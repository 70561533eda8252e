import { appError, ROUTES } from '@ironforge/contracts';
import { present } from '@ironforge/kernel';
import { type BoundRoute, bind, causeOfRequest } from '@ironforge/service-kit';
import { answerSealedOnce } from '../accounts/answer-sealed-once.ts';
import { refuseGlobalRole } from '../accounts/refuse-global-role.ts';
import { registerUser } from '../accounts/register-user.ts';
import { showUser } from '../accounts/show-user.ts';
import type { IdentityDeps } from '../deps.ts';
import { findUser } from '../queries/users.ts';

/** Add a user to the tenant. */
export function createUser(deps: IdentityDeps): BoundRoute {
  return bind(ROUTES.createUser, async (request) => {
    const { email, displayName, roles, password } = request.body;
    const { tenantId } = request.caller;
    refuseGlobalRole(roles);
    const passwordHash = password === undefined ? null : await deps.passwords.hash(password);
    const registration = {
      tenantId,
      email,
      displayName,
      roles,
      passwordHash,
      cause: causeOfRequest(request),
    };
    const scope = deps.store.forTenant(tenantId);
    return await answerSealedOnce(deps, { scope, claim: request.idempotency }, async (tx) => {
      const id = await registerUser(deps, tx, registration);
      if (id === null) return appError('email_exists');
      const user = present(await findUser(tx, tenantId, id), 'the user just stored');
      return { status: 201, body: showUser(deps.cipher, user), headers: { Location: `/v1/users/${id}` } };
    });
  });
}
