import { expect, it } from 'vitest';
import { blockSpans } from './block-spans.ts';

it.each([
  [[], []],
  [[7], [{ from: 7, to: 7 }]],
  [[9, 7, 9], [{ from: 7, to: 9 }]],
  [
    [1, 10, 11],
    [
      { from: 1, to: 10 },
      { from: 11, to: 11 },
    ],
  ],
])('of heights %j the spans of ten are %j', (heights, spans) => {
  expect(blockSpans(heights, 10)).toEqual(spans);
});
