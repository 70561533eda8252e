import type { AuditCategory } from '@ironforge/contracts';
import type { TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import { oldestIn, type Span } from '../queries/due-entries.ts';
import { prunableTypes } from './kept-as.ts';
import { dueUntil, monthOf } from './month.ts';
import { limitedIn, type Retention } from './retention.ts';

/** A month of one category whose time is over, and the entries that came in during it. */
export interface DueMonth {
  readonly category: AuditCategory;
  readonly keptDays: number;
  /** As `2026-03`. */
  readonly month: string;
  readonly span: Span;
}

/** What entries are measured by. */
export interface Measure {
  readonly retention: Retention;
  readonly now: Date;
}

/** The months whose time is over and that have entries, oldest first in each category. */
export async function* dueMonths(
  tx: Tx,
  tenantId: TenantId,
  { retention, now }: Measure,
): AsyncGenerator<DueMonth> {
  for (const { category, keptDays } of limitedIn(retention)) {
    const types = prunableTypes(category);
    const end = dueUntil(now, keptDays);
    let oldest = await oldestIn(tx, tenantId, { types, start: new Date(0), end });
    while (oldest !== null) {
      const month = monthOf(oldest);
      yield { category, keptDays, month: month.name, span: { types, start: month.start, end: month.end } };
      oldest = await oldestIn(tx, tenantId, { types, start: month.end, end });
    }
  }
}
