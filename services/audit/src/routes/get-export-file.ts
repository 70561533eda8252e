import { appError, ROUTES } from '@ironforge/contracts';
import { type AppError, hasCode, type Logger } from '@ironforge/kernel';
import {
  type ApiRequest,
  bind,
  type BoundRoute,
  causeOfRequest,
  type UserCaller,
} from '@ironforge/service-kit';
import type { Store } from '@ironforge/store';
import type { OwnEntries } from '../entry/own-entries.ts';
import { spanOf } from '../export/byte-range.ts';
import { sourceOf } from '../export/export-job.ts';
import { type ByteSpan, EXPORT_CHANGED, storedPieces } from '../export/stored-pieces.ts';
import { ENTRIES_CHANGED, findExport, markExportChanged, type ShownExport } from '../queries/export-jobs.ts';

/** What the route stands on. */
export interface ExportFileDeps {
  readonly store: Store;
  readonly own: OwnEntries;
  readonly log: Logger;
}

type Request = ApiRequest<(typeof ROUTES)['getAuditExportFile'], UserCaller>;

/**
 * `GET /v1/audit/exports/{id}/file`: the file or a range of it, written anew from the log. When the first part is not what it was, the
 * answer is 410; when a later one is not, the connection is cut, and the next answer is 410. Each download is an entry.
 */
export function getExportFile(deps: ExportFileDeps): BoundRoute {
  return bind(ROUTES.getAuditExportFile, async (request) => {
    const { tenantId } = request.caller;
    const { id } = request.params;
    const row = await deps.store.forTenant(tenantId).read((tx) => findExport(tx, tenantId, id));
    const refusal = refusalOf(row);
    if (row === undefined || refusal !== null) return refusal ?? appError('not_found');
    const wanted = spanIn(request, row);
    if (wanted === 'unsatisfiable') return behindTheEnd(Number(row.size_bytes));
    const span = wanted === 'whole' ? { from: 0, to: Number(row.size_bytes) } : wanted;
    const pieces = telling(deps, row, storedPieces(deps.store, sourceOf(row), span));
    const first = await pieces.next().catch(goneIfChanged);
    await note(deps, request, { row, span });
    const status = wanted === 'whole' ? 200 : 206;
    return { status, headers: headersOf(row, span, status), pieces: startingWith(first, pieces) };
  });
}

function refusalOf(row: ShownExport | undefined): AppError | null {
  if (row === undefined) return appError('not_found');
  if (row.status === 'ready') return null;
  if (row.status === 'expired')
    return appError('export_gone', { detail: 'its time is over: ask for it again' });
  if (row.reason === ENTRIES_CHANGED) return gone();
  return appError('export_not_ready', { detail: `the export is ${row.status}` });
}

function gone(): AppError {
  return appError('export_gone', { detail: 'entries were changed or taken out since the file was made' });
}

function goneIfChanged(error: unknown): never {
  throw hasCode(error, EXPORT_CHANGED) ? gone() : error;
}

function behindTheEnd(wholeBytes: number): AppError {
  return appError('range_not_satisfiable', { detail: `the file has ${wholeBytes} bytes`, wholeBytes });
}

function spanIn({ headers }: Request, row: ShownExport) {
  const [range, ifRange] = [headers['range'], headers['if-range']];
  return spanOf({ range, ifRange, etag: etagOf(row), sizeBytes: Number(row.size_bytes) });
}

/** Strong: the same bytes or none. */
function etagOf({ sha256 }: ShownExport): string {
  return `"sha256-${sha256}"`;
}

function headersOf(row: ShownExport, { from, to }: ByteSpan, status: 200 | 206): Record<string, string> {
  const name = `audit-${row.first_sequence}-${row.last_sequence}.${row.format}`;
  return {
    'Accept-Ranges': 'bytes',
    'Content-Disposition': `attachment; filename="${name}"`,
    'Content-Length': String(to - from),
    ETag: etagOf(row),
    ...(status === 206 && { 'Content-Range': `bytes ${from}-${to - 1}/${row.size_bytes}` }),
  };
}

interface Download {
  readonly row: ShownExport;
  readonly span: ByteSpan;
}

async function note(
  { store, own }: ExportFileDeps,
  request: Request,
  { row, span }: Download,
): Promise<void> {
  const { tenantId } = request.caller;
  const details = {
    format: row.format,
    firstByte: span.from,
    bytes: span.to - span.from,
    sizeBytes: Number(row.size_bytes),
  };
  const act = { type: 'audit_export_downloaded', tenantId, resourceId: row.id } as const;
  const entry = await own.make({ ...act, cause: causeOfRequest(request), details });
  await store.forTenant(tenantId).transaction((tx) => own.store(tx, entry));
}

/** Whoever comes next hears at once that the file is gone, and so do those who run the system. */
async function* telling({ store, log }: ExportFileDeps, row: ShownExport, pieces: AsyncGenerator<Buffer>) {
  try {
    yield* pieces;
  } catch (error) {
    if (!hasCode(error, EXPORT_CHANGED)) throw error;
    const { tenantId, exportId } = sourceOf(row);
    log.error(
      { alert: 'audit_export_changed', tenantId, exportId, err: error },
      'entries of an export were changed',
    );
    await store.forTenant(tenantId).transaction((tx) => markExportChanged(tx, tenantId, exportId));
    throw error;
  }
}

async function* startingWith(first: IteratorResult<Buffer, void>, rest: AsyncGenerator<Buffer>) {
  if (first.done !== true) yield first.value;
  yield* rest;
}
