import { randomBytes } from 'node:crypto';
import { appError, ROUTES } from '@ironforge/contracts';
import { type ApiRequest, type BoundRoute, bind, type UserCaller } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { base32 } from '../credentials/totp.ts';
import type { IdentityDeps } from '../deps.ts';
import { lockFactor, putFactor } from '../queries/totp-factors.ts';
import { checkCode, type CodeOutcome, secretPlace } from '../second-factor/check-code.ts';
import { refuseCode } from '../second-factor/refuse-code.ts';

type Request = ApiRequest<typeof ROUTES.enrolTotp, UserCaller>;

/** RFC 4226, section 4: at least 128 bits, 160 recommended. */
const SECRET_BYTES = 20;

/** Begin to use a second factor, or another one, for which a code of the present one is needed; by a person, not by a key. */
export function enrolTotp(deps: IdentityDeps): BoundRoute {
  return bind(ROUTES.enrolTotp, async (request) => {
    const { caller } = request;
    if (caller.apiKeyId !== null) return appError('permission_denied', { detail: 'sign in to do this' });
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

async function put(
  deps: IdentityDeps,
  tx: Tx,
  { request, secret }: { readonly request: Request; readonly secret: Buffer },
): Promise<CodeOutcome> {
  const place = { tenant_id: request.caller.tenantId, user_id: request.caller.userId };
  const { code } = request.body;
  const known = await lockFactor(tx, place);
  if (known !== undefined && known.confirmed_at !== null) {
    if (code === undefined) throw appError('step_up_required');
    const outcome = await checkCode(deps, tx, { place, code, factor: 'confirmed' });
    if (outcome !== 'accepted') return outcome;
  }
  const secretCipher = deps.cipher.seal(secretPlace(place), secret.toString('hex'));
  await putFactor(tx, place, { secretCipher, now: deps.clock() });
  return 'accepted';
}
