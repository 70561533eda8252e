import { z } from 'zod';
import { route } from '../route.ts';
import { chainId, page, pageOf, utcTime, uuid, wholeNumber } from '../scalars.ts';
import { differenceKind } from './reconciliation.ts';

const service = 'audit';
const access = 'audit:export';

/** How many blocks one report compares at most. */
export const REPORTED_BLOCKS = 500;

/** In what a chain and the entries about it can differ; what the watcher finds between the chain and its rows is told by its own names. */
const reportFindingKind = z.enum([
  'transfer_without_entry',
  'entry_without_transfer',
  'entry_of_other_block',
  'entry_of_other_outcome',
  'entry_of_other_amount',
  'entry_without_end',
  'entry_altered',
  'entry_pruned',
  ...differenceKind.options,
]);

/** One of them: the transfer and the entry that it is about, null where there is none. */
export const reportFinding = z.object({
  kind: reportFindingKind,
  height: wholeNumber,
  transfer: z.string().nullable().describe('a transaction, or one transfer of it to a wallet'),
  entry: z.object({ id: uuid, sequence: wholeNumber }).nullable(),
  onChain: z.string().nullable(),
  inLog: z.string().nullable(),
});
export type ReportFinding = z.infer<typeof reportFinding>;

const summary = z.object({
  id: uuid,
  chainId,
  from: wholeNumber,
  to: wholeNumber,
  findingCount: wholeNumber,
  checkpointSize: wholeNumber,
  createdAt: utcTime,
});

const signedReport = summary.extend({
  /** A signed note whose text begins with `ironforge/chain-report@v1`; it names the SHA-256 of the canonical findings. */
  report: z.string(),
  findings: z.array(reportFinding),
  /** The checkpoint that it stands on (c2sp.org/tlog-checkpoint), with the lines of witnesses. */
  checkpoint: z.string(),
});

/** Reports in which the log compares a chain with its own entries, signed. */
export const auditReportRoutes = {
  createAuditReport: route({
    method: 'POST',
    path: '/v1/audit/reports',
    service,
    access,
    summary: 'Compare some blocks of a chain with the entries about them, both ways, and sign what differs',
    body: z
      .strictObject({ chainId, from: wholeNumber, to: wholeNumber })
      .refine(({ from, to }) => from <= to && to - from < REPORTED_BLOCKS, {
        error: `must be 1 to ${REPORTED_BLOCKS} blocks`,
        path: ['to'],
      }),
    reply: signedReport,
    status: 201,
    idempotency: 'optional',
    errors: ['not_found', 'unknown_chain', 'checkpoint_missing', 'dependency_down'],
  }),
  listAuditReports: route({
    method: 'GET',
    path: '/v1/audit/reports',
    service,
    access,
    summary: 'The reports that were made, newest first',
    query: z.strictObject(page),
    reply: pageOf(summary),
  }),
  getAuditReport: route({
    method: 'GET',
    path: '/v1/audit/reports/{id}',
    service,
    access,
    summary: 'One report, as it was signed',
    params: z.strictObject({ id: uuid }),
    reply: signedReport,
    errors: ['checkpoint_missing'],
  }),
} as const;
