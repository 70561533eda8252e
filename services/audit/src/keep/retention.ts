import { AUDIT_CATEGORIES, type AuditCategory, ROUTES } from '@ironforge/contracts';
import { z } from 'zod';

/** For how many days entries of each category are kept; null for ever. */
export type Retention = z.output<typeof ROUTES.getAuditRetention.reply>;

const FOR_EVER = Object.fromEntries(AUDIT_CATEGORIES.map((category) => [category, null]));
const Stored = z.record(z.string(), z.unknown());

/** Reads what a tenant has set; what is not named is kept for ever. Throws for what is no retention, so that nothing is pruned by it. */
export function readRetention(days: unknown): Retention {
  return ROUTES.getAuditRetention.reply.parse({ ...FOR_EVER, ...Stored.parse(days ?? {}) });
}

/** The categories that are not kept for ever. */
export function limitedIn(retention: Retention): { category: AuditCategory; keptDays: number }[] {
  return AUDIT_CATEGORIES.flatMap((category) => {
    const keptDays = retention[category];
    return keptDays === null ? [] : [{ category, keptDays }];
  });
}
