import { z } from 'zod';
import { PERMISSIONS, ROLES } from '../permissions.ts';
import { monthOfYear, utcTime, uuid, wholeNumber } from '../scalars.ts';

/** A number that an INT4 column holds. */
const count = wholeNumber.max(2_147_483_647);

/** A plan's limits; requests are counted per minute over the whole tenant. */
export const planLimits = z.object({
  maxWallets: count,
  maxTransactionsPerDay: count,
  requestsPerMinute: count.min(1),
});

/** A tenant as its events tell it. */
export const tenant = z.object({
  id: uuid,
  name: z.string(),
  plan: z.enum(['free', 'pro', 'enterprise']),
  status: z.enum(['active', 'suspended']),
  limits: planLimits,
});

/** A user as his events tell him: neither name nor e-mail. */
export const user = z.object({
  id: uuid,
  roles: z.array(z.enum(ROLES)),
  status: z.enum(['active', 'suspended', 'deleted']),
});

/** An API key as its events tell it. */
export const apiKey = z.object({
  id: uuid,
  userId: uuid,
  name: z.string(),
  permissions: z.array(z.enum(PERMISSIONS)).nullable(),
  expiresAt: utcTime.nullable(),
});

/** What identity keeps of a person as a cipher, in the names of the API. */
const personalField = z.enum(['email', 'displayName']);

/** What identity says; no e-mail and no name travels. */
export const identityEvents = {
  'tenant.created': z.object({ tenant }),
  'tenant.updated': z.object({ tenant }),
  'user.registered': z.object({ user }),
  'user.updated': z.object({
    user,
    rightsChanged: z
      .boolean()
      .optional()
      .describe('whether roles or status are others than before; older events do not say'),
  }),
  'user.erased': z.object({ user }),
  'user.visitors_erased': z.object({ month: monthOfYear }),
  'user.personal_data_read': z.object({
    userIds: z.array(uuid).min(1),
    fields: z.array(personalField).min(1),
  }),
  'user.password_changed': z.object({ user }),
  'user.totp_confirmed': z.object({ user }),
  'user.totp_reset': z.object({ user }),
  'user.recovery_codes_renewed': z.object({ user }),
  'user.approval_address_set': z.object({ user, address: z.string() }),
  'api_key.created': z.object({ apiKey }),
  'api_key.revoked': z.object({ apiKey }),
  'session.login_succeeded': z.object({
    userId: uuid,
    sessionId: uuid,
    mfaUsed: z.boolean(),
    secondFactor: z
      .enum(['totp', 'recovery_code'])
      .nullable()
      .optional()
      .describe('by what code beside the password; older events do not say'),
  }),
  'session.login_failed': z.object({
    userId: uuid.nullable(),
    reason: z.enum([
      'unknown_account',
      'wrong_password',
      'suspended',
      'throttled',
      'no_code',
      'wrong_code',
      'password_to_change',
    ]),
  }),
  'session.logged_out': z.object({ userId: uuid, sessionId: uuid }),
  'security.refresh_token_reused': z.object({ userId: uuid, sessionId: uuid }),
} as const;
