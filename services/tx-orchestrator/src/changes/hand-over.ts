import { type ErrorCode, INTERNAL_ROUTES, type UserSubject, type WalletSubject } from '@ironforge/contracts';
import { AppError, mayRetry } from '@ironforge/kernel';
import type { ChangeRow } from '@ironforge/schema';
import type { OrchestratorDeps } from '../deps.ts';
import type { ChangeReason } from './carry-out-change.ts';

/** What another service has to do. */
export type Foreign = UserSubject | WalletSubject;

/**
 * Has the owner of the data do what was approved; null when it is done, by this call or by one before. What its owner
 * refuses is a reason, since he would refuse it again; what may go another way is thrown, and the same call is made later.
 */
export async function handOver(
  { call }: Pick<OrchestratorDeps, 'call'>,
  row: Pick<ChangeRow, 'id' | 'tenant_id' | 'author_id'>,
  subject: Foreign,
): Promise<ChangeReason | null> {
  const approved = { tenantId: row.tenant_id, changeId: row.id, authorId: row.author_id };
  try {
    if ('walletId' in subject)
      await call(INTERNAL_ROUTES.applyWalletChange, { body: { ...approved, subject } });
    else await call(INTERNAL_ROUTES.applyUserChange, { body: { ...approved, subject } });
    return null;
  } catch (error) {
    if (!(error instanceof AppError) || mayRetry(error) || MAY_CHANGE.has(error.code)) throw error;
    return REASONS.get(error.code) ?? 'refused_by_owner';
  }
}

/** Refusals of the moment and not of what was asked. */
const MAY_CHANGE: ReadonlySet<string> = new Set<ErrorCode>([
  'dependency_down',
  'rate_limited',
  'request_in_progress',
  'unauthenticated',
]);

const REASONS: ReadonlyMap<string, ChangeReason> = new Map<ErrorCode, ChangeReason>([
  ['not_found', 'not_found'],
  ['illegal_transition', 'illegal_transition'],
  ['version_conflict', 'stale_base'],
  ['wallet_exists', 'wallet_exists'],
  ['approval_address_exists', 'approval_address_exists'],
  ['plan_limit_reached', 'plan_limit_reached'],
]);
