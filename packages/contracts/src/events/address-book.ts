import { z } from 'zod';
import { chainId, uuid } from '../scalars.ts';

/** What an entry is for: somebody who may be paid, or nobody may pay. */
export const addressKind = z.enum(['payee', 'blocked']);

/** Where an entry stands: one of one's own is `personal` and counts for no rule, a tenant's counts while `active`. */
const addressEntryStatus = z.enum(['personal', 'unverified', 'active', 'removing', 'removed']);

/** An entry of the address book as its events tell it. */
export const addressEntry = z.object({
  id: uuid,
  kind: addressKind,
  status: addressEntryStatus,
  chainId,
  address: z.string(),
  label: z.string(),
  tags: z.array(z.string()),
  userId: uuid.nullable().describe('whose own it is; null for an entry of the tenant'),
  createdBy: uuid,
  verifiedBy: uuid.nullable(),
  removalAskedBy: uuid.nullable(),
});

/** What wallet-registry says about the address book; each event carries the whole entry. */
export const addressBookEvents = {
  'address_book.entry_added': z.object({ entry: addressEntry }),
  'address_book.entry_verified': z.object({ entry: addressEntry }),
  'address_book.removal_requested': z.object({ entry: addressEntry }),
  'address_book.entry_removed': z.object({ entry: addressEntry }),
} as const;
