import { parseJson } from '@ironforge/kernel';
import { z } from 'zod';

const Said = z.object({
  id: z.string(),
  tenantId: z.string(),
  sequence: z.int(),
  type: z.string(),
  resourceType: z.string(),
  resourceId: z.string(),
  action: z.string(),
  status: z.enum(['success', 'failure']),
  actor: z.object({ type: z.string(), id: z.string() }),
  /** Absent in the entries from before it was told. */
  authority: z
    .object({
      roles: z.array(z.string()),
      policy: z.object({ id: z.string(), version: z.int() }).nullable(),
    })
    .nullish(),
  requestId: z.string().nullable(),
  chainId: z.string().nullable(),
  txHash: z.string().nullable(),
  occurredAt: z.string(),
  details: z.unknown(),
});

/** What the sealed text of an entry says. */
export type SaidEntry = z.output<typeof Said>;

/** Reads the canonical text of an entry. Throws `ZodError` for any other text. */
export function saidIn(canonical: string): SaidEntry {
  return Said.parse(parseJson(canonical));
}
