import { INTERNAL_ROUTES, ROUTES } from '@ironforge/contracts';
import { expect, it } from 'vitest';
import { createKeyedHash } from './keyed-hash.ts';
import { makeRecoveryCodes, recoveryCodeHash, secondFactorOf } from './recovery-codes.ts';

it('ten codes are made, each of its own, in the form that a sign-in takes', () => {
  const codes = makeRecoveryCodes();
  expect(new Set(codes).size).toBe(10);
  for (const code of codes) {
    expect(code).toMatch(/^[A-Z2-7]{5}-[A-Z2-7]{5}$/);
    expect(ROUTES.login.body.shape.totp.parse(code)).toBe(code);
    expect(INTERNAL_ROUTES.verifyTotp.body.shape.code.safeParse(code).success).toBe(false);
    expect(secondFactorOf(code)).toBe('recovery_code');
  }
});

it('every letter of the alphabet comes up', () => {
  const letters = Array.from({ length: 100 }, () => makeRecoveryCodes().join('')).join('');
  expect(new Set(letters).size).toBe(33);
});

it('a code is the same in lower case and without its hyphen, and no other is', () => {
  const hashOf = (code: string) => recoveryCodeHash(createKeyedHash('k'.repeat(32)), code);
  expect(hashOf('abcdefgh23')).toBe(hashOf('ABCDE-FGH23'));
  expect(hashOf('ABCDE-FGH24')).not.toBe(hashOf('ABCDE-FGH23'));
});

it('six digits are of an authenticator', () => {
  expect(secondFactorOf('012345')).toBe('totp');
});
