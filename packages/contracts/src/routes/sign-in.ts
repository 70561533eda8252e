import { z } from 'zod';
import { nothing, route } from '../route.ts';
import { totpOrRecoveryCode } from '../step-up.ts';
import { givenPassword, password, tokenPair } from './credentials.ts';

const service = 'identity';

/** Sessions of people: how one begins, goes on and ends. */
export const signInRoutes = {
  login: route({
    method: 'POST',
    path: '/v1/auth/login',
    service,
    access: 'public',
    summary: 'Sign in with e-mail and password, and a code where an authenticator is in use',
    body: z
      .strictObject({
        email: z.string().min(1).max(254),
        password: givenPassword,
        newPassword: password
          .optional()
          .describe('takes the place of the password, which may have to be changed; another one'),
        tenant: z
          .string()
          .max(255)
          .optional()
          .describe('tenant id or name, needed when the e-mail is in two tenants'),
        totp: totpOrRecoveryCode
          .optional()
          .describe('the present code of the authenticator, if one is in use; a recovery code if it is lost'),
      })
      .refine(({ password: present, newPassword }) => present !== newPassword, {
        error: 'must be another password',
        path: ['newPassword'],
      }),
    reply: tokenPair,
    errors: ['invalid_credentials', 'password_change_required', 'totp_required', 'too_many_attempts'],
  }),
  refresh: route({
    method: 'POST',
    path: '/v1/auth/refresh',
    service,
    access: 'public',
    summary: 'Change a refresh token for a new pair; an old one that comes back ends the session',
    body: z.strictObject({ refreshToken: z.string().min(1).max(500) }),
    reply: tokenPair,
    errors: ['invalid_refresh_token'],
  }),
  logout: route({
    method: 'POST',
    path: '/v1/auth/logout',
    service,
    access: 'public',
    summary: 'End the session of a refresh token',
    body: z.strictObject({ refreshToken: z.string().min(1).max(500) }),
    reply: nothing,
    status: 204,
  }),
} as const;
