import { expect, it } from 'vitest';
import { countedAttempt } from './attempt.ts';

function counted(ip: string): string {
  const deps = { hashEmail: (email: string) => email, keyedHash: (use: string, text: string) => use + text };
  const from = { ip, requestId: 'r', userAgent: '', traceparent: '' };
  return countedAttempt(deps, { ...from, email: 'a@forge.test', password: 'p', tenant: undefined }).address;
}

it('counts guesses from one network of IPv6 together, and those of its neighbour apart', () => {
  expect(counted('2001:db8:1:2::1')).toBe(counted('2001:db8:1:2:ffff::2'));
  expect(counted('2001:db8:1:2::1')).not.toBe(counted('2001:db8:1:3::1'));
  expect(counted('192.0.2.1')).not.toBe(counted('192.0.2.2'));
});
