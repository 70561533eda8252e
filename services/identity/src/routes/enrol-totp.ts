import { randomBytes } from 'node:crypto';
import { appError, ROUTES } from '@ironforge/contracts';
import { type ApiRequest, type BoundRoute, bind, type UserCaller } from '@ironforge/service-kit';
import { refuseKey } from '../accounts/refuse-key.ts';
import { base32 } from '../credentials/totp.ts';
import type { IdentityDeps } from '../deps.ts';
import { findFactor } from '../queries/totp-factors.ts';
import { beginFirst, beginNext } from '../second-factor/begin-factor.ts';
import { proveOwner } from '../second-factor/prove-owner.ts';
import { refuseCode } from '../second-factor/refuse-code.ts';

type Request = ApiRequest<typeof ROUTES.enrolTotp, UserCaller>;

/** RFC 4226, section 4: at least 128 bits, 160 recommended. */
const SECRET_BYTES = 20;

/** Begin to use a second factor by one's password, or another one by a code of the present one or a recovery code; by a person, not by a key. */
export function enrolTotp(deps: IdentityDeps): BoundRoute {
  return bind(ROUTES.enrolTotp, async (request) => {
    const { caller } = request;
    const { code } = request.body;
    refuseKey(caller);
    if (code === undefined) await proveFirst(deps, request);
    const secret = randomBytes(SECRET_BYTES);
    const beginning = { place: { tenant_id: caller.tenantId, user_id: caller.userId }, secret };
    const outcome = await deps.store.forTenant(caller.tenantId).transaction(
      async (tx) => {
        if (code === undefined) return await beginFirst(deps, tx, beginning);
        return await beginNext(deps, tx, { ...beginning, code });
      },
      { isolation: 'read committed' },
    );
    refuseCode(outcome);
    const text = base32(secret);
    const label = `IronForge:${caller.userId}`;
    const uri = `otpauth://totp/${encodeURIComponent(label)}?secret=${text}&issuer=IronForge`;
    return { status: 200, body: { secret: text, uri } };
  });
}

/** Who has a factor proves it by a code, which is asked for below. */
async function proveFirst(deps: IdentityDeps, request: Request): Promise<void> {
  const { caller, body, ip, userAgent, requestId, traceparent } = request;
  const place = { tenant_id: caller.tenantId, user_id: caller.userId };
  const known = await deps.store.forTenant(caller.tenantId).read((tx) => findFactor(tx, place));
  if (known !== undefined && known.confirmed_at !== null) throw appError('step_up_required');
  await proveOwner(deps, { caller, password: body.password, ip, userAgent, requestId, traceparent });
}
