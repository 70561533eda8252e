import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { ether, PAYMENT } from '../amounts.ts';
import type { People, Request, Wallets } from '../cast.ts';
import { nativeBalance } from '../native-balance.ts';
import type { Step } from '../step.ts';
import { claim } from '../truth.ts';

/** The wish to pay; its intent is what everybody from here on refers to, by its hash. */
export const submitRequest: Step<{ people: People; wallets: Wallets }, Request> = {
  name: 'request_submitted',
  title: 'The operator asks to pay the supplier',
  why: 'A request is an intent: who pays whom how much, with the most the network may take. Its hash is what people approve and what the signature is held against.',
  act: async (_stage, { people, wallets }) => {
    const { api } = people.operator;
    const { assetId } = await nativeBalance(api, wallets.treasury.id);
    const body = {
      walletId: wallets.treasury.id,
      to: wallets.supplier.address,
      assetId,
      amount: PAYMENT.toString(),
      note: 'Invoice 2026-117',
    };
    const headers = { 'idempotency-key': randomUUID() };
    const request = await api.call(ROUTES.createTransaction, { body, headers });
    claim('the rule asks for approvals', request.status === 'pending_approval');
    claim(
      'two are needed, none is given',
      request.required[0]?.required === 2 && request.required[0].given === 0,
    );
    const again = await api.call(ROUTES.createTransaction, { body, headers });
    claim('the same POST again is the same request', again.id === request.id);
    return { facts: { ...factsOf(request), amount: ether(request.amount) }, value: request };
  },
};

function factsOf({ id, intentHash, status, policy }: Request) {
  return { request: id, intentHash, status, rule: policy?.rule ?? 'none' };
}
