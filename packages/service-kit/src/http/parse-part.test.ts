import { AppError } from '@ironforge/kernel';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parsePart } from './parse-part.ts';

const KEY = 'ab'.repeat(32);
const body = z.strictObject({ name: z.string().optional(), parts: z.array(z.strictObject({})).optional() });

describe('a field that the route does not know', () => {
  it('is told by its place', () => {
    expect(refusalOf({ note: 'hello' })).toEqual({
      code: 'validation_failed',
      items: [['/note', 'unknown_field']],
    });
  });

  it('is a secret when it holds one', () => {
    expect(refusalOf({ note: { deep: KEY } })).toEqual({
      code: 'secret_in_request',
      items: [['/note', 'secret_in_request']],
    });
  });

  it('is not searched when it is long', () => {
    expect(refusalOf({ note: `${KEY} ${'zoo '.repeat(300)}` }).code).toBe('validation_failed');
  });

  it('is not searched when many others were, in whatever objects they stand', () => {
    const filler = 'zoo '.repeat(100);
    const parts = [{ a: filler }, { b: filler }, { c: `${KEY} ${filler}` }];
    expect(refusalOf({ parts })).toEqual({
      code: 'validation_failed',
      items: [
        ['/parts/0/a', 'unknown_field'],
        ['/parts/1/b', 'unknown_field'],
        ['/parts/2/c', 'unknown_field'],
      ],
    });
  });
});

it('a number that JSON cannot tell again is refused by its place, however deep', () => {
  expect(refusalOf(JSON.parse('{ "note": [{ "a": 1e400 }] }'))).toEqual({
    code: 'validation_failed',
    items: [['/note/0/a', 'invalid_value']],
  });
});

function refusalOf(value: unknown) {
  try {
    parsePart(body, value, []);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { code: error.code, items: error.errors?.map(({ pointer, code }) => [pointer, code]) };
  }
  throw new Error('the value was taken');
}
