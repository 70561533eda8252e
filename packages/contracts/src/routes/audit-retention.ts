import { z } from 'zod';
import { type AuditCategory, auditCategory } from '../audit-category.ts';
import { deletionCertificate } from '../deletion-certificate.ts';
import { route } from '../route.ts';
import { nameText, page, pageOf, utcTime, uuid, wholeNumber } from '../scalars.ts';
import { auditProof } from './audit.ts';

const service = 'audit';

/** For so many days entries are kept after the month that they came in; null for ever. No rule of ours is shorter than 30 days. */
const keptDays = z.int().min(30).max(36_500).nullable();

const retention = z.strictObject({
  access: keptDays,
  people: keptDays,
  rules: keptDays,
  transfers: keptDays,
  address_book: keptDays,
  audit: keptDays,
} satisfies Record<AuditCategory, typeof keptDays>);

/** Which entries a hold covers: those that every named field fits; times are those of the events, from (included) to (excluded). */
const holdScope = z.strictObject({
  resourceType: nameText(40).optional(),
  resourceId: nameText(120).optional(),
  actorId: nameText(100).optional(),
  category: auditCategory.optional(),
  from: utcTime.optional(),
  to: utcTime.optional(),
});

const legalHold = z.object({
  id: uuid,
  name: z.string(),
  reason: z.string(),
  scope: holdScope,
  placedAt: utcTime,
  releasedAt: utcTime.nullable(),
  releaseReason: z.string().nullable(),
});

const certificate = deletionCertificate.extend({ id: uuid, sequence: wholeNumber, prunedAt: utcTime });

/** How long the audit log is kept, what is held back from that, and what was pruned. */
export const auditRetentionRoutes = {
  getAuditRetention: route({
    method: 'GET',
    path: '/v1/audit/retention',
    service,
    access: 'audit:read',
    summary: 'How many days entries of each category are kept',
    reply: retention,
  }),
  setAuditRetention: route({
    method: 'PUT',
    path: '/v1/audit/retention',
    service,
    access: 'audit:retain',
    summary: 'Set how long entries of each category are kept; what is older is pruned for good',
    body: retention,
    reply: retention,
  }),
  placeLegalHold: route({
    method: 'POST',
    path: '/v1/audit/holds',
    service,
    access: 'audit:retain',
    summary: 'Place a legal hold: what it covers is not pruned, whatever the retention',
    body: z.strictObject({ name: nameText(100), reason: nameText(2_000), scope: holdScope }),
    status: 201,
    reply: legalHold,
    idempotency: 'optional',
    errors: ['secret_in_request'],
  }),
  listLegalHolds: route({
    method: 'GET',
    path: '/v1/audit/holds',
    service,
    access: 'audit:read',
    summary: 'The legal holds, released ones too',
    query: z.strictObject(page),
    reply: pageOf(legalHold),
  }),
  releaseLegalHold: route({
    method: 'POST',
    path: '/v1/audit/holds/{id}/release',
    service,
    access: 'audit:retain',
    summary: 'Release a legal hold',
    params: z.strictObject({ id: uuid }),
    body: z.strictObject({ reason: nameText(2_000) }),
    reply: legalHold,
    idempotency: 'optional',
    errors: ['illegal_transition', 'secret_in_request'],
  }),
  listDeletionCertificates: route({
    method: 'GET',
    path: '/v1/audit/deletion-certificates',
    service,
    access: 'audit:read',
    summary: 'What was pruned, by sequence, ascending',
    query: z.strictObject(page),
    reply: pageOf(certificate),
  }),
  getDeletionCertificate: route({
    method: 'GET',
    path: '/v1/audit/deletion-certificates/{id}',
    service,
    access: 'audit:read',
    summary: 'One deletion certificate, and the proof that it is in the log, to be checked without us',
    params: z.strictObject({ id: uuid }),
    reply: z.object({ certificate, proof: auditProof }),
  }),
} as const;
