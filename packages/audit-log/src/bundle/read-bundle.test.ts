import { parseJson } from '@ironforge/kernel';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBundle } from './read-bundle.ts';

const read = (text: string) => readBundle(utf8ToBytes(text));

describe('readBundle', () => {
  it.each([
    ['a name twice', '{"a":1,"a":1}', 'repeated_name'],
    ['a name twice, once escaped', '{"a":1,"\\u0061":2}', 'repeated_name'],
    ['a name twice, deep inside', '[{"b":{"a":[{"x":0,"y":{"z":1},"x":0}]}}]', 'repeated_name'],
    ['__proto__ twice', '{"__proto__":1,"__proto__":2}', 'repeated_name'],
    ['a number beyond 2^53', '{"a":9007199254740993}', 'loose_number'],
    ['a number with a point and nothing behind', '{"a":1.0}', 'loose_number'],
    ['a number as a power', '[1e2]', 'loose_number'],
    ['minus zero', '[-0]', 'loose_number'],
    ['a number too small to be told from another', '[0.10000000000000000555]', 'loose_number'],
    ['a number too large for any', '[1e999]', 'loose_number'],
    ['nothing', '', 'malformed_json'],
    ['two values', '{}{}', 'malformed_json'],
    ['a comment', '{} // no', 'malformed_json'],
  ])('refuses %s', (_, text, flaw) => {
    expect(read(text)).toEqual({ rejected: flaw });
  });

  it('refuses bytes that are no UTF-8', () => {
    expect(readBundle(Uint8Array.of(0x22, 0xff, 0x22))).toEqual({ rejected: 'malformed_json' });
    expect(readBundle(Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22))).toEqual({ rejected: 'malformed_json' });
  });

  it('takes what JavaScript writes, indented or not, and a mark of UTF-8 before it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(3), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(read(text)).toEqual({ bundle: parseJson(text) });
        expect(read(`\ufeff${text}`)).toEqual({ bundle: parseJson(text) });
      }),
    );
  });

  it('is not misled by what stands in a text', () => {
    const text = JSON.stringify({ 'a":1,"a': ['\\', '\\"', ':', '1.0', '"x":1.0', '\n{"a":1}'], b: '\\\\' });
    expect(read(text)).toEqual({ bundle: parseJson(text) });
  });

  it('takes what is very long or very deep', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const long = JSON.stringify({ text: '\\" :1.0 '.repeat(500_000) });
    expect([deep, long].map((text) => 'bundle' in read(text))).toEqual([true, true]);
  });
});
