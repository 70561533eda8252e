import type { UserSubject, WalletSubject } from '@ironforge/contracts';
import { expect, it } from 'vitest';
import { isSameWish } from './same-wish.ts';

const wallet: WalletSubject = {
  ...{ kind: 'create_wallet', walletId: 'one', policyId: null, tags: ['payroll'], name: 'a', type: 'hot' },
  ...{ userId: 'ann', chainId: 'eip155:1', address: '0x1', isWatchOnly: false, isDefault: false },
  metadata: { a: { b: 1 } },
};

const reset: UserSubject = {
  ...{ kind: 'reset_totp', userId: 'ann' },
  base: { roles: ['signer'], confirmedAt: '2026-01-01T00:00:00.000Z' },
};

it('knows a wallet again though it has another new id, and not when anything else is different', () => {
  expect(isSameWish(wallet, { ...wallet, walletId: 'two' })).toBe(true);
  expect(isSameWish(wallet, { ...wallet, name: 'b' })).toBe(false);
  expect(isSameWish(wallet, { ...wallet, metadata: { a: { b: 2 } } })).toBe(false);
});

it('knows a reset of the same person again, whatever he is at that time, and of nobody else', () => {
  expect(isSameWish(reset, { ...reset, base: { ...reset.base, roles: [] } })).toBe(true);
  expect(isSameWish(reset, { ...reset, userId: 'ben' })).toBe(false);
  expect(isSameWish(reset, wallet)).toBe(false);
});
