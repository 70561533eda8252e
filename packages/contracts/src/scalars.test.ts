import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { addressInput, humanText, metadata, utcTime, uuid } from './scalars.ts';

describe('an id', () => {
  it('has one spelling, so that a policy that names it in capitals still means it', () => {
    expect(uuid.parse('A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11')).toBe('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11');
  });

  it.each(['', 'a0eebc99', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11 ', 'a0eebc999c0b4ef8bb6d6bb9bd380a11'])(
    'is no other text: %j',
    (text) => {
      expect(uuid.safeParse(text).success).toBe(false);
    },
  );
});

describe('a time', () => {
  it.each([
    ['2026-11-22T15:00:00Z', true],
    ['1970-01-01T00:00:00.000Z', true],
    ['0000-01-01T00:00:00Z', false],
    ['2026-02-30T00:00:00Z', false],
    ['2026-11-22T15:00:00+01:00', false],
    ['2026-11-22', false],
  ])('%s is one that a database can hold: %s', (text, isOne) => {
    expect(utcTime.safeParse(text).success).toBe(isOne);
  });
});

describe('text of a person', () => {
  const KEY = 'ab'.repeat(32);

  it.each([humanText(100), addressInput, metadata])('is refused with a secret in it (%#)', (schema) => {
    const given = schema === metadata ? { note: KEY } : KEY;
    expect(messagesOf(schema.safeParse(given))).toEqual(['secret_in_request']);
  });

  const LONG = 'zoo '.repeat(300);

  it.each([humanText(50), addressInput])(
    'is searched at its beginning when it is too long (%#)',
    (schema) => {
      const tooBig: unknown = expect.stringContaining('Too big');
      expect(messagesOf(schema.safeParse(`${KEY} ${LONG}`))).toEqual([tooBig, 'secret_in_request']);
      expect(messagesOf(schema.safeParse(`${LONG} ${KEY}`))).toEqual([tooBig]);
    },
  );

  it('is not searched in metadata that are too large', () => {
    const messages = messagesOf(metadata.safeParse({ note: `${KEY} ${'zoo '.repeat(3_000)}` }));
    expect(messages).toEqual(['must be at most 8192 characters as JSON']);
  });
});

function messagesOf(parsed: { readonly error?: z.ZodError | undefined }): string[] {
  return parsed.error?.issues.map(({ message }) => message) ?? [];
}
