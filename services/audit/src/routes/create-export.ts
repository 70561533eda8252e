import { exportHead } from '@ironforge/audit-log';
import { appError, ROUTES } from '@ironforge/contracts';
import { type Clock, type NewId, present } from '@ironforge/kernel';
import {
  answerOnce,
  type ApiRequest,
  bind,
  type BoundRoute,
  causeOfRequest,
  type UserCaller,
} from '@ironforge/service-kit';
import type { Store, Tx } from '@ironforge/store';
import type { Entry } from '../entry/entry.ts';
import type { OwnEntries } from '../entry/own-entries.ts';
import { findNewestCheckpoint } from '../queries/audit-checkpoints.ts';
import { countOpenExports, findExport, insertExport } from '../queries/export-jobs.ts';
import { searchOf } from '../export/export-job.ts';
import { showExport } from './show-export.ts';

/** What the route stands on. */
export interface CreateExportDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly own: OwnEntries;
  /** An export was asked for; it is committed. */
  readonly onAsked: () => void;
}

type Request = ApiRequest<(typeof ROUTES)['createAuditExport'], UserCaller>;

/** `POST /v1/audit/exports`: takes up to three at once for a tenant; what is sealed later than now is not part of it. */
export function createExport(deps: CreateExportDeps): BoundRoute {
  return bind(ROUTES.createAuditExport, async (request) => {
    const { caller, idempotency: claim, body } = request;
    searchOf({ filter: body.filter ?? {} }); // refused here, and not by a job that could never end
    const id = deps.newId();
    const act = { type: 'audit_export_requested', tenantId: caller.tenantId, resourceId: id } as const;
    const entry = await deps.own.make({ ...act, cause: causeOfRequest(request), details: { ...body } });
    const answer = await answerOnce({ scope: deps.store.forTenant(caller.tenantId), claim }, async (tx) => {
      const refusal = await store(tx, deps, { request, entry, id });
      if (refusal !== null) return refusal;
      tx.afterCommit(deps.onAsked);
      const row = present(await findExport(tx, caller.tenantId, id), 'the export that was just stored');
      return { status: 202, body: showExport(row) };
    });
    const location = `/v1/audit/exports/${ROUTES.createAuditExport.reply.parse(answer.body).id}`;
    return { ...answer, headers: { ...answer.headers, Location: location } };
  });
}

const MAX_OPEN = 3;
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

interface Asked {
  readonly request: Request;
  readonly entry: Entry;
  readonly id: string;
}

/** At SERIALIZABLE: of many who ask at once no more than may are taken. */
async function store(tx: Tx, { own, clock }: CreateExportDeps, { request, entry, id }: Asked) {
  const { caller, body } = request;
  const { format, filter = {} } = body;
  const newest = await findNewestCheckpoint(tx, caller.tenantId);
  if (newest === undefined) return appError('not_found', { detail: 'nothing has been sealed yet' });
  const size = Number(newest.size);
  const [first, last] = [body.fromSequence ?? 1, Math.min(body.toSequence ?? size, size)];
  if (first > last) return beyondEnd(first, size);
  if ((await countOpenExports(tx, caller.tenantId)) >= MAX_OPEN) return TOO_MANY();
  const created_at = clock();
  insertExport(tx, {
    ...{ tenant_id: caller.tenantId, id, format, filter, created_at },
    ...{ first_sequence: first, last_sequence: last, checkpoint_size: size, searched_sequence: first - 1 },
    size_bytes: Buffer.byteLength(exportHead(format)),
    created_by_type: entry.actorType,
    created_by_id: entry.actorId,
    expires_at: new Date(created_at.getTime() + KEPT_MS),
  });
  await own.store(tx, entry);
  return null;
}

const TOO_MANY = () =>
  appError('too_many_exports', {
    retryAfterSeconds: 5,
    detail: `${MAX_OPEN} exports of the tenant are not made yet`,
  });

function beyondEnd(first: number, size: number) {
  const pointer = first > size ? '/fromSequence' : '/toSequence';
  return appError('validation_failed', {
    detail: `the log has ${size} sealed entries`,
    errors: [{ pointer, code: first > size ? 'too_big' : 'too_small' }],
  });
}
