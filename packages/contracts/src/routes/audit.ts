import { z } from 'zod';
import { authority } from '../authority.ts';
import { actor } from '../envelope.ts';
import { sealedPersonal } from '../personal.ts';
import { route } from '../route.ts';
import { chainId, hash32, page, pageOf, utcTime, uuid, wholeNumber } from '../scalars.ts';

const service = 'audit';

const entry = z.object({
  id: uuid,
  sequence: wholeNumber,
  eventId: uuid,
  aggregate: z
    .object({ id: z.string(), version: z.int().positive() })
    .nullable()
    .describe('whose version the entry tells of: 1, 2, 3 … without gaps; null for what stands alone'),
  type: z.string(),
  resourceType: z.string(),
  resourceId: z.string(),
  action: z.string(),
  status: z.enum(['success', 'failure']),
  actor,
  authority: authority
    .nullable()
    .describe(
      'the roles that the actor had, an API key those of its owner, and the version of the policy that decided; null where neither is known',
    ),
  requestId: z.string().nullable(),
  chainId: z.string().nullable(),
  txHash: z.string().nullable(),
  occurredAt: utcTime,
  details: z.record(z.string(), z.unknown()),
  personal: sealedPersonal
    .nullable()
    .describe(
      'from where it was asked for, as a cipher under the data key of the person; null where nobody asked',
    ),
});

/** What a search of the log asks for; absent means any. Times from (included) to (excluded). */
export const auditEntryFilter = {
  /** Words that must all be in the entry, in any order and case; a UUID is one word. */
  q: z.string().max(200).optional(),
  type: z.string().max(60).optional(),
  action: z.string().max(40).optional(),
  resourceType: z.string().max(40).optional(),
  resourceId: z.string().max(120).optional(),
  actorType: actor.shape.type.optional(),
  actorId: z.string().max(100).optional(),
  status: entry.shape.status.optional(),
  from: utcTime.optional(),
  to: utcTime.optional(),
  /** Anywhere in the entry, in any case; alone, in CAIP-10 or in CAIP-19. */
  address: z.string().max(255).optional(),
  txHash: hash32.optional(),
  chainId: chainId.optional(),
  requestId: z.string().max(64).optional(),
};

/** The number of entries in a tree. */
const treeSize = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

const base64Hash = z.base64().length(44);

/** A signed note (c2sp.org/tlog-checkpoint): origin, size and root of the tree, and the signatures over them. */
const checkpoint = z.object({ size: wholeNumber, note: z.string(), sealedAt: utcTime });

/** The hashes that lead from the root of an older tree to that of a newer one (RFC 9162, 2.1.4). */
const consistency = z.object({ from: wholeNumber, to: wholeNumber, hashes: z.array(base64Hash) });

/**
 * What proves the copy to whoever has the server's key: the value under the key, the header of its transaction, the place of the entry
 * in there with the hashes that lead to the header's `eH`, and the server's signature over the state that the transaction made.
 */
const copyProof = z.object({
  value: z.base64(),
  header: z.object({
    prevAlh: base64Hash,
    ts: wholeNumber,
    version: z.literal([0, 1]),
    nentries: wholeNumber,
    eH: base64Hash,
    blTxId: wholeNumber,
    blRoot: base64Hash,
  }),
  index: wholeNumber,
  path: z.array(base64Hash),
  signature: z.base64(),
});

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
    /** Absent while immudb is away, or is not believed. */
    proof: copyProof.optional(),
  }),
  z.object({ copy: z.literal('waiting') }),
  z.object({ copy: z.literal('none') }),
]);

/**
 * Of which moment an answer is: a time, the number of an entry, or a transaction of immudb's; it means what the log had sealed by then.
 */
const moment = z.union([
  utcTime,
  z.string().regex(/^(?:0|[1-9][0-9]{0,14})$/),
  z.string().regex(/^immudb:[1-9][0-9]{0,14}$/),
]);

/** What was sealed at that moment: the entries up to this one, the last of them by a checkpoint of that time (null when there was none). */
const sealedBy = z.object({ sequence: wholeNumber, sealedAt: utcTime.nullable() });

/** A page of entries; `asOf` is null where nobody asked for a moment. */
const entryPage = pageOf(entry).extend({ asOf: sealedBy.nullable() });

/** What has a history of its own: the resources whose entries tell their whole state. */
export const historyKind = z.enum([
  'user',
  'wallet',
  'tx_request',
  'api_key',
  'address',
  'policy',
  'change',
  'tenant',
]);
export type HistoryKind = z.infer<typeof historyKind>;

/** What a stranger needs to check that an entry is in the log. */
export const auditProof = z.object({
  /** What the leaf is made of, as canonical JSON (RFC 8785). */
  entry: z.record(z.string(), z.unknown()),
  /** In the text form of c2sp.org/tlog-proof. */
  tlogProof: z.string(),
  consistency: consistency.optional(),
  immudb: secondCopy,
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
      ...auditEntryFilter,
      asOf: moment.optional(),
    }),
    reply: entryPage,
  }),
  getAuditHistory: route({
    method: 'GET',
    path: '/v1/audit/history/{kind}/{id}',
    service,
    access: 'audit:read',
    summary: 'What happened to a resource, and what it was at a moment',
    params: z.strictObject({ kind: historyKind, id: uuid }),
    query: z.strictObject({ ...page, asOf: moment.optional() }),
    reply: entryPage.extend({
      /** As the newest entry tells it; null before there was one. */
      state: z.record(z.string(), z.unknown()).nullable(),
    }),
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
    errors: ['invalid_header', 'too_many_streams'],
  }),
  getAuditEntry: route({
    method: 'GET',
    path: '/v1/audit/entries/{id}',
    service,
    access: 'audit:read',
    summary: 'One audit entry',
    params: z.strictObject({ id: uuid }),
    reply: entry,
    errors: ['entry_pruned'],
  }),
  getAuditPersonal: route({
    method: 'GET',
    path: '/v1/audit/entries/{id}/personal',
    service,
    access: 'audit:personal',
    summary: 'From where somebody acted; that it was read becomes an entry before it is answered',
    params: z.strictObject({ id: uuid }),
    reply: z.object({ clientIp: z.string().nullable(), userAgent: z.string().nullable() }),
    errors: ['personal_data_erased', 'dependency_down'],
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
    reply: auditProof,
    errors: ['entry_pruned'],
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
