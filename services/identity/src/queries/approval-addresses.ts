import type { ApprovalAddressRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';
import type { UserPlace } from './user-roles.ts';

const COLUMNS = ['tenant_id', 'user_id', 'address', 'offered_address', 'nonce', 'offer_expires_at'] as const;

/** By which address a person approves, and which one he offers in its place. */
export type ApprovalAddress = Pick<ApprovalAddressRow, (typeof COLUMNS)[number]>;

/** What a person offers: counts for nothing before the address itself has signed. */
export interface Offer {
  readonly address: string;
  readonly nonce: string;
  readonly expiresAt: Date;
  readonly now: Date;
}

/** The address of a person, locked. */
export async function lockApprovalAddress(tx: Tx, place: UserPlace): Promise<ApprovalAddress | undefined> {
  return await tx<ApprovalAddressRow>('approval_addresses')
    .first(...COLUMNS)
    .where(place)
    .forUpdate();
}

/** Whether another user of the tenant has this address in use. */
export async function isTaken(tx: Tx, { tenant_id, user_id }: UserPlace, address: string): Promise<boolean> {
  const taken = await tx<ApprovalAddressRow>('approval_addresses')
    .first('user_id')
    .where({ tenant_id, address })
    .whereNot({ user_id });
  return taken !== undefined;
}

/** Stores what a person offers, in place of what he offered before. */
export async function putOffer(
  tx: Tx,
  place: UserPlace,
  { address, nonce, expiresAt, now }: Offer,
): Promise<void> {
  const offer = { offered_address: address, nonce, offer_expires_at: expiresAt, updated_at: now };
  await tx<ApprovalAddressRow>('approval_addresses')
    .insert({ ...place, ...offer, created_at: now })
    .onConflict(['tenant_id', 'user_id'])
    .merge(['offered_address', 'nonce', 'offer_expires_at', 'updated_at']);
}

/** Ends an offer: its nonce served once. */
export async function endOffer(tx: Tx, { tenant_id, user_id }: UserPlace, now: Date): Promise<void> {
  const ended = { offered_address: null, nonce: null, offer_expires_at: null, updated_at: now };
  await tx<ApprovalAddressRow>('approval_addresses').where({ tenant_id, user_id }).update(ended);
}

/** Puts an address into force. */
export async function setApprovalAddress(
  tx: Tx,
  { tenant_id, user_id }: UserPlace,
  { address, now }: Pick<Offer, 'address' | 'now'>,
): Promise<void> {
  await tx<ApprovalAddressRow>('approval_addresses')
    .where({ tenant_id, user_id })
    .update({ address, updated_at: now });
}

/** Sets an address, and an offer, free for another person: what was signed with it is kept beside each approval. */
export async function releaseApprovalAddress(
  tx: Tx,
  { tenant_id, user_id }: UserPlace,
  now: Date,
): Promise<void> {
  const released = { address: null, offered_address: null, nonce: null, offer_expires_at: null };
  await tx<ApprovalAddressRow>('approval_addresses')
    .where({ tenant_id, user_id })
    .update({ ...released, updated_at: now });
}
