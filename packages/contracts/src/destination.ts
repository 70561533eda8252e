import { z } from 'zod';

/** What a tenant can know about an address: a wallet of its own, a verified payee, or one that nobody may pay. */
export const destinationKind = z.enum(['own_wallet', 'address_book', 'blocked']);
export type DestinationKind = z.infer<typeof destinationKind>;
