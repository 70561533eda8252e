import { z } from 'zod';
import { changeReceipt } from '../change-receipt.ts';
import { planLimits, tenant, user } from '../events/identity.ts';
import { wallet } from '../events/wallet.ts';
import { PERMISSIONS, ROLES } from '../permissions.ts';
import { personalItem, personalPlace, sealedPersonal } from '../personal.ts';
import { nothing, route } from '../route.ts';
import { destinationKind } from '../destination.ts';
import { callFailure } from '../simulation.ts';
import { assetId, chainId, hash32, hexBytes, units, utcTime, uuid, wholeNumber } from '../scalars.ts';
import { totpCode } from '../step-up.ts';
import { userSubject, walletSubject } from './change-content.ts';
import { difference, RECONCILED_BLOCKS, sentTransaction } from './reconciliation.ts';

const access = 'service';

const approvedChange = { tenantId: uuid, changeId: uuid, authorId: uuid };

/** Who calls, as identity knows it at this moment. */
export const callerIdentity = z.object({
  tenantId: uuid,
  userId: uuid,
  apiKeyId: uuid.nullable(),
  sessionId: uuid.nullable().default(null).describe('left out by an identity of before'),
  roles: z.array(z.enum(ROLES)),
  permissions: z.array(z.enum(PERMISSIONS)),
  limits: planLimits,
});

const feeSpeed = z.object({ maxFeePerGas: units, maxPriorityFeePerGas: units });

const destinationQuestion = z.strictObject({
  chainId,
  addresses: z
    .array(z.string().max(255))
    .max(12_500)
    .describe('one that is paid, and all that the most call data of a request can name'),
  initiatorIds: z
    .array(uuid)
    .max(10)
    .describe('who starts the transfer: a wallet that one of them registered is not vouched for by that'),
});

const knownAddress = z.object({ address: z.string(), kind: destinationKind });

