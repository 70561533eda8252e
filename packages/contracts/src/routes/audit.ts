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

/** The number of entries in a tree. */
const treeSize = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

const base64Hash = z.base64().length(44);

/** A signed note (c2sp.org/tlog-checkpoint): origin, size and root of the tree, and the signatures over them. */
const checkpoint = z.object({ size: wholeNumber, note: z.string(), sealedAt: utcTime });

/** The hashes that lead from the root of an older tree to that of a newer one (RFC 9162, 2.1.4). */
const consistency = z.object({ from: wholeNumber, to: wholeNumber, hashes: z.array(base64Hash) });

/**
 * Where the second copy of an entry is. `immudb`: under this key, in this transaction (its hash in hexadecimal digits). `waiting`: it is
 * copied soon, or when immudb is back. `none`: the installation has no immudb, so the SQL ledger alone holds the log.
 */
const secondCopy = z.discriminatedUnion('copy', [
  z.object({
    copy: z.literal('immudb'),
    database: z.string(),
    key: z.string(),
    txId: wholeNumber,
    txHash: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  z.object({ copy: z.literal('waiting') }),
  z.object({ copy: z.literal('none') }),
]);

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
  streamAuditEntries: route({
    method: 'GET',
    path: '/v1/audit/stream',
    service,
    access: 'audit:read',
    summary:
      'Entries as they are sealed, as server-sent events: the id is the number, the data the entry; after Last-Event-ID, else after `after`, else from now on',
    query: z.strictObject({
      type: z.string().max(60).optional(),
      resourceType: z.string().max(40).optional(),
      /** The number after which it begins. */
      after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
    }),
    reply: z.string(),
    media: 'text/event-stream',
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
  getAuditProof: route({
    method: 'GET',
    path: '/v1/audit/entries/{id}/proof',
    service,
    access: 'audit:read',
    summary: 'The proof that an entry is in the log, to be checked without us',
    params: z.strictObject({ id: uuid }),
    /** The size of the newest checkpoint that the caller has: the answer proves that the log has only grown since. */
    query: z.strictObject({ from: treeSize.optional() }),
    reply: z.object({
      /** What the leaf is made of, as canonical JSON (RFC 8785). */
      entry: z.record(z.string(), z.unknown()),
      /** In the text form of c2sp.org/tlog-proof. */
      tlogProof: z.string(),
      consistency: consistency.optional(),
      immudb: secondCopy,
    }),
  }),
  listAuditCheckpoints: route({
    method: 'GET',
    path: '/v1/audit/checkpoints',
    service,
    access: 'audit:read',
    summary: 'What the log has signed, by size, ascending',
    query: z.strictObject(page),
    reply: pageOf(checkpoint),
  }),
  getLatestAuditCheckpoint: route({
    method: 'GET',
    path: '/v1/audit/checkpoints/latest',
    service,
    access: 'audit:read',
    summary: 'The newest checkpoint, the key that it is signed by, and the newest that witnesses cosigned',
    reply: checkpoint.extend({
      /** In the form of c2sp.org/signed-note: whoever trusts nobody gets it by another way, and compares. */
      verifierKey: z.string(),
      /** The newest that witnesses cosigned, its note with their lines (c2sp.org/tlog-cosignature); null while there is none. */
      cosigned: checkpoint.nullable(),
    }),
  }),
  getAuditConsistency: route({
    method: 'GET',
    path: '/v1/audit/checkpoints/{size}/consistency',
    service,
    access: 'audit:read',
    summary: 'The proof that the log only grew between two checkpoints',
    params: z.strictObject({ size: treeSize }),
    query: z.strictObject({ from: treeSize }),
    reply: consistency,
  }),
} as const;
