import { z } from 'zod';
import { actor } from '../envelope.ts';
import { route } from '../route.ts';
import { hash32, page, pageOf, utcTime, uuid, wholeNumber } from '../scalars.ts';

const service = 'audit';

const entry = z.object({
  id: uuid,
  sequence: wholeNumber,
  eventId: uuid,
  type: z.string(),
  resourceType: z.string(),
  resourceId: z.string(),
  action: z.string(),
  status: z.enum(['success', 'failure']),
  actor,
  requestId: z.string().nullable(),
  chainId: z.string().nullable(),
  txHash: z.string().nullable(),
  occurredAt: utcTime,
  details: z.record(z.string(), z.unknown()),
});

/** The audit log, by sequence, ascending. */
export const auditRoutes = {
  listAuditEntries: route({
    method: 'GET',
    path: '/v1/audit/entries',
    service,
    access: 'audit:read',
    summary: 'Search the audit log',
    query: z.strictObject({
      ...page,
      type: z.string().max(60).optional(),
      resourceType: z.string().max(40).optional(),
      resourceId: z.string().max(120).optional(),
      actorId: z.string().max(100).optional(),
      from: utcTime.optional(),
      to: utcTime.optional(),
      txHash: hash32.optional(),
    }),
    reply: pageOf(entry),
  }),
  getAuditEntry: route({
    method: 'GET',
    path: '/v1/audit/entries/{id}',
    service,
    access: 'audit:read',
    summary: 'One audit entry',
    params: z.strictObject({ id: uuid }),
    reply: entry,
  }),
} as const;
