import { randomBytes } from 'node:crypto';
import { appError, ROUTES } from '@ironforge/contracts';
import { type ApiRequest, type BoundRoute, bind, type UserCaller } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { refuseKey } from '../accounts/refuse-key.ts';
import { base32 } from '../credentials/totp.ts';
import type { IdentityDeps } from '../deps.ts';
import { findFactor, lockFactor, putFactor } from '../queries/totp-factors.ts';
import type { UserPlace } from '../queries/user-roles.ts';
import { checkCode, type CodeOutcome, secretPlace } from '../second-factor/check-code.ts';
import { proveOwner } from '../second-factor/prove-owner.ts';
import { refuseCode } from '../second-factor/refuse-code.ts';

type Request = ApiRequest<typeof ROUTES.enrolTotp, UserCaller>;

/** RFC 4226, section 4: at least 128 bits, 160 recommended. */
const SECRET_BYTES = 20;

/** Begin to use a second factor by one's password, or another one by a code of the present one; by a person, not by a key. */
export function enrolTotp(deps: IdentityDeps): BoundRoute {
  return bind(ROUTES.enrolTotp, async (request) => {
    const { caller } = request;
    refuseKey(caller);
    if (request.body.code === undefined) await proveFirst(deps, request);
    const secret = randomBytes(SECRET_BYTES);
    const outcome = await deps.store
      .forTenant(caller.tenantId)
      .transaction((tx) => put(deps, tx, { request, secret }), { isolation: 'read committed' });
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

async function put(
  deps: IdentityDeps,
  tx: Tx,
  { request, secret }: { readonly request: Request; readonly secret: Buffer },
): Promise<CodeOutcome> {
  const place = { tenant_id: request.caller.tenantId, user_id: request.caller.userId };
  const outcome = await proof(deps, tx, { place, code: request.body.code });
  if (outcome !== 'accepted') return outcome;
  const secretCipher = deps.cipher.seal(secretPlace(place), secret.toString('hex'));
  await putFactor(tx, place, { secretCipher, now: deps.clock() });
  return 'accepted';
}

/** Without a code the password was right; a factor that came to be meanwhile asks for its code all the same. */
async function proof(
  deps: IdentityDeps,
  tx: Tx,
  { place, code }: { readonly place: UserPlace; readonly code: string | undefined },
): Promise<CodeOutcome> {
  if (code !== undefined) return await checkCode(deps, tx, { place, code, factor: 'confirmed' });
  const known = await lockFactor(tx, place);
  if (known !== undefined && known.confirmed_at !== null) throw appError('step_up_required');
  return 'accepted';
}
