import type { TenantId } from '@ironforge/kernel';
import { branded } from '@ironforge/kernel';
import { expect, test } from 'vitest';
import { openingStatement } from './opening.ts';

const tenantId = branded<TenantId>('7b0f3c1e-5d0a-4a57-9a3e-0f6f4c1d2e3f');

test('a tenant transaction sets isolation, role and tenant at once', () => {
  expect(openingStatement('serializable', { role: 'ironforge_app', tenantId })).toBe(
    `BEGIN ISOLATION LEVEL SERIALIZABLE; SET LOCAL ROLE ironforge_app; SET LOCAL ironforge.tenant = '${tenantId}'`,
  );
});

test('what only reads can do nothing else', () => {
  expect(openingStatement('reading', { role: 'ironforge_system' })).toBe(
    'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL ROLE ironforge_system',
  );
});

test('a system transaction has no tenant', () => {
  expect(openingStatement('read committed', { role: 'ironforge_system' })).toBe(
    'BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL ROLE ironforge_system',
  );
});

test.each(["'; DROP TABLE users; --", '', tenantId.toUpperCase(), `${tenantId}'`])(
  '%j is never put into the text',
  (text) => {
    expect(() =>
      openingStatement('serializable', { role: 'ironforge_app', tenantId: branded<TenantId>(text) }),
    ).toThrow('a tenant id is a UUID');
  },
);