/** Routes between services; never reachable through the gateway. */
export const internalRoutes = {
  authenticate: route({
    method: 'POST',
    path: '/internal/authenticate',
    service: 'identity',
    access,
    summary: 'Turn a credential into a caller, with the rights of this moment',
    body: z.union([
      z.strictObject({ accessToken: z.string().max(4000) }),
      z.strictObject({ apiKey: z.string().max(500), clientIp: z.string().max(45) }),
    ]),
    reply: callerIdentity,
    errors: ['unauthenticated'],
  }),
  resolveUsers: route({
    method: 'POST',
    path: '/internal/users/resolve',
    service: 'identity',
    access,
    summary: 'The present status and roles of users, who holds a role, and the limits of the tenant',
    body: z.strictObject({
      tenantId: uuid,
      userIds: z.array(uuid).max(1000),
      roles: z.array(z.enum(ROLES)),
    }),
    reply: z.object({
      users: z.array(user.extend({ approvalAddress: z.string().nullable() })),
      usersByRole: z.array(z.object({ role: z.enum(ROLES), userIds: z.array(uuid) })),
      limits: planLimits,
      tenantStatus: tenant.shape.status,
    }),
  }),
  verifyTotp: route({
    method: 'POST',
    path: '/internal/totp/verify',
    service: 'identity',
    access,
    summary: 'Whether a code of a second factor proves a person; it serves once',
    repetition: 'unsafe',
    body: z.strictObject({ tenantId: uuid, userId: uuid, code: totpCode }),
    reply: z.object({
      outcome: z.enum(['accepted', 'wrong', 'none', 'blocked']),
      retryAfterSeconds: z.number().optional().describe('of `blocked`'),
    }),
  }),
  sealPersonal: route({
    method: 'POST',
    path: '/internal/personal/seal',
    service: 'identity',
    access,
    summary: 'Encrypt personal data under the data keys of those whose it is; null for one who was erased',
    body: z.strictObject({ items: z.array(personalItem).min(1).max(200) }),
    reply: z.object({ sealed: z.array(sealedPersonal.nullable()).describe('in the order of the items') }),
  }),
  openPersonal: route({
    method: 'POST',
    path: '/internal/personal/open',
    service: 'identity',
    access,
    summary: 'Decrypt personal data, where the data key of the person is still there',
    body: z.strictObject({ tenantId: uuid, place: personalPlace, ...sealedPersonal.shape }),
    reply: z.discriminatedUnion('outcome', [
      z.object({ outcome: z.literal('opened'), text: z.string() }),
      z.object({ outcome: z.enum(['erased', 'unreadable']) }),
    ]),
  }),
  getWalletForTransfer: route({
    method: 'POST',
    path: '/internal/wallets/resolve',
    service: 'wallet-registry',
    access,
    summary: 'What a transfer needs to know of a wallet and an asset; null where there is none',
    body: z.strictObject({
      tenantId: uuid,
      walletId: uuid,
      assetId,
      destination: destinationQuestion.optional().describe('asked about along with them'),
    }),
    reply: z.object({
      wallet: wallet.omit({ name: true, type: true }).nullable(),
      asset: z.object({ assetId, chainId, symbol: z.string(), decimals: wholeNumber }).nullable(),
      known: z.array(knownAddress),
    }),
  }),
  resolveAddresses: route({
    method: 'POST',
    path: '/internal/addresses/resolve',
    service: 'wallet-registry',
    access,
    summary: 'What a tenant knows about addresses on a chain',
    body: destinationQuestion.extend({ tenantId: uuid }),
    reply: z.object({ known: z.array(knownAddress) }),
  }),
  proposeChange: route({
    method: 'POST',
    path: '/internal/changes',
    service: 'tx-orchestrator',
    access,
    summary: 'Whether others must approve what somebody wants to change; then it is a change. Once by its id',
    body: z.strictObject({
      tenantId: uuid,
      changeId: uuid,
      author: z.strictObject({ userId: uuid, apiKeyId: uuid.nullable() }),
      subject: z.discriminatedUnion('kind', [userSubject, walletSubject]),
      asksOnly: z.literal(true).optional().describe('nothing is stored, whatever the answer is'),
    }),
    reply: z.object({ change: changeReceipt.nullable().describe('null: it may be done at once') }),
    errors: ['dependency_down', 'idempotency_key_reused'],
  }),
  applyUserChange: route({
    method: 'POST',
    path: '/internal/changes/users',
    service: 'identity',
    access,
    summary: 'Do to a user, or to what proves him, what was approved, once by the id of the change',
    body: z.strictObject({ ...approvedChange, subject: userSubject }),
    reply: nothing,
    errors: ['illegal_transition', 'version_conflict'],
  }),
  applyWalletChange: route({
    method: 'POST',
    path: '/internal/changes/wallets',
    service: 'wallet-registry',
    access,
    summary: 'Do to a wallet what was approved, once by the id of the change',
    body: z.strictObject({ ...approvedChange, subject: walletSubject }),
    reply: nothing,
    errors: ['illegal_transition', 'version_conflict', 'wallet_exists', 'plan_limit_reached'],
  }),
  showMoves: route({
    method: 'POST',
    path: '/internal/chains/moves',
    service: 'chain-watcher',
    access,
    summary:
      'What some blocks hold of the wallets of a tenant, and in what they differ from what is stored of them',
    body: z.strictObject({
      tenantId: uuid,
      chainId,
      from: wholeNumber,
      count: z.int().min(1).max(RECONCILED_BLOCKS),
    }),
    reply: z.object({
      from: wholeNumber,
      to: wholeNumber.nullable().describe('the last block read; null when none of these is followed yet'),
      head: wholeNumber,
      lastHash: hash32.nullable(),
      confirmedHeight: z.int().describe('up to here, transfers have the depth that makes them confirmed'),
      differences: z.array(difference),
      sent: z.array(sentTransaction),
      received: z.array(
        z.object({
          walletId: uuid,
          txHash: hash32,
          index: wholeNumber,
          assetId,
          amount: units,
          blockHeight: wholeNumber,
          blockHash: hash32,
        }),
      ),
    }),
    errors: ['unknown_chain', 'dependency_down'],
  }),
  tokenDecimals: route({
    method: 'POST',
    path: '/internal/token-decimals',
    service: 'chain-watcher',
    access,
    summary: 'What a token says of its decimals; null when it does not say',
    body: z.strictObject({ chainId, assetId }),
    reply: z.object({ decimals: wholeNumber.nullable() }),
    errors: ['unknown_chain', 'unknown_asset', 'dependency_down'],
  }),
  quote: route({
    method: 'POST',
    path: '/internal/quote',
    service: 'chain-watcher',
    access,
    summary: 'What the chain says now about a transfer: fees, gas, mined count, funds, head',
    body: z.strictObject({
      chainId,
      from: z.string(),
      to: z.string(),
      assetId,
      amount: units,
      data: hexBytes.optional(),
    }),
    reply: z.object({
      feeModel: z.enum(['eip1559', 'legacy']),
      standard: feeSpeed,
      gasLimit: wholeNumber,
      failure: callFailure
        .nullable()
        .describe('why the transfer would fail at the head; null when it would not'),
      minedCount: wholeNumber.describe('transactions mined from this address, at latest'),
      nativeBalance: units,
      assetBalance: units,
      head: z.object({ height: wholeNumber, hash: hash32, time: utcTime }),
    }),
    errors: ['unknown_chain', 'chain_stopped', 'dependency_down'],
  }),
} as const;
