import { z } from 'zod';
import * as told from '../events/identity.ts';
import { PERMISSIONS, ROLES } from '../permissions.ts';
import { nothing, route } from '../route.ts';
import { mustChangePassword, password } from './credentials.ts';
import { nameText, page, pageOf, utcTime, uuid } from '../scalars.ts';

const service = 'identity';
const email = z.email().max(254);
const roles = z.array(z.enum(ROLES)).min(1).max(ROLES.length);
const id = z.strictObject({ id: uuid });

const tenant = told.tenant.extend({ createdAt: utcTime });

const user = told.user.extend({
  email: z.string().nullable().describe('null once it was erased'),
  displayName: z.string().nullable().describe('null once it was erased'),
  mustChangePassword: z.boolean().describe('true: his next sign-in must bring a new password'),
  approvalAddress: z.string().nullable().describe('whose signatures prove his approvals'),
  lastLoginAt: utcTime.nullable(),
  createdAt: utcTime,
});

const apiKey = told.apiKey.extend({
  allowedIps: z.array(z.string()).nullable(),
  lastUsedAt: utcTime.nullable(),
  createdAt: utcTime,
});

/** Tenants, users, what proves them, API keys. */
export const identityRoutes = {
  getMe: route({
    method: 'GET',
    path: '/v1/me',
    service,
    access: 'authenticated',
    summary: 'Who am I, and what may I do',
    reply: z.object({
      id: uuid,
      tenantId: uuid,
      email: z.string(),
      displayName: z.string(),
      roles: z.array(z.enum(ROLES)),
      permissions: z.array(z.enum(PERMISSIONS)),
    }),
  }),
  createTenant: route({
    method: 'POST',
    path: '/v1/tenants',
    service,
    access: 'tenants:write',
    summary: 'Add a tenant with its first admin',
    body: z.strictObject({
      name: nameText(255),
      plan: told.tenant.shape.plan,
      limits: told.planLimits.partial().strict().optional(),
      admin: z.strictObject({ email, password, displayName: nameText(100), mustChangePassword }),
    }),
    reply: tenant.extend({ adminUserId: uuid }),
    status: 201,
    idempotency: 'optional',
  }),
  listTenants: route({
    method: 'GET',
    path: '/v1/tenants',
    service,
    access: 'tenants:read',
    summary: 'All tenants of the installation',
    query: z.strictObject(page),
    reply: pageOf(tenant),
  }),
  updateTenant: route({
    method: 'PATCH',
    path: '/v1/tenants/{id}',
    service,
    access: 'tenants:write',
    summary: 'Suspend a tenant or take it back; suspension ends its sessions and keys at once',
    params: id,
    body: z.strictObject({ status: told.tenant.shape.status }),
    reply: tenant,
  }),
  createUser: route({
    method: 'POST',
    path: '/v1/users',
    service,
    access: 'users:write',
    summary:
      'Add a user to the tenant; one with a say in what rules decide stays suspended until that is approved',
    body: z.strictObject({
      email,
      displayName: nameText(100),
      roles,
      password: password.optional(),
      mustChangePassword,
    }),
    reply: user,
    status: 201,
    idempotency: 'optional',
    change: 'possible',
    errors: ['email_exists', 'personal_data_erased', 'dependency_down'],
  }),
  listUsers: route({
    method: 'GET',
    path: '/v1/users',
    service,
    access: 'users:read',
    summary: 'The users of the tenant',
    query: z.strictObject({ ...page, role: z.enum(ROLES).optional(), status: user.shape.status.optional() }),
    reply: pageOf(user),
  }),
  getUser: route({
    method: 'GET',
    path: '/v1/users/{id}',
    service,
    access: 'users:read',
    summary: 'One user',
    params: id,
    reply: user,
  }),
  updateUser: route({
    method: 'PATCH',
    path: '/v1/users/{id}',
    service,
    access: 'users:write',
    summary: 'Change name, roles or status; suspension ends sessions and keys at once',
    params: id,
    body: z.strictObject({
      displayName: nameText(100).optional(),
      roles: roles.optional(),
      status: user.shape.status.optional(),
    }),
    reply: user,
    change: 'possible',
    errors: ['illegal_transition', 'version_conflict', 'dependency_down'],
  }),
  eraseUser: route({
    method: 'POST',
    path: '/v1/users/{id}/erase',
    service,
    access: 'users:write',
    summary:
      'Erase the personal data of a suspended or deleted user for good, by destroying his data key: also what the audit log holds of him opens no more, and every proof stays valid',
    params: id,
    reply: user,
    errors: ['illegal_transition'],
  }),
  resetTotp: route({
    method: 'DELETE',
    path: '/v1/users/{id}/totp',
    service,
    access: 'users:write',
    summary:
      'Take the authenticator of somebody else away, and end his sessions: he begins anew. Of somebody with a say in what rules decide others must approve it',
    params: id,
    reply: nothing,
    status: 204,
    change: 'possible',
    errors: ['second_person_needed', 'illegal_transition', 'version_conflict', 'dependency_down'],
  }),
  createApiKey: route({
    method: 'POST',
    path: '/v1/api-keys',
    service,
    access: 'api_keys:write',
    summary: 'Make an API key for oneself; the key is shown only now',
    body: z.strictObject({
      name: nameText(100),
      permissions: z.array(z.enum(PERMISSIONS)).min(1).max(PERMISSIONS.length).optional(),
      expiresAt: utcTime
        .optional()
        .describe('asked with an API key: at the latest when that one expires, which is also the default'),
      allowedIps: z
        .array(z.union([z.ipv4(), z.ipv6()]))
        .min(1)
        .max(50)
        .optional()
        .describe('asked with an API key: some of its own, which are also the default'),
    }),
    reply: apiKey.extend({ key: z.string() }),
    status: 201,
    idempotency: 'optional',
  }),
  listApiKeys: route({
    method: 'GET',
    path: '/v1/api-keys',
    service,
    access: 'api_keys:write',
    summary: "One's own API keys",
    query: z.strictObject(page),
    reply: pageOf(apiKey),
  }),
  deleteApiKey: route({
    method: 'DELETE',
    path: '/v1/api-keys/{id}',
    service,
    access: 'api_keys:write',
    summary: 'Revoke an API key at once, and those that were made by it',
    params: id,
    reply: nothing,
    status: 204,
  }),
} as const;
