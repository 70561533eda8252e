import { z } from 'zod';
import { nothing, route } from '../route.ts';
import { page, pageOf, utcTime, uuid } from '../scalars.ts';
import { givenPassword, password, tokenPair } from './credentials.ts';

const service = 'identity';
const access = 'authenticated';

const session = z.object({
  id: uuid,
  createdAt: utcTime,
  lastUsedAt: utcTime.describe('when it began or was last refreshed'),
  expiresAt: utcTime,
  ip: z.string().nullable().describe('from where it began'),
  userAgent: z.string().nullable(),
  current: z.boolean().describe('whether it is the one that asks'),
});

/** What a person does with his own password and sessions; never by an API key. */
export const ownAccountRoutes = {
  changePassword: route({
    method: 'POST',
    path: '/v1/me/password',
    service,
    access,
    summary: 'Change one’s password: every session ends, and the answer begins a new one',
    body: z.strictObject({ currentPassword: givenPassword, newPassword: password }),
    reply: tokenPair,
    errors: ['step_up_failed', 'too_many_attempts', 'version_conflict'],
  }),
  listSessions: route({
    method: 'GET',
    path: '/v1/me/sessions',
    service,
    access,
    summary: 'One’s own sessions that have not ended',
    query: z.strictObject(page),
    reply: pageOf(session),
  }),
  endSession: route({
    method: 'DELETE',
    path: '/v1/me/sessions/{id}',
    service,
    access,
    summary: 'End one of one’s own sessions at once',
    params: z.strictObject({ id: uuid }),
    reply: nothing,
    status: 204,
  }),
} as const;
