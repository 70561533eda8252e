import { z } from 'zod';
import { destinationKind } from '../destination.ts';
import { assetPrice, currency, fiatAmount } from '../fiat.ts';
import { route } from '../route.ts';
import {
  addressInput,
  assetId,
  chainId,
  hexBytes,
  humanText,
  nameText,
  page,
  pageOf,
  units,
  utcTime,
  uuid,
  wholeNumber,
} from '../scalars.ts';
import { ROLES } from '../permissions.ts';
import { stepUp } from '../step-up.ts';

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

const hours = z.int().min(1).max(8_760);
const maxAgeSeconds = z.int().min(1).max(604_800).optional().describe('3,600 when left out');

/** How many ids, addresses or roles a condition may list: a hundred rules of such a list would not fit into a body anyway. */
const MOST_LISTED = 1_000;

const when = z.strictObject({
  chainIds: z.array(chainId).min(1).max(100).optional(),
  walletIds: z.array(uuid).min(1).max(MOST_LISTED).optional(),
  walletTags: z.array(nameText(100)).min(1).max(100).describe('the wallet has one of them').optional(),
  assetIds: z.array(assetId).min(1).max(MOST_LISTED).optional(),
  amount: z.strictObject({ min: units.optional(), max: units.optional() }).optional(),
  fiatAmount: z
    .strictObject({
      currency,
      min: fiatAmount.optional(),
      max: fiatAmount.optional(),
      maxAgeSeconds,
    })
    .describe(
      'of what the amount is worth by a price of POST /v1/prices that is not older; where this would decide and there is none, the request is denied',
    )
    .optional(),
  destinations: z.array(addressInput).min(1).max(MOST_LISTED).optional(),
  destinationKinds: z
    .array(destinationKind)
    .min(1)
    .max(destinationKind.options.length)
    .describe(
      'the recipient is one of these: a wallet of the tenant that somebody else registered, a payee that a second person verified, or blocked',
    )
    .optional(),
  methods: z
    .array(method)
    .min(1)
    .max(100)
    .describe('a request with data matches only rules that name its method, and rules that deny')
    .optional(),
  timeOfDay: timeOfDay.optional(),
  initiators: z
    .array(z.union([uuid, z.enum(ROLES)]))
    .min(1)
    .max(MOST_LISTED)
    .describe('ids of users and of API keys, and roles')
    .optional(),
  window: z
    .union([
      z.strictObject({ hours, max: units }),
      z.strictObject({ hours, max: fiatAmount, currency, maxAgeSeconds }),
    ])
    .describe(
      'holds while the amount fits into what the last hours left of max: in base units of one asset, or with a currency by what amounts of all assets are worth at their submission',
    )
    .optional(),
});

/** What one rejection does: it ends the request, or it ends it only once those who are left cannot be enough. */
export const rejection = z
  .enum(['ends', 'counts'])
  .describe(
    'ends (when left out): one rejection ends the request; counts: it goes on until those who have not decided cannot be enough',
  );
export type RejectionEffect = z.infer<typeof rejection>;

/** How many alternatives a rule may name. */
export const MOST_ALTERNATIVES = 10;
/** How many groups one alternative may name. */
export const MOST_GROUPS = 10;

const groupList = z.array(group).min(1).max(MOST_GROUPS);

const effect = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('allow') }),
  z.strictObject({ type: z.literal('deny') }),
  z.strictObject({
    type: z.literal('require_approvals'),
    groups: groupList.optional(),
    anyOf: z.array(groupList).min(1).max(MOST_ALTERNATIVES).optional(),
    timeoutHours: z.int().min(1).max(720).optional(),
    rejection: rejection.optional(),
    stepUp: stepUp
      .describe(
        'what each approval needs: a code of the second factor, or a signature of the approver’s address',
      )
      .optional(),
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

const rules = z.array(policyRule).min(1).max(100);
const otherRules = rules.optional().describe('tried in place of the rules of the policy');

const madeUp = z.strictObject({
  walletId: uuid,
  to: addressInput,
  assetId,
  amount: units,
  data: hexBytes.max(131_074).optional(),
  initiator: z.strictObject({ userId: uuid }).optional().describe('the caller when left out'),
  at: utcTime.optional().describe('when it would be submitted; now when left out'),
  rules: otherRules,
});

const past = z.strictObject({
  last: z.int().min(1).max(500).describe('so many of the newest requests that the caller sees'),
  rules: otherRules,
});

const simulation = z.object({
  transactionId: uuid.nullable(),
  at: utcTime.describe('when it was, or would be, submitted'),
  effect: z.enum(['allow', 'deny', 'require_approvals']),
  rule: z.string().nullable(),
  explanation: z.array(
    z.object({
      rule: z.string(),
      matched: z.boolean(),
      why: z.string(),
      details: z.array(z.object({ condition: z.string(), wanted: z.string(), given: z.string() })),
    }),
  ),
  prices: z.array(assetPrice).describe('that rules over fiat amounts were tried by'),
  required: z
    .array(z.object({ group: z.string(), required: wholeNumber, given: wholeNumber }))
    .describe('of the alternative that is nearest to its quorum'),
  alternatives: z.array(
    z.array(z.object({ group: z.string(), required: wholeNumber, approverIds: z.array(uuid) })),
  ),
});

/** Policies; after the first of a tenant they change by a quorum. */
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
      rules,
      isDefault: z.boolean().optional(),
    }),
    reply: policy,
    status: 201,
    idempotency: 'optional',
    change: 'possible',
    tag: 'version',
    errors: ['dependency_down'],
  }),
  updatePolicy: route({
    method: 'PATCH',
    path: '/v1/policies/{id}',
    service,
    access: 'policies:write',
    summary:
      'Give a policy another name, other rules, the place of the default, or an end; each is a new version',
    params: id,
    body: z.strictObject({
      name: nameText(100).optional(),
      description: humanText(1000).nullable().optional(),
      rules: rules.optional(),
      isDefault: z.literal(true).optional(),
      isActive: z.boolean().optional(),
    }),
    reply: policy,
    change: 'possible',
    tag: 'version',
    errors: ['illegal_transition', 'version_conflict', 'precondition_failed', 'dependency_down'],
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
    tag: 'version',
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
  simulatePolicy: route({
    method: 'POST',
    path: '/v1/policies/{id}/simulate',
    service,
    access: 'policies:read',
    summary:
      'What the policy, or other rules in its place, would say about a made-up request, or about the newest ones as if they were submitted anew; nothing is reserved or changed',
    params: id,
    body: z.union([madeUp, past]),
    reply: z.object({ data: z.array(simulation) }),
    errors: ['unknown_asset', 'dependency_down'],
  }),
} as const;
