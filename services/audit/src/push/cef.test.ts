import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cefOf } from './cef.ts';
import type { SaidEntry } from './said-entry.ts';
import { failedSignIn, hostileEntry } from './said-entry.fixture.ts';

const KEYS = [
  'rt',
  'externalId',
  'act',
  'outcome',
  'suid',
  'suser',
  'spriv',
  'cn1',
  'cn1Label',
  'cn2',
  'cn2Label',
];
const POLICY = ['flexString1', 'flexString1Label'];
const CUSTOM = [1, 2, 3, 4, 5, 6].flatMap((n) => [`cs${n}`, `cs${n}Label`]);

it('is the line that a receiver expects', () => {
  expect(cefOf(failedSignIn, '{}')).toBe(
    'CEF:0|IronForge|IronForge|1|login_failed|user login failure|6|rt=1772366400123 ' +
      'externalId=6b0c2f0e-0000-4000-8000-000000000001 act=login outcome=failure suid=identity ' +
      'suser=service cn1=17 cn1Label=sequence cs1=6b0c2f0e-0000-4000-8000-000000000002 cs1Label=tenantId cs2=user ' +
      'cs2Label=resourceType cs3=6b0c2f0e-0000-4000-8000-000000000003 cs3Label=resourceId cs6={"reason":"wrong_password"} cs6Label=details cn2=2 cn2Label=sealedBytes',
  );
});

it('tells the roles as the privileges of the source, and the version of the policy', () => {
  const authority = { roles: ['admin', 'approver'], policy: { id: 'the-policy', version: 3 } };
  const line = cefOf({ ...failedSignIn, authority }, '{}');
  expect(line).toContain(' suser=service spriv=admin,approver cn1=17 ');
  expect(line).toMatch(/ flexString1=the-policy version 3 flexString1Label=policy$/);
});

it('says nothing of roles where a policy alone decided', () => {
  const line = cefOf({ ...failedSignIn, authority: { roles: [], policy: { id: 'p', version: 1 } } }, '{}');
  expect(line).not.toContain('spriv');
});

describe('what somebody typed', () => {
  it.each([
    ['a pipe in a header', { type: 'a|b' }, '|a\\|b|'],
    ['a backslash in a header', { type: 'a\\b' }, '|a\\\\b|'],
    ['a line break in a header', { type: 'a\r\nb' }, '|a b|'],
    ['an equals sign in a header, which needs no escape', { type: 'a=b' }, '|a=b|'],
    ['an equals sign in a value', { resourceId: 'a act=b' }, 'cs3=a act\\=b '],
    ['a backslash in a value', { resourceId: 'a\\' }, 'cs3=a\\\\ '],
    ['a pipe in a value, which needs no escape', { resourceId: 'a|b' }, 'cs3=a|b '],
    ['a line break in a value', { resourceId: 'a\nCEF:0|b' }, 'cs3=a\\nCEF:0|b '],
    ['a carriage return in a value', { resourceId: 'a\rb' }, 'cs3=a\\nb '],
    ['a line end of Unicode in a value', { resourceId: 'a\u2028b' }, 'cs3=a\\nb '],
    ['a control character in a value', { resourceId: 'a\0b' }, 'cs3=a b '],
    ['letters of other scripts', { resourceId: 'é漢🔥' }, 'cs3=é漢🔥 '],
  ] satisfies readonly [string, Partial<SaidEntry>, string][])('%s', (_what, changed, part) => {
    expect(cefOf({ ...failedSignIn, ...changed }, '{}')).toContain(part);
  });

  it('ends no line, no header and no field', () => {
    fc.assert(
      fc.property(hostileEntry, (entry) => {
        const line = cefOf(entry, '{}');
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        const [, ...pipes] = line.split(/(?<!\\)(?:\\\\)*\|/).slice(0, 8);
        expect(pipes).toHaveLength(7);
        const keys = [...extensionOf(line).matchAll(/(?:^| )(\w+)=/g)].map(([, key]) => key);
        expect(keys.filter((key) => ![...KEYS, ...POLICY, ...CUSTOM].includes(String(key)))).toEqual([]);
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });
});

/** What follows the seventh pipe that is not escaped. */
function extensionOf(line: string): string {
  const header = /^(?:(?:[^|\\]|\\.)*\|){7}/s.exec(line)?.[0] ?? line;
  return line.slice(header.length);
}
