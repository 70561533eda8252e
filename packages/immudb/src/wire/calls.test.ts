import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CALLS } from './answers.ts';
import { decodeAnswer } from './calls.ts';

/** A field of bytes (protobuf, wire type 2); short enough for one byte of length. */
const field = (number: number, ...bytes: number[]) => [(number << 3) | 2, bytes.length, ...bytes];
const hash = Array<number>(32).fill(1);
const signature = field(4, ...field(2, 9));
const state = (...fields: number[][]) => decodeAnswer(CALLS.currentState, Buffer.from(fields.flat()));
const refusal = (answer: ReturnType<typeof state>) => ('refused' in answer ? answer.refused : null);

describe('decodeAnswer', () => {
  it('reads a whole answer', () => {
    const answer = state(field(1, 0x64), [0x10, 5], field(3, ...hash), signature);
    expect(answer).toEqual({
      read: { db: 'd', txId: 5n, txHash: Buffer.from(hash), signature: { signature: Buffer.of(9) } },
    });
  });

  it('names the field that is missing', () => {
    const answer = state(field(1, 0x64), [0x10, 5], field(3, ...hash));
    expect(refusal(answer)?.reason).toBe('malformed');
    expect(refusal(answer)?.detail).toContain('CurrentState: signature');
  });

  it('refuses a hash that is too short or too long, and does not fill it up', () => {
    for (const wrong of [hash.slice(1), [...hash, 1]]) {
      const answer = state(field(1, 0x64), [0x10, 5], field(3, ...wrong), signature);
      expect(refusal(answer)?.detail).toBe('CurrentState: txHash is no hash of 32 bytes');
    }
  });

  it('keeps a number that is beyond what Number holds', () => {
    const largest = [...Array<number>(9).fill(0xff), 1];
    const answer = state(field(1, 0x64), [0x10, ...largest], field(3, ...hash), signature);
    expect('read' in answer && answer.read.txId).toBe(2n ** 64n - 1n);
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        for (const call of Object.values(CALLS)) {
          const answer = decodeAnswer<unknown>(call, Buffer.from(bytes));
          expect('read' in answer || answer.refused.reason === 'malformed').toBe(true);
        }
      }),
    );
  });
});
