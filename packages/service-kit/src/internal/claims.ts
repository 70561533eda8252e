import { type ApiKeyId, branded, isUuid, type TenantId, type UserId } from '@ironforge/kernel';
import { z } from 'zod';
import type { Caller } from './caller.ts';

/** How long an internal token lives, in seconds. */
export const INTERNAL_TOKEN_SECONDS = 60;

const uuid = z.string().refine(isUuid);

const userClaims = z.object({
  tenantId: uuid.transform((id) => branded<TenantId>(id)),
  sub: uuid.transform((id) => branded<UserId>(id)),
  apiKeyId: uuid.transform((id) => branded<ApiKeyId>(id)).nullable(),
  /** A gateway of before does not say it. */
  sessionId: uuid.nullable().default(null),
  roles: z.array(z.string()),
  permissions: z.array(z.string()),
});

const serviceClaims = z.object({ sub: z.never().optional() });

/** The claims of an internal token that say who calls. */
export function claimsOf(caller: Caller): Record<string, unknown> {
  if (caller.kind === 'service') return {};
  const { tenantId, userId, apiKeyId, sessionId, roles, permissions } = caller;
  return { tenantId, sub: userId, apiKeyId, sessionId, roles, permissions };
}

/** Who calls, by the claims of a verified token of `issuer`; null when the claims have another shape. */
export function callerOf(issuer: string, claims: unknown): Caller | null {
  if (serviceClaims.safeParse(claims).success) return { kind: 'service', service: issuer };
  const user = userClaims.safeParse(claims);
  if (!user.success) return null;
  const { sub, ...rest } = user.data;
  return { kind: 'user', userId: sub, ...rest };
}
