import { permissionList } from '../accounts/closed-lists.ts';
import { readApiKeyId } from '../credentials/api-key-text.ts';
import { equalHashes } from '../credentials/keyed-hash.ts';
import type { IdentityDeps } from '../deps.ts';
import { type ApiKeyAccess, findApiKeyAccess, noteApiKeyUse } from '../queries/api-keys.ts';
import { type CallerIdentity, callerIdentity } from './caller-identity.ts';

/** How exact `lastUsedAt` is, in milliseconds: not every request writes. */
const USE_NOTED_EVERY_MS = 60_000;

/** Who holds an API key; null when the key is unknown, revoked, expired, or used from a foreign address. */
export async function accessByKey(
  deps: IdentityDeps,
  text: string,
  clientIp: string,
): Promise<CallerIdentity | null> {
  const id = readApiKeyId(text);
  if (id === null) return null;
  const now = deps.clock();
  const secretHash = deps.keyedHash('api_key', text);
  const scope = deps.store.system('api_key');
  const key = await scope.read((tx) => findApiKeyAccess(tx, id));
  if (key === undefined || !isUsable(key, { secretHash, clientIp, now })) return null;
  if (isUseDue(key, now)) await scope.transaction((tx) => noteApiKeyUse(tx, key, now), READ_COMMITTED);
  return callerOfKey(key);
}

const READ_COMMITTED = { isolation: 'read committed' } as const;

interface Use {
  readonly secretHash: string;
  readonly clientIp: string;
  readonly now: Date;
}

function isUsable(key: ApiKeyAccess, { secretHash, clientIp, now }: Use): boolean {
  const isLive = key.revoked_at === null && (key.expires_at === null || key.expires_at > now);
  const isAllowedHere = key.allowed_ips === null || key.allowed_ips.includes(clientIp);
  return equalHashes(key.secret_hash, secretHash) && isLive && isAllowedHere;
}

function isUseDue(key: ApiKeyAccess, now: Date): boolean {
  return key.last_used_at === null || now.getTime() - key.last_used_at.getTime() >= USE_NOTED_EVERY_MS;
}

/** A key may do what its owner may do now, within its own scope. */
function callerOfKey(key: ApiKeyAccess): CallerIdentity | null {
  const owner = callerIdentity(key);
  if (owner === null) return null;
  const scope = permissionList.nullable().parse(key.permissions);
  const permissions = owner.permissions.filter((permission) => scope === null || scope.includes(permission));
  return { ...owner, apiKeyId: key.id, permissions };
}
