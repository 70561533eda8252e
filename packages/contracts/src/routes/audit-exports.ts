import { z } from 'zod';
import { actor } from '../envelope.ts';
import { route } from '../route.ts';
import { page, pageOf, utcTime, uuid, wholeNumber } from '../scalars.ts';
import { auditEntryFilter } from './audit.ts';

const service = 'audit';
const access = 'audit:export';

const sequence = z.int().min(1);

const filter = z.strictObject(auditEntryFilter);

const auditExport = z.object({
  id: uuid,
  status: z.enum(['waiting', 'running', 'ready', 'failed', 'expired']),
  reason: z.string().nullable().describe('why it failed'),
  format: z.enum(['jsonl', 'csv']),
  filter,
  fromSequence: sequence,
  toSequence: sequence.describe('never beyond the newest checkpoint at the moment of asking'),
  checkpointSize: sequence,
  progress: z.object({
    entries: wholeNumber.describe('so many of the range were looked at'),
    of: wholeNumber,
  }),
  entries: wholeNumber.describe('so many are in the file, up to now'),
  parts: wholeNumber,
  sizeBytes: wholeNumber.describe('of the file, up to now'),
  sha256: z.string().nullable().describe('of the whole file, in hexadecimal digits; null until it is ready'),
  createdBy: actor,
  createdAt: utcTime,
  expiresAt: utcTime.describe('from then on the file cannot be had; manifest and resource stay'),
});

const hashes = z.array(z.base64().length(44));

/** Exports of the audit log: a job, then a file and what proves it. */
export const auditExportRoutes = {
  createAuditExport: route({
    method: 'POST',
    path: '/v1/audit/exports',
    service,
    access,
    summary: 'Ask for a file of audit entries; it is made after the answer',
    body: z.strictObject({
      format: z.enum(['jsonl', 'csv']),
      filter: filter.optional(),
      fromSequence: sequence.optional(),
      toSequence: sequence.optional(),
    }),
    reply: auditExport,
    status: 202,
    idempotency: 'optional',
    errors: ['not_found', 'too_many_exports'],
  }),
  listAuditExports: route({
    method: 'GET',
    path: '/v1/audit/exports',
    service,
    access,
    summary: 'The exports that were asked for, newest first',
    query: z.strictObject(page),
    reply: pageOf(auditExport),
  }),
  getAuditExport: route({
    method: 'GET',
    path: '/v1/audit/exports/{id}',
    service,
    access,
    summary: 'One export, and how far it is',
    params: z.strictObject({ id: uuid }),
    reply: auditExport,
  }),
  getAuditExportFile: route({
    method: 'GET',
    path: '/v1/audit/exports/{id}/file',
    service,
    access,
    summary: 'The file of an export, or a range of it',
    params: z.strictObject({ id: uuid }),
    reply: z.string(),
    media: 'application/octet-stream',
    ranges: 'bytes',
    errors: ['export_not_ready', 'export_gone', 'range_not_satisfiable', 'too_many_streams'],
  }),
  getAuditExportManifest: route({
    method: 'GET',
    path: '/v1/audit/exports/{id}/manifest',
    service,
    access,
    summary: 'What proves the file of an export, to be checked without us',
    params: z.strictObject({ id: uuid }),
    reply: z.object({
      /** A signed note whose text begins with `ironforge/audit-export@v1`. */
      manifest: z.string(),
      /** The checkpoint that it stands on (c2sp.org/tlog-checkpoint), with the lines of witnesses that cosigned it. */
      checkpoint: z.string(),
      /** Without a filter: the hashes of the tree before the first entry and behind the last, by which nothing is missing. */
      range: z.object({ left: hashes, right: hashes }).optional(),
    }),
    errors: ['export_not_ready', 'checkpoint_missing'],
  }),
} as const;
