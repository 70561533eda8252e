import { z } from 'zod';
import { route } from '../route.ts';
import {
  addressInput,
  assetId,
  chainId,
  humanText,
  nameText,
  page,
  pageOf,
  units,
  utcTime,
  uuid,
} from '../scalars.ts';
import { ROLES } from '../permissions.ts';

const service = 'tx-orchestrator';
const id = z.strictObject({ id: uuid });

const group = z.strictObject({
  name: nameText(100),
  approvers: z.array(uuid).min(1).max(100).optional(),
  role: z.enum(ROLES).optional(),
  required: z.int().min(1).max(100),
});

/** The days of a week as rules name them, beginning with Monday (ISO 8601). */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const timeOfDay = z
  .strictObject({
    weekdays: z.array(z.enum(WEEKDAYS)).min(1).max(7).optional(),
    from: z
      .string()
      .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/)
      .optional(),
    to: z
      .string()
      .regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/)
      .optional(),
  })
  .describe(
    'UTC, of the submission: from 00:00 to 24:00 unless said otherwise, `to` excluded; from above to runs past midnight and counts for the day on which it begins',
  );

const method = z
  .string()
  .regex(/^(?:0x[0-9a-fA-F]{8}|[A-Za-z_$][\w$]*\([\w,()[\]]*\))$/)
  .max(500)
  .describe('a 4-byte selector, or a signature such as transfer(address,uint256)');

const when = z.strictObject({
  chainIds: z.array(chainId).min(1).optional(),
  walletIds: z.array(uuid).min(1).optional(),
  walletTags: z.array(nameText(100)).min(1).describe('the wallet has one of them').optional(),
  assetIds: z.array(assetId).min(1).optional(),
  amount: z.strictObject({ min: units.optional(), max: units.optional() }).optional(),
  destinations: z.array(addressInput).min(1).optional(),
  methods: z
    .array(method)
    .min(1)
    .describe('a request with data matches only rules that name its method, and rules that deny')
    .optional(),
  timeOfDay: timeOfDay.optional(),
  initiators: z
    .array(z.union([uuid, z.enum(ROLES)]))
    .min(1)
    .describe('ids of users and of API keys, and roles')
    .optional(),
  window: z
    .strictObject({ hours: z.int().min(1).max(8_760), max: units })
    .describe('holds while the amount fits into what the last hours left of max, in base units of one asset')
    .optional(),
});

const effect = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('allow') }),
  z.strictObject({ type: z.literal('deny') }),
  z.strictObject({
    type: z.literal('require_approvals'),
    groups: z.array(group).min(1).max(10).optional(),
    anyOf: z.array(z.array(group).min(1).max(10)).min(1).max(10).optional(),
    timeoutHours: z.int().min(1).max(720).optional(),
  }),
]);

/** One rule: when all its conditions hold, its effect counts. */
export const policyRule = z.strictObject({ name: nameText(100), when, effect });
export type PolicyRuleInput = z.infer<typeof policyRule>;

const policy = z.object({
  id: uuid,
  name: z.string(),
  description: z.string().nullable(),
  version: z.int().min(1),
  isActive: z.boolean(),
  isDefault: z.boolean(),
  rules: z.array(policyRule),
  createdBy: uuid,
  createdAt: utcTime,
});

/** Policies; they change only by adding, until changes with a quorum exist. */
export const policyRoutes = {
  createPolicy: route({
    method: 'POST',
    path: '/v1/policies',
    service,
    access: 'policies:write',
    summary:
      'Add a policy: ordered rules, the first match wins, none matching denies; isDefault makes it the default in place of another',
    body: z.strictObject({
      name: nameText(100),
      description: humanText(1000).optional(),
      rules: z.array(policyRule).min(1).max(100),
      isDefault: z.boolean().optional(),
    }),
    reply: policy,
    status: 201,
  }),
  listPolicies: route({
    method: 'GET',
    path: '/v1/policies',
    service,
    access: 'policies:read',
    summary: 'The policies of the tenant',
    query: z.strictObject(page),
    reply: pageOf(policy),
  }),
  getPolicy: route({
    method: 'GET',
    path: '/v1/policies/{id}',
    service,
    access: 'policies:read',
    summary: 'One policy in the version in force',
    params: id,
    reply: policy,
  }),
  listPolicyVersions: route({
    method: 'GET',
    path: '/v1/policies/{id}/versions',
    service,
    access: 'policies:read',
    summary: 'All versions of a policy, newest first',
    params: id,
    query: z.strictObject(page),
    reply: pageOf(
      z.object({ version: z.int().min(1), rules: z.array(policyRule), createdBy: uuid, createdAt: utcTime }),
    ),
  }),
} as const;
