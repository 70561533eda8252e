import { z } from 'zod';
import { auditCategory } from './audit-category.ts';
import { uuid } from './scalars.ts';

const sequence = z.int().min(1);

/** What the sealed entry `entries_pruned` says of the entries that were pruned with it: their deletion certificate. */
export const deletionCertificate = z.object({
  category: auditCategory,
  /** Of UTC, in which the log took the entries in. */
  month: z.string().regex(/^\d{4}-\d{2}$/),
  /** The retention that was in force. */
  keptDays: z.int().min(1),
  count: z.int().min(1),
  /** The numbers of the entries, ascending, as first and last of each unbroken run. */
  ranges: z.array(z.tuple([sequence, sequence])).min(1),
  /** SHA-256 over the leaf hashes of the entries in the order of their numbers, in hexadecimal digits. */
  leafHashesSha256: z.string().regex(/^[0-9a-f]{64}$/),
  /**
   * SHA-256, in hexadecimal digits, over a line `<number> <transfer>` for each of them that told of a transfer, in the order of their
   * numbers; left out where none did, and by older certificates.
   */
  transfersSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  /** The legal holds in force, none of which covers an entry of this month and category. */
  holds: z.array(uuid),
  /** Nothing of this month and category is left: the key of its copy in immudb was deleted, too. */
  isMonthGone: z.boolean(),
});

/** What was pruned, by which rule, and by what it is recognised. */
export type DeletionCertificate = z.output<typeof deletionCertificate>;

const certificateEntry = z.object({ type: z.literal('entries_pruned'), details: deletionCertificate });

/** The certificate that the canonical text of an entry is; null for any other text. */
export function certificateIn(canonical: string): DeletionCertificate | null {
  try {
    return certificateEntry.safeParse(JSON.parse(canonical)).data?.details ?? null;
  } catch {
    return null;
  }
}
