import { ROUTES } from '@ironforge/contracts';
import { type Clock, type NewId, present } from '@ironforge/kernel';
import {
  type ApiRequest,
  askThenAnswerOnce,
  bind,
  type BoundRoute,
  type CallInternal,
  causeOfRequest,
  type UserCaller,
} from '@ironforge/service-kit';
import type { Store, Tx } from '@ironforge/store';
import type { Entry } from '../entry/entry.ts';
import type { OwnEntries } from '../entry/own-entries.ts';
import { insertReport } from '../queries/audit-reports.ts';
import { askWatcher, type Moves } from '../report/ask-watcher.ts';
import { type Comparison, compareWithLog } from '../report/compare-with-log.ts';
import { signReport } from '../report/sign-report.ts';
import type { HeadSigners } from '../seal/signed-head.ts';
import { findShownReport } from './show-report.ts';

/** What the route stands on. */
export interface CreateReportDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly own: OwnEntries;
  readonly signers: HeadSigners;
  readonly call: CallInternal;
}

type Request = ApiRequest<(typeof ROUTES)['createAuditReport'], UserCaller>;

/** `POST /v1/audit/reports`: asks the watcher what the blocks hold, compares it with the entries, and signs what differs. */
export function createReport(deps: CreateReportDeps): BoundRoute {
  return bind(ROUTES.createAuditReport, async (request) => {
    const { tenantId } = request.caller;
    const options = { scope: deps.store.forTenant(tenantId), claim: request.idempotency };
    return await askThenAnswerOnce(
      options,
      async () => await prepare(deps, request),
      async (tx, known) => {
        await store(tx, deps, { request, ...known });
        return {
          status: 201,
          body: present(await findShownReport(tx, tenantId, known.id), 'the report just stored'),
        };
      },
    );
  });
}

interface Known {
  readonly id: string;
  readonly moves: Moves;
  readonly comparison: Comparison;
  readonly entry: Entry;
}

async function prepare(
  { store: log, signers, newId, own, call }: CreateReportDeps,
  request: Request,
): Promise<Known> {
  const { caller, body, requestId, traceparent } = request;
  const { tenantId } = caller;
  const moves = await askWatcher(call, { tenantId, ...body, requestId, traceparent });
  const comparison = await compareWithLog(log, { tenantId, signers, chainId: body.chainId }, moves);
  const id = newId();
  const details = { ...body, findings: comparison.findings.length };
  const act = { type: 'audit_report_created', tenantId, resourceId: id, details } as const;
  return { id, moves, comparison, entry: await own.make({ ...act, cause: causeOfRequest(request) }) };
}

async function store(
  tx: Tx,
  { own, signers, clock }: CreateReportDeps,
  { request, id, moves, comparison, entry }: Known & { readonly request: Request },
): Promise<void> {
  const { caller, body } = request;
  const created_at = clock();
  const told = { reportId: id, chainId: body.chainId, createdAt: created_at.toISOString() };
  const createdBy = `${entry.actorType}:${entry.actorId}`;
  const { tenantId } = caller;
  const signed = signReport(signers, { tenantId, moves, comparison, ...told, createdBy });
  insertReport(tx, {
    ...{
      tenant_id: tenantId,
      id,
      chain_id: body.chainId,
      from_height: body.from,
      to_height: body.to,
      created_at,
    },
    checkpoint_size: comparison.head.size,
    findings_count: comparison.findings.length,
    ...signed,
  });
  await own.store(tx, entry);
}
