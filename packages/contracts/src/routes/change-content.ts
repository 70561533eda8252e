import { z } from 'zod';
import { policyVersion } from '../authority.ts';
import { ROLES } from '../permissions.ts';
import { user } from '../events/identity.ts';
import { walletType } from '../events/wallet.ts';
import { chainId, utcTime, uuid } from '../scalars.ts';
import { policyRule } from './policies.ts';

const rights = z.object({ roles: z.array(z.enum(ROLES)), status: user.shape.status });
const marks = z.object({ policyId: uuid.nullable(), tags: z.array(z.string()) });

const policyTerms = {
  policyId: uuid,
  name: z.string(),
  description: z.string().nullable(),
  rules: z.array(policyRule),
  isDefault: z.boolean(),
};

const policySubjects = [
  z.object({ kind: z.literal('create_policy'), ...policyTerms }),
  z.object({
    kind: z.literal('update_policy'),
    base: z.object({ version: z.int().min(1) }),
    ...policyTerms,
    isActive: z.boolean(),
  }),
] as const;

const userSubjects = [
  z.object({ kind: z.literal('update_user'), userId: uuid, base: rights, next: rights }),
  z.object({
    kind: z.literal('reset_totp'),
    userId: uuid,
    /** Another factor, confirmed at another time, is not the one that was to go. */
    base: z.object({ roles: rights.shape.roles, confirmedAt: utcTime }),
  }),
  z.object({
    kind: z.literal('set_approval_address'),
    userId: uuid,
    base: z.object({ roles: rights.shape.roles, address: z.string().nullable() }),
    next: z.object({ address: z.string() }),
  }),
] as const;

const walletSubjects = [
  z.object({
    kind: z.literal('create_wallet'),
    walletId: uuid,
    ...marks.shape,
    userId: uuid,
    chainId,
    address: z.string(),
    name: z.string(),
    type: walletType,
    isWatchOnly: z.boolean(),
    isDefault: z.boolean(),
    metadata: z.record(z.string(), z.unknown()),
  }),
  z.object({ kind: z.literal('update_wallet'), walletId: uuid, base: marks, next: marks }),
] as const;

/** What of users is to change; identity applies it. */
export const userSubject = z.discriminatedUnion('kind', userSubjects);
export type UserSubject = z.output<typeof userSubject>;
/** What of wallets is to change; wallet-registry applies it. */
export const walletSubject = z.discriminatedUnion('kind', walletSubjects);

export type WalletSubject = z.output<typeof walletSubject>;

/** What is to change, with what it is based on: another base at its application refuses it. */
export const changeSubject = z.discriminatedUnion('kind', [
  ...policySubjects,
  ...userSubjects,
  ...walletSubjects,
]);
export type ChangeSubject = z.output<typeof changeSubject>;

/** What people approve of a change; its canonical JSON (RFC 8785) is hashed. */
export const changeContent = z.object({
  version: z.literal(1),
  changeId: uuid,
  tenantId: uuid,
  authorId: uuid,
  /** The default policy in force when it was proposed; another one at its application refuses it. */
  policy: policyVersion.nullable(),
  expiresAt: utcTime,
  subject: changeSubject,
});
export type ChangeContent = z.output<typeof changeContent>;
