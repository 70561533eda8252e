import { appError, type Permission, ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind, canonicalIp, causeOfRequest, type UserCaller } from '@ironforge/service-kit';
import { answerSealedOnce } from '../accounts/answer-sealed-once.ts';
import { permissionList } from '../accounts/closed-lists.ts';
import { boundsOfMaker, boundsWithin, type KeyBounds } from '../accounts/key-bounds.ts';
import { apiKeyOfEvent, showApiKey } from '../accounts/show-api-key.ts';
import { makeApiKeyText } from '../credentials/api-key-text.ts';
import type { IdentityDeps } from '../deps.ts';
import { insertApiKey } from '../queries/api-keys.ts';

/** Make an API key for oneself; the key is shown only now. */
export function createApiKey(deps: IdentityDeps): BoundRoute {
  return bind(ROUTES.createApiKey, async (request) => {
    const { caller, body } = request;
    const permissions = grantable(caller, body.permissions);
    const scope = deps.store.forTenant(caller.tenantId);
    return await answerSealedOnce(deps, { scope, claim: request.idempotency }, async (tx) => {
      const id = deps.newId();
      const text = makeApiKeyText(id);
      const bounds = boundsWithin(await boundsOfMaker(tx, caller), askedBounds(body));
      const key = { ...newKey(caller, body.name, deps.clock()), ...bounds, id, permissions };
      const secret_hash = deps.keyedHash('api_key', text);
      await insertApiKey(tx, { ...key, secret_hash, made_by: caller.apiKeyId });
      const { tenantId } = caller;
      const content = { tenantId, subject: id, version: 1, cause: causeOfRequest(request) };
      const data = { apiKey: apiKeyOfEvent(key) };
      deps.outbox.add(tx, [deps.events.event('api_key.created', { ...content, data })]);
      return { status: 201, body: { ...showApiKey(key), key: text } };
    });
  });
}

/** What a new key may do: at most what its maker may do; null stands for all that its owner may do at the time of use. */
function grantable(caller: UserCaller, asked: readonly Permission[] | undefined): Permission[] | null {
  const own = permissionList.parse(caller.permissions);
  const missing = (asked ?? []).filter((permission) => !own.includes(permission));
  if (missing.length > 0)
    throw appError('permission_denied', { detail: `not yours to give: ${missing.join(', ')}` });
  if (asked !== undefined) return [...asked];
  return caller.apiKeyId === null ? null : own;
}

interface AskedBounds {
  readonly expiresAt?: string | undefined;
  readonly allowedIps?: string[] | undefined;
}

function askedBounds({ expiresAt, allowedIps }: AskedBounds): KeyBounds {
  return {
    expires_at: expiresAt === undefined ? null : new Date(expiresAt),
    allowed_ips: allowedIps?.map(canonicalIp) ?? null,
  };
}

function newKey({ tenantId, userId }: UserCaller, name: string, now: Date) {
  return {
    tenant_id: tenantId,
    user_id: userId,
    name,
    last_used_at: null,
    version: 1,
    created_at: now,
  };
}
