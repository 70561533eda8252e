import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatKey,
  formatSigner,
  type KeyParse,
  parseLogKey,
  parseLogSigner,
  parseWitnessKey,
  parseWitnessSigner,
} from './key-text.ts';
import { keyOf, logKey, logSigner, witnessKey, witnessSigner } from './keys.ts';
import { peter } from './published.fixture.ts';

function key<Key>(parsed: KeyParse<Key>): Key {
  if ('rejected' in parsed) throw new Error(parsed.rejected);
  return parsed.key;
}

/** Every part of a text but the whole, and the text with one character moved to the next. */
function manglings(text: string): string[] {
  const places = Array.from(text, (_, at) => at);
  const parts = places.flatMap((from) => places.slice(from).map((to) => text.slice(from, to)));
  const ends = places.slice(1).map((from) => text.slice(from));
  const next = places.map((at) =>
    Array.from(text)
      .with(at, String.fromCharCode(text.charCodeAt(at) + 1))
      .join(''),
  );
  return [...parts, ...ends, ...next];
}

describe('keys as text', () => {
  it('are read and written as Go does', () => {
    expect(formatKey(key(parseLogKey(peter.key)))).toBe(peter.key);
    expect(formatSigner(key(parseLogSigner(peter.signer)))).toBe(peter.signer);
    expect(formatKey(keyOf(key(parseLogSigner(peter.signer))))).toBe(peter.key);
  });

  it('are refused when one character is missing or another', () => {
    expect(manglings(peter.key).filter((text) => 'key' in parseLogKey(text))).toEqual([]);
    expect(manglings(peter.signer).filter((text) => 'key' in parseLogSigner(text))).toEqual([]);
  });

  it.each([
    ['PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==', 'malformed_key'],
    ['PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'other_kind_of_key'],
    [peter.key.replace('c74f20a3', 'c74f20a4'), 'wrong_key_id'],
    [peter.key.replace('c74f20a3', 'C74F20A3'), 'malformed_key'],
    [peter.key.replace('Peter', 'Peter '), 'malformed_key'],
    [peter.key.replace('Peter', 'Peter\u00a0'), 'malformed_key'],
    [peter.key.replace('Peter', 'Peter\u0001'), 'malformed_key'],
    [peter.key.replace('Peter', 'Peter\ud800'), 'malformed_key'],
    [`${peter.key}\n`, 'malformed_key'],
    ['', 'malformed_key'],
    ['++', 'malformed_key'],
    [peter.signer, 'malformed_key'],
  ])('refuses %j as %s', (text, flaw) => {
    expect(parseLogKey(text)).toEqual({ rejected: flaw });
  });

  it('keep logs and witnesses apart: one seed has another id for each, and no text of one is one of the other', () => {
    const seed = new Uint8Array(32).fill(7);
    const [log, witness] = [logSigner('example.com/a', seed), witnessSigner('example.com/a', seed)];
    expect(log.keyId).not.toBe(witness.keyId);
    expect(keyOf(log).publicKey).toEqual(keyOf(witness).publicKey);
    expect(parseWitnessKey(formatKey(keyOf(log)))).toEqual({ rejected: 'other_kind_of_key' });
    expect(parseLogSigner(formatSigner(witness))).toEqual({ rejected: 'other_kind_of_key' });
    expect(key(parseWitnessSigner(formatSigner(witness)))).toEqual(witness);
    expect(key(parseWitnessKey(formatKey(keyOf(witness))))).toEqual(keyOf(witness));
    expect(witnessKey('example.com/a', keyOf(log).publicKey)).toEqual(keyOf(witness));
  });

  it('never throw on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (one, other) => {
        for (const text of [one, `${one}+01234567+${other}`, `PRIVATE+KEY+${one}+01234567+${other}`]) {
          expect([parseLogKey, parseLogSigner].map((parse) => 'key' in parse(text))).toEqual([false, false]);
        }
      }),
    );
  });

  it('are never made of a name or bytes that no text can hold: that is a bug of the caller', () => {
    expect(() => logKey('two words', new Uint8Array(32))).toThrow('key name');
    expect(() => logKey('', new Uint8Array(32))).toThrow('key name');
    expect(() => witnessKey('a+b', new Uint8Array(32))).toThrow('key name');
    expect(() => logKey('a', new Uint8Array(33))).toThrow('32 bytes');
    expect(() => logSigner('a', new Uint8Array(31))).toThrow('32 bytes');
  });
});
