import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failedSignIn, hostile, hostileEntry } from './said-entry.fixture.ts';
import { octetCounted, syslogOf } from './syslog.ts';

/** RFC 5424, 6: a header, the one element, and the message. */
const MESSAGE =
  /^<(\d{1,3})>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([\x21-\x7e]{1,255}) ironforge audit ([\x21-\x7e]{1,32}) \[meta sequenceId="(\d{1,10})"\] (.*)$/s;

describe('syslogOf', () => {
  it('is a message of RFC 5424 from log audit, with the severity of what happened', () => {
    expect(syslogOf(failedSignIn, 'audit-1.example', 'CEF:0|…')).toBe(
      '<108>1 2026-03-01T12:00:00.123Z audit-1.example ironforge audit login_failed [meta sequenceId="17"] CEF:0|…',
    );
    expect(syslogOf({ ...failedSignIn, status: 'success' }, 'h', '')).toMatch(/^<110>1 /);
  });

  it.each([
    [1, '1'],
    [2_147_483_647, '2147483647'],
    [2_147_483_648, '1'],
  ])('counts entry %i as %s', (sequence, told) => {
    expect(MESSAGE.exec(syslogOf({ ...failedSignIn, sequence }, 'h', ''))?.[5]).toBe(told);
  });

  it('has the same parts whatever somebody typed', () => {
    fc.assert(
      fc.property(hostileEntry, hostile, (entry, host) => {
        expect(syslogOf(entry, host, 'the message')).toMatch(MESSAGE);
        expect(MESSAGE.exec(syslogOf(entry, host, 'the message'))?.[6]).toBe('the message');
      }),
    );
  });
});

describe('octetCounted', () => {
  it.each([
    ['abc', '3 abc'],
    ['é漢🔥', '9 é漢🔥'],
    ['a\nb', '3 a\nb'],
    ['', '0 '],
  ])('counts the bytes of %j', (message, framed) => {
    expect(octetCounted(message)).toBe(framed);
  });
});
