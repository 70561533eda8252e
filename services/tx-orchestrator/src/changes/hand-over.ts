import { type ErrorCode, INTERNAL_ROUTES, type UserSubject, type WalletSubject } from '@ironforge/contracts';
import { AppError } from '@ironforge/kernel';
import type { ChangeRow } from '@ironforge/schema';
import type { OrchestratorDeps } from '../deps.ts';
import type { ChangeReason } from './carry-out-change.ts';

/** What another service has to do. */
export type Foreign = UserSubject | WalletSubject;

/**
 * Has the owner of the data do what was approved; null when it is done, by this call or by one before. What its owner
 * refuses is a reason; whatever else went wrong is thrown, and the same call is made again later.
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
    const reason =
      error instanceof AppError ? Object.entries(REASONS).find(([code]) => code === error.code) : undefined;
    if (reason === undefined) throw error;
    return reason[1];
  }
}

const REASONS: { readonly [Code in ErrorCode]?: ChangeReason } = {
  not_found: 'not_found',
  illegal_transition: 'illegal_transition',
  version_conflict: 'stale_base',
  wallet_exists: 'wallet_exists',
  approval_address_exists: 'approval_address_exists',
  plan_limit_reached: 'plan_limit_reached',
};
