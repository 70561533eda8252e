import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createLineSplitter } from './create-line-splitter.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** The lines of what comes in pieces of so many bytes. */
function split(format: 'jsonl' | 'csv', bytes: Uint8Array, pieceBytes = bytes.length): (string | null)[] {
  const splitter = createLineSplitter(format);
  const lines: (string | null)[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes)
    lines.push(...splitter.add(bytes.subarray(at, at + pieceBytes)));
  return splitter.isUnfinished() ? [...lines, 'unfinished'] : lines;
}

it('ends a record of CSV at the line feed outside of quotes, and a line of JSONL at each', () => {
  const text = 'a,"b\nc""\n",d\n"\n"\n\n';
  expect(split('csv', bytesOf(text))).toEqual(['a,"b\nc""\n",d', '"\n"', '']);
  expect(split('jsonl', bytesOf(text))).toEqual(['a,"b', 'c""', '",d', '"', '"', '']);
  expect(split('csv', bytesOf('a\n"b\n'))).toEqual(['a', 'unfinished']);
});

it('gives the same lines however the bytes are cut', () => {
  const text = fc.array(fc.constantFrom('"', '\n', ',', 'a', 'ä')).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 4 }), (written, pieceBytes) => {
      const bytes = bytesOf(written);
      expect(split('csv', bytes, pieceBytes)).toEqual(split('csv', bytes));
    }),
  );
});

it('gives null for a line that is no UTF-8, and goes on behind it', () => {
  expect(split('csv', Uint8Array.of(0xff, 0x0a, 0x61, 0x0a))).toEqual([null, 'a']);
});

it('looks at each byte once: a record of four megabytes with a line feed in every ten bytes ends at all', () => {
  const record = `"${'abcdefghi\n'.repeat(400_000)}"`;
  expect(split('csv', bytesOf(`${record}\n`), 65_536)).toEqual([record]);
});

it('ends what is longer than any entry at a line feed, in quotes or not', () => {
  const long = bytesOf(`"${'x'.repeat(33 * 1024 * 1024)}\nb\n`);
  expect(split('csv', long, 1024 * 1024)).toEqual([null, 'b']);
});
