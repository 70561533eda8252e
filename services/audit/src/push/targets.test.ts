import { describe, expect, it } from 'vitest';
import { pushTargets } from './targets.ts';

const target = {
  name: 'siem',
  tenantId: '6b0c2f0e-0000-4000-8000-000000000002',
  url: 'syslog+tls://siem.example:6514',
  format: 'cef',
};
const placeOf = (url: string) => pushTargets.parse([{ ...target, url }])[0]?.url;

describe('pushTargets', () => {
  it.each([
    [
      'syslog+tls://siem.example:6514',
      { host: 'siem.example', port: 6514, framing: 'syslog', isEncrypted: true },
    ],
    [
      'syslog+tcp://siem.example:601',
      { host: 'siem.example', port: 601, framing: 'syslog', isEncrypted: false },
    ],
    ['tcp://10.0.0.7:5170', { host: '10.0.0.7', port: 5170, framing: 'lines', isEncrypted: false }],
    ['tls://[::1]:5170', { host: '::1', port: 5170, framing: 'lines', isEncrypted: true }],
  ])('takes %s', (url, place) => {
    expect(placeOf(url)).toEqual(place);
  });

  it.each([
    ['another protocol', { url: 'https://siem.example' }],
    ['no port', { url: 'tcp://siem.example' }],
    ['a password', { url: 'tcp://user:hunter2@siem.example:1' }],
    ['a path', { url: 'tcp://siem.example:1/a' }],
    ['no host', { url: 'tcp://:1' }],
    ['another format', { format: 'leef' }],
    ['a tenant that is none', { tenantId: 'acme' }],
    ['a name with spaces', { name: 'my siem' }],
    ['more than it knows', { token: 'x' }],
  ])('refuses %s', (_what, changed) => {
    expect(pushTargets.safeParse([{ ...target, ...changed }]).success).toBe(false);
  });

  it('refuses two of one name', () => {
    expect(pushTargets.safeParse([target, target]).success).toBe(false);
  });
});
