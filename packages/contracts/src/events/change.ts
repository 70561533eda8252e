import { z } from 'zod';
import { hash32, uuid, wholeNumber } from '../scalars.ts';

/** What a change is about. */
export const changeKind = z.enum([
  'create_policy',
  'update_policy',
  'update_user',
  'reset_totp',
  'set_approval_address',
  'create_wallet',
  'update_wallet',
]);

/** Where a change stands: `approved` until it is applied, `refused` when it could not be. */
export const changeStatus = z.enum([
  'pending',
  'approved',
  'applied',
  'rejected',
  'cancelled',
  'expired',
  'refused',
]);

/** Why a change ended without being applied: a closed list. */
export const changeReason = z.enum([
  'stale_base',
  'not_found',
  'illegal_transition',
  'wallet_exists',
  'approval_address_exists',
  'plan_limit_reached',
  'refused_by_owner',
]);

const told = z.object({
  change: z.object({
    id: uuid,
    kind: changeKind,
    subjectId: uuid,
    changeHash: hash32,
    status: changeStatus,
    reason: changeReason.nullable(),
    authorId: uuid,
    version: wholeNumber,
  }),
  /** Who decided; null where nobody did. */
  approverId: uuid.nullable(),
});

/** What tx-orchestrator says about changes. */
export const changeEvents = {
  'change.proposed': told,
  'change.approval_granted': told,
  'change.approved': told,
  'change.quorum_lost': told,
  'change.rejected': told,
  'change.cancelled': told,
  'change.expired': told,
  'change.applied': told,
  'change.refused': told,
} as const;
