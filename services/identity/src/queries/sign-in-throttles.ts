import type { SignInThrottleRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

/** Until when sign-ins of any of these subjects are refused; null when none is. */
export async function findBlockedUntil(tx: Tx, subjects: readonly string[]): Promise<Date | null> {
  const row = await tx<SignInThrottleRow>('sign_in_throttles')
    .max<{ until: Date | null }[]>('blocked_until as until')
    .whereIn('subject_hash', subjects);
  return row[0]?.until ?? null;
}

/** Counts one more failure, beginning at 1 again when the last was before `forgetBefore`; gives the new count. */
export async function countFailure(
  tx: Tx,
  subject: string,
  { now, forgetBefore }: { readonly now: Date; readonly forgetBefore: Date },
): Promise<number> {
  const rows = await tx<SignInThrottleRow>('sign_in_throttles')
    .insert({ subject_hash: subject, failures: 1, updated_at: now })
    .onConflict('subject_hash')
    .merge({
      failures: tx.raw(
        'CASE WHEN sign_in_throttles.updated_at < ? THEN 1 ELSE sign_in_throttles.failures + 1 END',
        [forgetBefore],
      ),
      updated_at: now,
    })
    .returning('failures');
  return rows[0]?.failures ?? 1;
}

/** Refuses sign-ins of a subject until then. */
export async function blockUntil(tx: Tx, subject: string, until: Date): Promise<void> {
  await tx<SignInThrottleRow>('sign_in_throttles')
    .where({ subject_hash: subject })
    .update({ blocked_until: until });
}

/** Begins anew after a good sign-in. */
export async function forgetFailures(tx: Tx, subject: string): Promise<void> {
  await tx<SignInThrottleRow>('sign_in_throttles').where({ subject_hash: subject }).delete();
}
