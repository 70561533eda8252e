import { expect, it } from 'vitest';
import { transferOf } from './transfer-of.ts';

const told = (type: string, details: object) => JSON.stringify({ type, details });
const deposit = { kind: 'transfer', txHash: '0xa', index: 2, walletId: 'w1', amount: '7' };

it.each([
  ['a deposit', 'deposit_observed', deposit, '0xa #2 to wallet w1'],
  ['a deposit that a sweep found', 'deposit_observed', { ...deposit, kind: 'internal', txHash: null }, null],
  ['a payment in a block', 'tx_confirmed', { request: { txHash: '0xb', status: 'confirmed' } }, '0xb'],
  ['a payment past us', 'security_nonce_spent_outside', { txHash: '0xc', walletId: 'w1' }, '0xc'],
  ['a payment that is only signed', 'tx_signed', { request: { txHash: '0xd' } }, null],
  ['a request that ended without any', 'tx_request_cancelled', { request: { txHash: null } }, null],
  ['a sign-in', 'login_success', {}, null],
])('names the transfer that an entry tells of as a report does: %s', (_, type, details, transfer) => {
  expect(transferOf(told(type, details))).toBe(transfer);
});
