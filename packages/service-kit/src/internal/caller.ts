import type { ApiKeyId, TenantId, UserId } from '@ironforge/kernel';

/** A person (or their API key) on whose behalf the gateway calls. */
export interface UserCaller {
  readonly kind: 'user';
  readonly tenantId: TenantId;
  readonly userId: UserId;
  /** Set when an API key authenticated instead of a session. */
  readonly apiKeyId: ApiKeyId | null;
  /** The session that called; null for an API key. */
  readonly sessionId: string | null;
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
}

/** Another service that calls for itself, or the gateway on a route that needs no login. */
export interface ServiceCaller {
  readonly kind: 'service';
  readonly service: string;
}

export type Caller = UserCaller | ServiceCaller;
