import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confirmationsOf, depthOf, finalizedHeight, firstHeight } from './finality.ts';

const byDepth = { finality: { kind: 'depth', depth: 32 }, confirmations: 2 } as const;
const byTag = { finality: { kind: 'tag' }, confirmations: 12 } as const;

describe('depthOf', () => {
  it.each([
    [null, 100, 'none'],
    [101, 100, 'none'],
    [100, 100, 'included'],
    [99, 100, 'confirmed'],
    [70, 100, 'confirmed'],
    [69, 100, 'finalized'],
  ])('says of a transaction at %s with the head at %s and K = 2: %s', (height, head, depth) => {
    expect(depthOf(height, { head, finalized: finalizedHeight(head, byDepth, null) }, 2)).toBe(depth);
  });

  it('lets a final block be confirmed below K confirmations, for the chain said it is final', () => {
    expect(depthOf(100, { head: 100, finalized: 100 }, 12)).toBe('finalized');
  });

  it('never sinks while the head rises', () => {
    const order = ['none', 'included', 'confirmed', 'finalized'];
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), fc.integer({ min: 1, max: 40 }), (height, head, k) => {
        const at = (h: number) =>
          order.indexOf(depthOf(height, { head: h, finalized: finalizedHeight(h, byDepth, null) }, k));
        expect(at(head + 1)).toBeGreaterThanOrEqual(at(head));
      }),
    );
  });
});

describe('finalizedHeight', () => {
  it('counts the block itself: 32 confirmations are final', () => {
    expect(finalizedHeight(100, byDepth, null)).toBe(69);
    expect(confirmationsOf(69, 100)).toBe(32);
  });

  it('believes the tag only as far as K confirmations', () => {
    expect(finalizedHeight(100, byTag, 80)).toBe(80);
    expect(finalizedHeight(100, byTag, 89)).toBe(89);
    expect(finalizedHeight(100, byTag, 90)).toBe(89);
    expect(finalizedHeight(100, byTag, 104)).toBe(89);
    expect(finalizedHeight(100, byTag, null)).toBe(-1);
  });
});

describe('firstHeight', () => {
  it.each([
    [byDepth, null, 969],
    [byTag, 900, 900],
    [byTag, 1000, 989],
    [byTag, null, 989],
    [byTag, 0, 0],
  ])('of %j with the tag %s at block 1000 is %i', (rules, tag, height) => {
    expect(firstHeight(1000, rules, tag)).toBe(height);
  });

  it('is genesis while the chain is younger than its depth', () => {
    expect(firstHeight(3, byDepth, null)).toBe(0);
    expect(firstHeight(3, byTag, null)).toBe(0);
  });
});
