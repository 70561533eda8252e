import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyValue, MAX_TEXT_BYTES } from './copy-value.ts';
import { openedText } from './copy-value.fixture.ts';

const leafOf = (text: string) =>
  createHash('sha256')
    .update(Buffer.concat([Buffer.of(0), Buffer.from(text)]))
    .digest();

describe('copyValue', () => {
  it('is the leaf hash and the text, which its key opens and no other one does', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(text, fc.uint8Array({ minLength: 32, maxLength: 32 }), (said, bytes) => {
        const key = Buffer.from(bytes);
        const value = copyValue(said, key);
        expect(value.subarray(0, 32)).toEqual(leafOf(said));
        expect(openedText(value, key)).toBe(said);
        expect(() => openedText(value, randomBytes(32))).toThrow('authenticate');
        expect(value.equals(copyValue(said, key))).toBe(true);
      }),
    );
  });

  it('opens no more when any of its bytes is another', () => {
    const key = randomBytes(32);
    const value = copyValue('{"version":1}', key);
    for (let at = 0; at < value.length; at += 1) {
      const changed = Buffer.from(value);
      changed[at] = value.readUInt8(at) ^ 1;
      expect(() => openedText(changed, key)).toThrow('authenticate');
    }
  });

  it('is the leaf hash alone for a text that is too large', () => {
    const key = randomBytes(32);
    const [largest, longer] = ['x'.repeat(MAX_TEXT_BYTES), 'é'.repeat(MAX_TEXT_BYTES / 2 + 1)];
    expect(copyValue(longer, key)).toEqual(leafOf(longer));
    expect(openedText(copyValue(largest, key), key)).toBe(largest);
  });
});
