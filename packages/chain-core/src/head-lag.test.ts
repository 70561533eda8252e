import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lagsOf } from './head-lag.ts';

const at = (...heights: number[]) =>
  new Map(heights.map((height, index) => [`node ${index}`, { height, atMs: 0 }]));
const lags = (...heights: number[]) => [...lagsOf(at(...heights), 0).values()];

describe('how far endpoints are behind', () => {
  it.each([
    { heights: [100], behind: [0], what: 'one alone is behind nobody' },
    { heights: [100, 90], behind: [0, 10], what: 'of two the higher one counts' },
    { heights: [100, 100, 90], behind: [0, 0, 10], what: 'of three the second highest counts' },
    {
      heights: [1_000_000, 100, 100],
      behind: [0, 0, 0],
      what: 'one that lies about its height moves nobody out',
    },
    { heights: [100, 101, 102], behind: [1, 0, 0], what: 'a block more or less is usual' },
  ])('$what', ({ heights, behind }) => {
    expect(lags(...heights)).toEqual(behind);
  });

  it('counts nobody who told nothing for five minutes, neither against others nor himself', () => {
    const heads = new Map([
      ['gone', { height: 1_000, atMs: 0 }],
      ['here', { height: 10, atMs: 300_001 }],
    ]);
    expect(lagsOf(heads, 300_001)).toEqual(new Map([['here', 0]]));
    expect(lagsOf(heads, 300_000).get('here')).toBe(990);
  });

  it('leaves at least one with no lag at all, so that somebody is always asked', () => {
    const heights = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(heights, (all) => {
        expect(Math.min(...lags(...all))).toBe(0);
      }),
    );
  });
});
