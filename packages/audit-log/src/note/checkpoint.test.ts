import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyRoot } from '../tree/hashes.ts';
import { formatCheckpoint, parseCheckpoint } from './checkpoint.ts';

const example = `example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
`;

describe('parseCheckpoint', () => {
  it('takes the example of C2SP tlog-checkpoint apart, and formatCheckpoint puts it together', () => {
    const parsed = parseCheckpoint(example);
    expect(parsed).toMatchObject({
      checkpoint: { origin: 'example.com/behind-the-sofa', size: 20_852_163, extensions: [] },
    });
    expect('checkpoint' in parsed && formatCheckpoint(parsed.checkpoint)).toBe(example);
  });

  it.each([
    ['no newline at the end', example.slice(0, -1), 'malformed_lines'],
    ['two lines', 'a\n1\n', 'malformed_lines'],
    ['nothing', '', 'malformed_lines'],
    ['a control character', example.replace('sofa', 'so\tfa'), 'malformed_lines'],
    ['a carriage return', example.replaceAll('\n', '\r\n'), 'malformed_lines'],
    ['an empty origin', example.replace('example.com/behind-the-sofa', ''), 'malformed_origin'],
    ['an origin of 256 bytes', example.replace(/^.*/, 'é'.repeat(128)), 'malformed_origin'],
    ['a leading zero', example.replace('20852163', '020852163'), 'malformed_size'],
    ['a sign', example.replace('20852163', '+20852163'), 'malformed_size'],
    ['hexadecimal', example.replace('20852163', '0x10'), 'malformed_size'],
    ['a power of ten', example.replace('20852163', '1e3'), 'malformed_size'],
    ['no size', example.replace('20852163', ''), 'malformed_size'],
    ['a size of 2^53', example.replace('20852163', '9007199254740992'), 'malformed_size'],
    ['a size of 2^64 and one', example.replace('20852163', '18446744073709551617'), 'malformed_size'],
    ['digits of another script', example.replace('20852163', '٣'), 'malformed_size'],
    ['a root of 31 bytes', example.replace(/\n.{44}\n/, `\n${'A'.repeat(40)}AA==\n`), 'malformed_root'],
    ['a root of 33 bytes', example.replace(/\n.{44}\n/, `\n${'A'.repeat(44)}\n`), 'malformed_root'],
    ['a root without padding', example.replace('=', ''), 'malformed_root'],
    ['bits beyond the root', example.replace('2I=', '2J='), 'malformed_root'],
    ['a root in base64url', example.replaceAll('/X', '_X'), 'malformed_root'],
    ['a space behind the root', example.replace('=', '= '), 'malformed_root'],
    ['an empty extension', `${example}\n`, 'malformed_extension'],
    ['an empty extension among others', `${example}one\n\ntwo\n`, 'malformed_extension'],
  ])('refuses %s', (_, text, flaw) => {
    expect(parseCheckpoint(text)).toEqual({ rejected: flaw });
  });

  it('takes the largest size, a tree of nothing, an origin of 255 bytes, and extensions', () => {
    const text = `${'é'.repeat(127)}a\n9007199254740991\n${'A'.repeat(43)}=\none\ntwo words\n`;
    expect(parseCheckpoint(text)).toMatchObject({
      checkpoint: { size: Number.MAX_SAFE_INTEGER, extensions: ['one', 'two words'] },
    });
    expect(parseCheckpoint(text.replace(/\n\d+\n/, '\n0\n'))).toMatchObject({ checkpoint: { size: 0 } });
  });

  it('gives back what formatCheckpoint wrote', () => {
    const line = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
    const plain = line.filter((text) => !/\p{Cc}/u.test(text));
    const checkpoints = fc.record({
      origin: plain,
      size: fc.maxSafeNat(),
      root: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      extensions: fc.array(plain, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(checkpoints, (checkpoint) => {
        expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual({ checkpoint });
      }),
    );
  });

  it('gives back the text itself of whatever it takes, so there are no two texts of one checkpoint', () => {
    const bytes = Array.from(example, (_, at) => at);
    const texts = bytes.flatMap((at) =>
      Array.from(' +0=\n/A').map((char) => Array.from(example).with(at, char).join('')),
    );
    const taken = texts.flatMap((text) => {
      const parsed = parseCheckpoint(text);
      return 'checkpoint' in parsed ? [[text, formatCheckpoint(parsed.checkpoint)]] : [];
    });
    expect(taken.length).toBeGreaterThan(100);
    expect(taken.filter(([text, again]) => text !== again)).toEqual([]);
  });
});

describe('formatCheckpoint', () => {
  it.each([
    [{ origin: '' }],
    [{ origin: 'a\n5\nb' }],
    [{ size: 2 ** 53 }],
    [{ size: -1 }],
    [{ root: new Uint8Array(31) }],
    [{ extensions: [''] }],
    [{ extensions: ['a\nb'] }],
    [{ extensions: ['\u0000'] }],
  ])('makes no checkpoint with %j: that is a bug of the caller', (change) => {
    const checkpoint = { origin: 'a', size: 1, root: emptyRoot(), extensions: [] };
    expect(() => formatCheckpoint({ ...checkpoint, ...change })).toThrow('assertion failed');
  });
});
