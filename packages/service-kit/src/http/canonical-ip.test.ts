import { expect, it } from 'vitest';
import { canonicalIp } from './canonical-ip.ts';

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:DB8:0::7', '2001:db8::7'],
  ['2001:db8:0:0:0:0:0:7', '2001:db8::7'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:c000:0201', '192.0.2.1'],
  ['::1', '::1'],
  ['nonsense', 'nonsense'],
])('%s is written %s', (address, canonical) => {
  expect(canonicalIp(address)).toBe(canonical);
});
