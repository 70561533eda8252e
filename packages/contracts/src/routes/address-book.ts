import { z } from 'zod';
import * as told from '../events/address-book.ts';
import { route } from '../route.ts';
import { addressInput, chainId, nameText, page, pageOf, utcTime, uuid } from '../scalars.ts';

const service = 'wallet-registry';
const id = z.strictObject({ id: uuid });
const entry = told.addressEntry.extend({ createdAt: utcTime, updatedAt: utcTime });

/** Payees and blocked addresses; what permits more needs a second person, what permits less needs one. */
export const addressBookRoutes = {
  createAddressEntry: route({
    method: 'POST',
    path: '/v1/address-book',
    service,
    access: 'address_book:write',
    summary:
      'Add an address: an own note, or with isShared a payee of the tenant that counts once a second person verified it; a blocked one is the tenant’s, counts at once and on every chain',
    body: z.strictObject({
      kind: told.addressKind.optional().describe('payee when left out'),
      chainId,
      address: addressInput,
      label: nameText(100),
      tags: z.array(nameText(50)).max(50).optional(),
      isShared: z.boolean().optional(),
    }),
    reply: entry,
    status: 201,
    idempotency: 'optional',
    errors: ['address_exists', 'secret_in_request', 'unknown_chain'],
  }),
  listAddressEntries: route({
    method: 'GET',
    path: '/v1/address-book',
    service,
    access: 'address_book:write',
    summary: 'The entries of the tenant and one’s own',
    query: z.strictObject({ ...page, kind: told.addressKind.optional() }),
    reply: pageOf(entry),
  }),
  verifyAddressEntry: route({
    method: 'POST',
    path: '/v1/address-book/{id}/verify',
    service,
    access: 'address_book:share',
    summary: 'Vouch, as a second person, for a payee of the tenant',
    params: id,
    reply: entry,
    idempotency: 'optional',
    errors: ['second_person_needed', 'illegal_transition'],
  }),
  removeAddressEntry: route({
    method: 'DELETE',
    path: '/v1/address-book/{id}',
    service,
    access: 'address_book:write',
    summary: 'Take an entry out; a blocked address goes when a second person asks for it too',
    params: id,
    reply: entry,
    errors: ['second_person_needed'],
  }),
} as const;
