import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { SMALL_PAYMENT } from './amounts.ts';
import type { People, Request, Wallets } from './cast.ts';
import { nativeBalance } from './native-balance.ts';

/** The operator asks for a payment that needs nobody's approval while it fits into the day's limit. */
export async function askSmallPayment({
  people,
  wallets,
}: {
  people: People;
  wallets: Wallets;
}): Promise<Request> {
  const { api } = people.operator;
  const { treasury, supplier } = wallets;
  const { assetId } = await nativeBalance(api, treasury.id);
  const amount = SMALL_PAYMENT.toString();
  const body = { walletId: treasury.id, to: supplier.address, assetId, amount };
  return await api.call(ROUTES.createTransaction, { body, headers: { 'idempotency-key': randomUUID() } });
}
