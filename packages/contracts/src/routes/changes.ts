import { z } from 'zod';
import { changeKind, changeReason, changeStatus } from '../events/change.ts';
import { route } from '../route.ts';
import { hash32, humanText, page, pageOf, utcTime, uuid, wholeNumber } from '../scalars.ts';
import { proofs, proved, stepUp } from '../step-up.ts';
import { changeContent } from './change-content.ts';

const service = 'tx-orchestrator';
const id = z.strictObject({ id: uuid });

const change = z.object({
  id: uuid,
  kind: changeKind,
  subjectId: uuid.describe('of the policy, user or wallet that it is about'),
  content: changeContent.describe('what is approved: its canonical JSON (RFC 8785) is hashed'),
  changeHash: hash32,
  status: changeStatus,
  reason: changeReason.nullable(),
  authorId: uuid,
  approvals: z.array(
    z.object({
      userId: uuid,
      decision: z.enum(['approve', 'reject']),
      comment: z.string().nullable(),
      ...proved,
      at: utcTime,
    }),
  ),
  required: z.array(
    z.object({
      group: z.string(),
      required: wholeNumber,
      given: wholeNumber,
      approverIds: z.array(uuid).describe('who may give it: never the author'),
      stepUp: stepUp.nullable().describe('what each approval of the group needs'),
    }),
  ),
  expiresAt: utcTime,
  createdAt: utcTime,
  updatedAt: utcTime,
  version: wholeNumber,
});

/** What changes the rules, and who decides about it. */
export const changeRoutes = {
  listChanges: route({
    method: 'GET',
    path: '/v1/changes',
    service,
    access: 'policies:read',
    summary: 'The changes of the tenant: policies, and what their rules read',
    query: z.strictObject({ ...page, status: changeStatus.optional() }),
    reply: pageOf(change),
  }),
  getChange: route({
    method: 'GET',
    path: '/v1/changes/{id}',
    service,
    access: 'policies:read',
    summary: 'One change, with what is approved and whom it needs',
    params: id,
    reply: change,
  }),
  decideChange: route({
    method: 'POST',
    path: '/v1/changes/{id}/approvals',
    service,
    access: 'transactions:approve',
    summary: 'Approve or reject exactly this change; with the last approval it is applied',
    params: id,
    body: z.strictObject({
      decision: z.enum(['approve', 'reject']),
      changeHash: hash32,
      comment: humanText(1000).optional(),
      ...proofs,
    }),
    reply: change,
    idempotency: 'optional',
    errors: [
      'change_mismatch',
      'step_up_required',
      'step_up_failed',
      'too_many_attempts',
      'initiator_cannot_approve',
      'not_an_approver',
      'already_decided',
      'illegal_transition',
      'secret_in_request',
      'dependency_down',
    ],
  }),
  cancelChange: route({
    method: 'POST',
    path: '/v1/changes/{id}/cancel',
    service,
    access: 'authenticated',
    summary: 'Take back a change that one proposed oneself',
    params: id,
    reply: change,
    idempotency: 'optional',
    errors: ['illegal_transition'],
  }),
} as const;
