import type { ApiKey } from '../queries/api-keys.ts';
import { permissionList } from './closed-lists.ts';

/** An API key as its owner sees it; the secret is not known any more. */
export function showApiKey(key: ApiKey) {
  return {
    ...apiKeyOfEvent(key),
    allowedIps: key.allowed_ips,
    lastUsedAt: key.last_used_at?.toISOString() ?? null,
    createdAt: key.created_at.toISOString(),
  };
}

/** An API key as events tell it. */
export function apiKeyOfEvent(key: ApiKey) {
  return {
    id: key.id,
    userId: key.user_id,
    name: key.name,
    permissions: permissionList.nullable().parse(key.permissions),
    expiresAt: key.expires_at?.toISOString() ?? null,
  };
}
