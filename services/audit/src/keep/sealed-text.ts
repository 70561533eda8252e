import { leafHash } from '@ironforge/audit-log';
import { z } from 'zod';

/** What the sealed text of an entry says of those columns by which it is found. */
export type SealedText = z.output<typeof Text>;

/** What was sealed of an entry; null when its text is not the one that its leaf was made of. */
export function sealedText(canonical: string, leaf: Uint8Array | undefined): SealedText | null {
  if (leaf === undefined || !Buffer.from(leafHash(Buffer.from(canonical))).equals(leaf)) return null;
  return Text.parse(JSON.parse(canonical));
}

const Text = z.object({
  tenantId: z.string(),
  id: z.string(),
  sequence: z.int(),
  eventId: z.string(),
  type: z.string(),
  resourceType: z.string(),
  resourceId: z.string(),
  actor: z.object({ type: z.string(), id: z.string() }),
  occurredAt: z.iso.datetime().transform((time) => new Date(time)),
});

/**
 * Whether an entry can have come in before a month ended: it did not happen after that. When it came in is in no sealed text, so
 * that this is all that is known for sure.
 */
export function canBeOfMonth({ occurredAt }: Pick<SealedText, 'occurredAt'>, monthEnd: Date): boolean {
  return occurredAt.getTime() < monthEnd.getTime() + CLOCKS_APART_MS;
}

/** So much may the clock of a service be ahead of the database's. */
const CLOCKS_APART_MS = 300_000;
