import { appError } from '@ironforge/contracts';
import type { AppError, TenantId } from '@ironforge/kernel';
import type { Cause } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { IdentityDeps } from '../deps.ts';
import { destroySubjectKey, findErasure } from '../queries/subject-keys.ts';
import { monthOf, subjectOfVisitors } from './subjects.ts';

/** The visitors of which month (`2026-10`) are to be erased, and who wants it. */
export interface VisitorsErasure {
  readonly tenantId: TenantId;
  readonly month: string;
  readonly cause: Cause;
}

type Deps = Pick<IdentityDeps, 'outbox' | 'events' | 'clock'>;

/**
 * Erases what is personal about the people without an account of a month that is over, for good, by destroying their data key, and tells
 * `user.visitors_erased`. What comes late of that month is kept without what is personal in it. Again, it changes nothing.
 */
export async function eraseVisitors(
  deps: Deps,
  tx: Tx,
  { tenantId, month, cause }: VisitorsErasure,
): Promise<{ readonly erasedAt: Date } | AppError> {
  const place = { tenant_id: tenantId, subject: subjectOfVisitors(month) };
  const found = await findErasure(tx, place);
  if (found === undefined) return appError('not_found');
  if (found.erased_at !== null) return { erasedAt: found.erased_at };
  const now = deps.clock();
  if (month >= monthOf(now.toISOString()))
    return appError('illegal_transition', {
      detail: 'wait until the month is over: entries still use its key',
    });
  await destroySubjectKey(tx, place, now);
  const told = { tenantId, subject: month, version: 1, cause, data: { month } };
  deps.outbox.add(tx, [deps.events.event('user.visitors_erased', told)]);
  return { erasedAt: now };
}
